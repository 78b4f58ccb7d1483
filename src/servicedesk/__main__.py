"""The program's start: alone it opens the desks without loading the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

FLAGS = {"--database": "database", "--as": "login", "--lang": "language"}
"""The settings that may be given before any command."""

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with these words, else with those of the command line; gives the exit code."""
    # Bytes of another encoding come in as lone surrogates, which can be neither kept nor shown.
    given = sys.argv[1:] if arguments is None else arguments
    words = [os.fsencode(word).decode("utf-8", "replace") for word in given]
    flags = flags_alone(words)
    try:
        if flags is None:
            from servicedesk.cli.program import run

            return run(words)
        from servicedesk.cli.desks import open_desks

        return open_desks(flags)
    except KeyboardInterrupt:
        return INTERRUPTED


def flags_alone(words: Sequence[str]) -> dict[str, str] | None:
    """The settings given, where nothing else is: then the desks are meant."""
    flags: dict[str, str] = {}
    ahead = list(words)
    while ahead:
        name, mark, value = ahead.pop(0).partition("=")
        if name not in FLAGS or not (mark or ahead):
            return None
        flags[FLAGS[name]] = value if mark else ahead.pop(0)
    return flags


if __name__ == "__main__":
    sys.exit(main())
