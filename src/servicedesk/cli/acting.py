"""`acts` and `act`: everything people do, by name, with the same rules and sentences as on screen."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from servicedesk.cli.common import (
    STANDARD_INPUT,
    Session,
    ask_secret,
    print_json,
    read_input,
    session,
)
from servicedesk.domain.numbering import (
    CALL,
    CLOSING_SHEET,
    COMPLAINT,
    GOODS_LINE,
    JOB_SHEET,
    RECEIPT,
    REPAIR_CARD,
    REQUISITION,
    SUPERVISOR_REPORT,
    TECHNICIAN_REPORT,
)
from servicedesk.domain.rights import ROLES, Actor
from servicedesk.domain.words import Refused, Sentence, label, say

if TYPE_CHECKING:
    from servicedesk.acts.act import Act, Done, Target
    from servicedesk.store.engine import Books

LETTERS = {
    "calls": CALL,
    "charges": CALL,
    "receipts": RECEIPT,
    "goods": GOODS_LINE,
    "cards": REPAIR_CARD,
    "requisitions": REQUISITION,
    "job_sheets": JOB_SHEET,
    "complaints": COMPLAINT,
    "reports": TECHNICIAN_REPORT,
    "days": CLOSING_SHEET,
    "supervisor_reports": SUPERVISOR_REPORT,
}
"""By which letter the number of a register's paper may be shortened."""
OWN_UNIT = "."
"""Instead of a unit's code: the unit of who acts."""


def add_to(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.command("acts")(list_acts)
    app.command("act")(do)


def list_acts(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help=label("As JSON."))] = False,
) -> None:
    """Every act with its fields and who may do it."""
    from servicedesk.acts.act import all_acts

    described = [_described(act) for act in all_acts()]
    if as_json:
        print_json(described)
        return
    words = session(context).words
    for act in described:
        roles = words.joined(words(ROLES[role]) for role in act["who"])
        many = f" [{words(label('NUMBER'))}…]" if act["many"] else f" [{words(label('NUMBER'))}]" if act["on"] else ""
        typer.echo(f"{act['name']}{many}  {words(act['label'])}; {roles}")
        for asked in act["fields"]:
            options = f" ({', '.join(asked['options'])})" if asked["options"] else ""
            needed = "" if asked["required"] else "  ?"
            typer.echo(f"    {asked['name']}  {asked['kind']}{needed}  {words(asked['label'])}{options}")


def _described(act: Act[Any]) -> dict[str, Any]:
    from servicedesk.acts.entry import asks

    return {
        "name": act.name,
        "label": act.rule.label,
        "on": act.book.name if act.book is not None else "",
        "many": act.many,
        "who": list(act.rule.grants),
        "fields": [
            {
                "name": name,
                "kind": ask.kind,
                "label": ask.label,
                "options": list(ask.options),
                "lookup": ask.lookup,
                "required": act.entry.model_fields[name].is_required(),
            }
            for name, ask in asks(act.entry).items()
        ],
    }


def do(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=label("The act's name; 'servicedesk acts' lists them."))],
    words: Annotated[
        list[str] | None,
        typer.Argument(help=label("Numbers of papers, or - to read them from standard input; then field=value.")),
    ] = None,
    json_file: Annotated[
        str, typer.Option("--json", help=label("A JSON object of fields; - for standard input."))
    ] = "",
    request: Annotated[
        str, typer.Option(help=label("A name of this request: a retry with it is never saved twice."))
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=label("Try it, and write nothing."))] = False,
) -> None:
    """Do an act."""
    from servicedesk.acts.act import find

    act = find(name)
    numbers, fields = split_words(words or [], json_file)
    perform_here(session(context), act, numbers, fields, request=request, dry_run=dry_run)


def perform_here(
    run: Session,
    act: Act[Any],
    numbers: Sequence[str],
    fields: Mapping[str, Any],
    *,
    request: str = "",
    dry_run: bool = False,
) -> None:
    """Do one act: on many numbers all or none where the act takes many, else one by one until the first refusal."""
    from servicedesk.acts.act import Target

    fields = {**fields, **_secrets(run, act, fields)}
    with run.signed_in() as (books, actor):
        targets = [Target(_number(books, actor, act, typed, run)) for typed in numbers]
        together = act.many or len(targets) < 2
        for portion in [targets] if together else [[target] for target in targets]:
            own = request or uuid.uuid4().hex
            once = _Once(act, portion, fields, own if together else f"{own}:{portion[0].number}")
            _tell(run, _rehearse(run, books, actor, once) if dry_run else _perform(run, books, actor, once), dry_run)


@dataclass(frozen=True)
class _Once:
    act: Act[Any]
    targets: Sequence[Target]
    fields: Mapping[str, Any]
    request: str


class _Rehearsed(Exception):
    """Takes a rehearsed act back."""


def _perform(run: Session, books: Books, actor: Actor, once: _Once) -> Done:
    from servicedesk.acts.act import perform

    return perform(books, actor.login, once.act, once.targets, once.fields, request=once.request, now=run.now())


def _rehearse(run: Session, books: Books, actor: Actor, once: _Once) -> Done:
    """The whole act, taken back at its end."""
    from servicedesk.acts.act import carry_out
    from servicedesk.acts.desk import Desk

    done: list[Done] = []
    try:
        with books.writing() as writing:
            desk = Desk(books, writing, actor.login, run.now())
            done.append(carry_out(desk, once.act, once.targets, once.fields, once.request))
            raise _Rehearsed
    except _Rehearsed:
        return done[0]


def _tell(run: Session, done: Done, dry_run: bool) -> None:
    """The numbers are data, the sentence is talk."""
    if dry_run:
        run.say(say("Nothing was written. It would be: {sentence}", sentence=done.sentence))
        return
    for number in done.numbers:
        typer.echo(number)
    run.say(done.sentence)


def split_words(words: Sequence[str], json_file: str = "") -> tuple[list[str], dict[str, Any]]:
    """Numbers, and fields as typed; `-` takes the numbers from standard input.

    Raises:
        Refused: for a field given twice, or JSON that is no object.
    """
    numbers: list[str] = []
    fields = _from_json(json_file) if json_file else {}
    for word in words:
        name, mark, value = word.partition("=")
        if mark and name.isidentifier():
            if name in fields:
                raise Refused(say("{field} is given twice.", field=name), field=name)
            fields[name] = value
        elif word == STANDARD_INPUT:
            if json_file == STANDARD_INPUT:
                raise Refused(say("Standard input cannot be both the numbers and the fields."))
            numbers += read_input(STANDARD_INPUT).split()
            if not numbers:
                raise Refused(say("No numbers came in: nothing was done."))
        else:
            numbers.append(word)
    return numbers, fields


def _from_json(path: str) -> dict[str, Any]:
    try:
        fields = json.loads(read_input(path))
    except json.JSONDecodeError as fault:
        raise Refused(
            say("The JSON cannot be read: line {line}, column {column}.", line=fault.lineno, column=fault.colno)
        ) from None
    if not isinstance(fields, dict):
        raise Refused(say("The JSON must be one object of fields: {example}", example='{"technician": "li"}'))
    return fields


def _secrets(run: Session, act: Act[Any], fields: Mapping[str, Any]) -> dict[str, str]:
    """Secrets that an act requires are asked for at the terminal; in the words of a command everybody could read them.

    Raises:
        Refused: where one was given as a word.
    """
    from servicedesk.acts.entry import asks

    asked = {}
    for name, ask in asks(act.entry).items():
        if ask.kind != "secret":
            continue
        if name in fields:
            sentence = say("{field} is typed at the terminal, never given in a command.", field=Sentence(ask.label))
            raise Refused(sentence, field=name)
        if act.entry.model_fields[name].is_required():
            asked[name] = ask_secret(f"{run.words(ask.label)}: ")
    return asked


def _number(books: Books, actor: Actor, act: Act[Any], typed: str, run: Session) -> str:
    """`29` means the twenty-ninth call of the open page, as on screen."""
    if act.book is None:
        sentence = say("'{act}' takes no number, only field=value: {word}", act=Sentence(act.rule.label), word=typed)
        raise Refused(sentence)
    if act.book.name == "units":
        return actor.unit if typed == OWN_UNIT else typed.upper()
    letter = LETTERS.get(act.book.name)
    return typed if letter is None else expanded(books, actor, typed, run, letter)


def expanded(books: Books, actor: Actor, typed: str, run: Session, letter: str = CALL) -> str:
    """The whole number of a paper of this letter meant by a short one, else what was typed."""
    from servicedesk.acts.desk import Look

    with books.reading() as reading:
        return Look(books, reading, actor.login, run.now()).whole_number(typed, letter=letter) or typed
