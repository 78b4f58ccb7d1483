"""The fortnight in which a technician, the supervisor and the manager press keys leaves the rows of the one without."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from servicedesk.store import audit
from tests.end_to_end.fortnight import play
from tests.end_to_end.fortnight_by_keys import BY_KEYS, WAYS, play_by_keys
from tests.end_to_end.test_fortnight import everything
from tests.world import World

CALLS_A_DAY, SEED = 10, 1010
"""In this fortnight every way of `WAYS` is gone; one of forty calls a day leads through the same screens for longer."""
WHERE_ONE_IS = {"places", "presences"}
"""Filter and cursor of each list, and who has which paper open: only a screen writes them, and nothing is read of it
for a paper."""
NEVER_THE_SAME = {"request", "digest", "mac", "salt"}
"""Of the audit log: a request has a random name, a line a random salt, and every sum from there on has both in it."""
OF_THE_LOG = re.compile(r'"audit_head": "[0-9]+:[0-9a-f]+"')
"""Such a sum, where a closed day keeps it."""


def test_by_keys_the_fortnight_leaves_the_rows_that_the_acts_leave(
    sqlite_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    beside = tmp_path / "acts.db"
    shutil.copyfile(sqlite_template, beside)
    by_acts = play(f"sqlite:///{beside}", CALLS_A_DAY, SEED)
    by_keys = play_by_keys(sqlite_url, CALLS_A_DAY, SEED)
    try:
        pressed = Counter(line["act"] for line in log(by_keys) if line["actor"] in BY_KEYS)
        assert set(pressed) == set(WAYS), set(pressed) ^ set(WAYS)
        left, wanted = everything(by_keys), everything(by_acts)
        assert {name for name in left if left[name] != wanted[name]} <= WHERE_ONE_IS
        for ours, theirs in zip(log(by_keys), log(by_acts), strict=True):
            assert ours == theirs
        assert by_keys.read(audit.verify).fault is None
    finally:
        by_acts.close()
        by_keys.close()


def log(world: World) -> list[dict[str, Any]]:
    """The audit log with what each line says in full, but for what is never the same."""
    lines = world.read(lambda reading: list(audit.lines(reading)))
    names = [name for name in lines[0].__slots__ if name not in NEVER_THE_SAME]
    found = [{name: getattr(line, name) for name in names} for line in lines]
    return [{**line, "detail": OF_THE_LOG.sub("", line["detail"])} for line in found]
