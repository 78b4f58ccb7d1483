"""The command line as a whole: its settings, its commands, and how every run ends.

A command's module is imported when the command is run or asked for its help, not before.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from servicedesk import __version__
from servicedesk.domain.words import Refused, label, say

if TYPE_CHECKING:
    from servicedesk.locales import Words

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("demo", label("Try the program with sample books, thrown away afterwards.")),
    "init": ("setup", label("Make new books: the first unit and its administrator.")),
    "acts": ("acting", label("Every act with its fields and who may do it.")),
    "act": ("acting", label("Do an act: act calls.dispatch 29 technician=li.")),
    "list": ("registers", label("A register: calls, customers, staff, units.")),
    "show": ("papers", label("A call, customer or voucher with its papers.")),
    "print": ("printing", label("A paper on screen, as text, as HTML or to the line printer.")),
    "report": ("reporting", label("Hand in the own day as text: a line each, 930-1015 d parts count.")),
    "analysis": ("analysis", label("Complaints counted by cause, product, technician … with the records behind.")),
    "search": ("registers", label("Calls and customers by words, digits or pinyin.")),
    "staff": ("staff", label("The people of the department.")),
    "calendar": ("calendars", label("The working days of the units.")),
    "import": ("imports", label("Take in a CSV file: customers, products, districts …")),
    "export": ("export", label("A whole register as a CSV, Excel or JSON file.")),
    "audit": ("audits", label("The audit log.")),
    "close-day": ("closing", label("Close the register days that are over; for cron.")),
    "tick": ("ticking", label("Let what is due happen by the clock alone; for cron.")),
    "db": ("database", label("The books as a whole: state, backup, restore, upgrade.")),
    "keys": ("places", label("Every key of every screen.")),
    "where": ("places", label("Where the books, settings, drafts and the log are.")),
}
"""Each command with its module beneath this package and what it is for."""


class Program(TyperGroup):
    """The commands, found by name; every refusal ends here with its sentence on stderr and its exit code."""

    def __init__(self, **options: Any) -> None:
        """See `TyperGroup`; the commands are those of `COMMANDS`."""
        super().__init__(**options)
        self.words = asked_words(sys.argv)
        _translate(self, self.words)
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment]  # the names, for "did you mean"

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One command, its help in the person's language."""
        if cmd_name not in COMMANDS:
            return None
        module, purpose = COMMANDS[cmd_name]
        holder = typer.Typer(rich_markup_mode=None, callback=_nothing)
        importlib.import_module(f"servicedesk.cli.{module}").add_to(holder)
        command = typer.main.get_group(holder).commands[cmd_name]
        command.help = purpose
        _translate(command, self.words)
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands in the help; none is loaded for it."""
        with formatter.section(self.words(label("Commands"))):
            formatter.write_dl([(name, self.words(purpose)) for name, (_, purpose) in COMMANDS.items()])

    def invoke(self, ctx: Any) -> Any:
        """Run one command."""
        try:
            return super().invoke(ctx)
        except Refused as refused:
            from servicedesk.cli.desks import exit_code, tell_refusal

            tell_refusal(refused, getattr(ctx.obj, "words", self.words))
            raise typer.Exit(exit_code(refused)) from None


REFUSED = 1

app = typer.Typer(
    name="servicedesk",
    cls=Program,
    help=label("The paper of an after-sales department. Without a command it opens the desks."),
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"servicedesk {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    database: Annotated[
        str | None, typer.Option(help=label("The SQLite file or the address postgresql://… of the books."))
    ] = None,
    login: Annotated[str | None, typer.Option("--as", help=label("Who acts."))] = None,
    language: Annotated[str | None, typer.Option("--lang", help="en, zh_CN, zh_TW")] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=label("Show the version."))
    ] = False,
) -> None:
    """Read the settings; without a command open the desks."""
    from servicedesk.cli.common import Session
    from servicedesk.cli.desks import show
    from servicedesk.config import load

    context.obj = Session(load({"database": database, "login": login, "language": language}), context.obj)
    if context.invoked_subcommand is None:
        raise typer.Exit(show(context.obj.settings))


def run(arguments: Sequence[str], clock: Callable[[], datetime] | None = None) -> int:
    """Run one command line, at another time than the machine's where a clock is given; gives its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character gets a question mark, never a crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        typer.main.get_command(app).main(list(arguments), prog_name="servicedesk", obj=clock)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except OSError as fault:
        if fault.errno not in (errno.ENOSPC, errno.EIO):
            raise
        words = asked_words(arguments)
        sys.stderr.write(words(say("The output cannot be written: {reason}.", reason=fault.strerror or "")) + "\n")
        return REFUSED
    return 0


def asked_words(arguments: Sequence[str]) -> Words:
    """The language of `--lang`, where it is one, else that of the environment; the settings are not read for help."""
    from servicedesk.locales import Words, choose_language, language_of

    named = next((word for name, word in pairwise(arguments) if name == "--lang"), "")
    return Words(language_of(named) or choose_language(None, os.environ))


def _nothing() -> None:
    """Makes a group of a single command, so that it has a name."""


def _translate(command: Any, words: Words) -> None:
    command.help = words(" ".join((command.help or "").split()))
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = words(parameter.help)
    for inner in getattr(command, "commands", {}).values():
        _translate(inner, words)
