"""Running the desks: the environment first, then Textual."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from datetime import datetime

from servicedesk.config import Settings, where
from servicedesk.tui.environment import prepare_environment

BETWEEN_COLLECTIONS = 3_000
"""So many more objects than before are made until the youngest are looked through for what nobody reaches."""


def run(
    settings: Settings,
    login: str | None = None,
    clock: Callable[[], datetime] | None = None,
    make: Callable[[], None] | None = None,
) -> int:
    """Open the desks and give the exit status: 0, 1 refused or fault, 3 books out of reach, 128 + n after signal n.

    `make` makes the books, where they are to be made behind the first frame.
    """
    prepare_environment()
    # A collection would find nothing in what is being imported, and look through all of it again and again.
    gc.disable()
    from servicedesk.tui.app import ServiceDesk

    gc.freeze()
    gc.enable()
    # A page is drawn of some thousand objects that are gone with it: looking through them after every 700 finds little.
    gc.set_threshold(BETWEEN_COLLECTIONS)
    app = ServiceDesk(settings, login, clock, make=make)
    app.log_folder = where()["log"]
    try:
        code = app.run_to_end(mouse=settings.mouse)
    finally:
        app.door.close()
    if app.refusal is not None:
        sys.stderr.write(app.words(app.refusal.sentence) + "\n")
    return code
