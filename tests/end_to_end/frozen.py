"""The desks of one person at the time that stands in a file: `frozen.py DATABASE LOGIN FILE`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from servicedesk.config import Settings
from servicedesk.tui.run import run


def main(database: str, login: str, clock: str) -> int:
    """Open them; gives the exit code."""
    return run(
        Settings(database=database, language="en"), login, lambda: datetime.fromisoformat(Path(clock).read_text())
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
