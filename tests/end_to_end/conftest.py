"""Books that many tests look at and none of them needs for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.hostile import WORSE, poison
from tests.end_to_end.hostile_books import Ends, busy
from tests.world import World


@pytest.fixture(scope="session")
def hostile_department(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[World, Ends]:
    """A department of which all that people wrote is at its worst; by its acts nobody changes anything there."""
    path = tmp_path_factory.mktemp("hostile") / "servicedesk.db"
    path.write_bytes(sqlite_template.read_bytes())
    path.chmod(0o660)
    world, ends = busy(f"sqlite:///{path}")
    poison(world, WORSE)
    world.close()
    return world, ends
