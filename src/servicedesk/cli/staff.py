"""`staff`: short ways to the acts that keep the people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from servicedesk.cli.acting import perform_here, split_words
from servicedesk.cli.common import session
from servicedesk.cli.registers import list_register
from servicedesk.domain.words import label

_FIELDS = typer.Argument(help=label("field=value; 'servicedesk acts' lists the fields."))
_LOGIN = typer.Argument(help=label("Whose."))


def add_to(app: typer.Typer) -> None:
    """Put the commands into the program."""
    group = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
    group.command("list", help=label("Everybody, by login."))(list_staff)
    group.command("enter", help=label("Enter a person: enter login=li name=… unit=SZ roles=technician."))(enter)
    for name, help_text in (
        ("correct", label("Correct a person; active=no for one who leaves.")),
        ("reset", label("Give a person a new passphrase.")),
        ("stand-in", label("Name a stand-in: stand-in li role=supervisor stand_in=wang begins=… ends=….")),
        ("absence", label("Enter an absence: absence li begins=… ends=… reason=….")),
        ("shift", label("Set the hours of one day: shift li day=… hours=12:00-20:00.")),
    ):
        group.command(name, help=help_text)(_on_person(f"staff.{name.replace('-', '_')}"))
    group.command("passphrase", help=label("Change one's own passphrase."))(passphrase)
    app.add_typer(group, name="staff")


def list_staff(
    context: typer.Context,
    unit: Annotated[str, typer.Option(help=label("Of this unit alone."))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=label("As JSON."))] = False,
) -> None:
    """Everybody, by login."""
    list_register(session(context), "staff", unit=unit, as_json=as_json)


def enter(context: typer.Context, fields: Annotated[list[str], _FIELDS]) -> None:
    """Enter a person."""
    _act(context, "staff.enter", [], fields)


def passphrase(context: typer.Context) -> None:
    """Change one's own passphrase."""
    _act(context, "staff.passphrase", [], [])


def _on_person(act: str) -> Callable[..., None]:
    def command(
        context: typer.Context,
        login: Annotated[str, _LOGIN],
        fields: Annotated[list[str] | None, _FIELDS] = None,
    ) -> None:
        _act(context, act, [login], fields or [])

    return command


def _act(context: typer.Context, name: str, numbers: list[str], words: list[str]) -> None:
    from servicedesk.acts.act import find

    others, fields = split_words(words)
    perform_here(session(context), find(name), [*numbers, *others], fields)
