"""Where a rendered paper goes: into a file, or to the line printer."""

from __future__ import annotations

import subprocess
from pathlib import Path

from servicedesk.domain.words import Refused, say

_COMMAND = ("lp", "-s", "-")
_PATIENCE = 60


def to_printer(text: str) -> None:
    """Hand the text to `lp`.

    Raises:
        Refused: where there is no printer, or it does not take it.
    """
    try:
        done = subprocess.run(
            ["lp", "-s", "-"], input=text.encode(), capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise Refused(say("The line printer cannot be reached: is 'lp' installed and set up?")) from fault
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip()
        raise Refused(say("The line printer refused: {reason}", reason=reason))


def to_file(path: Path, text: str) -> None:
    """Write the text into a file that only its owner reads (0600): it may name customers.

    Raises:
        Refused: where it cannot be written.
    """
    try:
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise Refused(
            say("{path} cannot be written: {reason}.", path=str(path), reason=fault.strerror or "")
        ) from fault
