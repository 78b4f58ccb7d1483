"""The door to the books: what a form asks goes before what lists read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC

import pytest

from servicedesk.config import Settings
from servicedesk.tui import door as doors
from servicedesk.tui.door import Door
from tests.world import PASSPHRASE, World


@pytest.fixture
async def door(sqlite_url: str) -> AsyncIterator[Door]:
    world = World(sqlite_url)
    opened = Door(Settings(sqlite_url), lambda: world.now.astimezone(UTC))
    await opened.open()
    await opened.sign_in("lin", PASSPHRASE)
    yield opened
    opened.close()
    world.close()


async def test_lists_read_once_the_form_stands(door: Door) -> None:
    door.form_comes()
    read = asyncio.create_task(door.look(lambda look: look.actor.login))
    prepared = await door.prepare("calls.log", (), {})
    assert prepared.values["channel"] == "telephone"
    assert await door.look(lambda look: look.currency, of_form=True) == "CNY"
    assert not read.done()
    door.form_stands()
    assert await read == "lin"


async def test_lists_do_not_wait_for_ever(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "LONGEST_PUT_OFF", 0.01)
    door.form_comes()
    assert await door.look(lambda look: look.actor.login) == "lin"
