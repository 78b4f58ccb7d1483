"""What has to be settled before Textual is imported; standard library only."""

from __future__ import annotations

import os
from collections.abc import Mapping

from servicedesk.domain.words import Sentence, say

_SETTINGS = {
    # With the Kitty protocol on, several terminals lose what an input method composes.
    "TEXTUAL_DISABLE_KITTY_KEY": "1",
    # Each frame of an animation is bytes over a slow line.
    "TEXTUAL_ANIMATIONS": "none",
}
COLOURS = "ansi-dark"
"""The theme of the terminal's own colours: fewer bytes over a slow line, and the palette the person has chosen."""


def prepare_environment() -> None:
    """Set Textual's switches, which it reads once while it is imported; what the user has set stays."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    if "NO_COLOR" not in os.environ:
        # From the start: with a theme that is changed later every style sheet is read twice more.
        os.environ.setdefault("TEXTUAL_THEME", COLOURS)


def terminal_refusal(environ: Mapping[str, str]) -> Sentence | None:
    """Why the screens cannot be shown on this terminal, or None where they can."""
    kind = environ.get("TERM", "")
    if kind == "dumb":
        return say(
            "This terminal cannot show screens: its TERM is dumb. "
            "Use the command line instead; `servicedesk --help` lists the commands."
        )
    if not kind:
        return say(
            "This terminal cannot show screens: its TERM is not set. "
            "Use the command line instead; `servicedesk --help` lists the commands."
        )
    return None
