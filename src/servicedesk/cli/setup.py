"""`init`: new books with their first unit and administrator, and the way from there to the first dispatch."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from servicedesk.cli.common import Session, ask_secret, read_input, session
from servicedesk.domain.words import Refused, label, say

_ZONE = "Asia/Shanghai"
_LOCAL_TIME = "/etc/localtime"


def add_to(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("init")(init)


def init(
    context: typer.Context,
    unit: Annotated[str, typer.Option(help=label("Two to four letters that stand on the unit's papers."))] = "",
    unit_name: Annotated[str, typer.Option(help=label("The unit's name."))] = "",
    kind: Annotated[str, typer.Option(help="customer_department, service_centre, branch")] = "customer_department",
    timezone: Annotated[str, typer.Option(help=label("Time zone, such as Asia/Shanghai."))] = "",
    country: Annotated[str, typer.Option(help=label("Country of the holidays, two letters."))] = "CN",
    login: Annotated[str, typer.Option(help=label("The administrator's login."))] = "",
    name: Annotated[str, typer.Option(help=label("The administrator's name."))] = "",
    os_user: Annotated[
        str, typer.Option(help=label("The account of this machine that is the administrator's alone; none without it."))
    ] = "",
    passphrase_file: Annotated[
        str, typer.Option(help=label("Read the passphrase from this file's first line; - for standard input."))
    ] = "",
) -> None:
    """Make new books; asks for what is not given."""
    from servicedesk.acts.sign_in import first_administrator

    run = session(context)
    unit = unit or _ask(run, label("Letters of the first unit"), "--unit", "CD")
    unit_name = unit_name or _ask(run, label("Name of the unit"), "--unit-name", "Customer Department")
    timezone = timezone or _ask(run, label("Time zone"), "--timezone", local_zone())
    login = login or _ask(run, label("Login of the administrator"), "--login", "admin")
    name = name or _ask(run, label("Name of the administrator"), "--name", login)
    passphrase = _passphrase(run, passphrase_file)
    with run.books() as books:
        actor = first_administrator(
            books,
            login,
            name,
            passphrase,
            unit,
            unit_name,
            timezone,
            os_user,
            run.now(),
            kind=kind,
            country=country.upper(),
        )
    run.say(say("The books are made: {path}", path=run.settings.database))
    run.say(say("From here to the first dispatch:"))
    for command in walk(run, actor.login, timezone):
        typer.echo(command)


def walk(run: Session, administrator: str, timezone: str) -> list[str]:
    """The commands that lead to the first dispatch, as they can be typed."""
    start = ["servicedesk", "--database", run.settings.database]
    steps = (
        (administrator, f"act units.enter code=SZ name=Shenzhen kind=branch timezone={timezone}"),
        (administrator, "act districts.set name=Futian zone=urban unit=SZ"),
        (administrator, "staff enter login=chen name=Chen unit=SZ roles=clerk"),
        (administrator, "staff enter login=wu name=Wu unit=SZ roles=supervisor"),
        (administrator, "staff enter login=li name=Li unit=SZ roles=technician"),
        (
            "chen",
            "act calls.log customer='Wang Xiaoming' telephone=13812345678 district=Futian "
            "address='Futian, Shennan Road 100' model_no=KFR-35GW symptom='does not cool'",
        ),
        ("wu", "act calls.dispatch 1 technician=li"),
    )
    return [f"{shlex.join([*start, '--as', login])} {command}" for login, command in steps]


def local_zone() -> str:
    """The machine's time zone by its IANA name, else that of China."""
    zone = os.environ.get("TZ", "").removeprefix(":")
    if not zone:
        _, _, zone = os.path.realpath(_LOCAL_TIME).partition("zoneinfo/")
    return zone if "/" in zone and not zone.startswith("Etc/") else _ZONE


def _ask(run: Session, asked: str, option: str, default: str) -> str:
    """One answer at the terminal.

    Raises:
        Refused: where nobody is there to answer.
    """
    if not sys.stdin.isatty():
        raise Refused(say("{option} is missing.", option=option))
    answer: str = typer.prompt(run.words(asked), default=default, err=True)
    return answer


def _passphrase(run: Session, file: str) -> str:
    if file:
        if file != "-" and not Path(file).is_file():
            raise Refused(say("There is no file {path}.", path=file))
        return read_input(file).split("\n", 1)[0].rstrip("\r")
    first = ask_secret(run.words(label("Passphrase, at least 12 characters: ")))
    if ask_secret(run.words(label("The same again: "))) != first:
        raise Refused(say("The two passphrases are not the same."), field="passphrase")
    return first
