"""A program with nothing but one form, over real books."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any

from textual.pilot import Pilot

from servicedesk.acts.act import Done
from servicedesk.config import Settings
from servicedesk.domain.words import Sentence
from servicedesk.tui.door import Door
from servicedesk.tui.drafts import Draft
from servicedesk.tui.form import FormScreen
from servicedesk.tui.terminal import RobustApp
from tests.world import PASSPHRASE, World


class FormHost(RobustApp):
    """Shows one form at a time and remembers what it gave."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.door = door
        self.done: list[Done | None] = []
        self.told: list[str] = []

    def words(self, sentence: str | Sentence) -> str:
        return self.door.words(sentence)

    def notify(self, message: str, **options: Any) -> None:
        """Remember it, too."""
        self.told.append(message)
        super().notify(message, **options)


class Forms:
    """The form and the keys pressed into it."""

    def __init__(self, pilot: Pilot[None], host: FormHost, world: World) -> None:
        self.pilot = pilot
        self.host = host
        self.world = world

    async def open(
        self,
        act: str,
        rows: Sequence[Any] = (),
        typed: Mapping[str, str] | None = None,
        draft: Draft | None = None,
    ) -> FormScreen:
        """A form, with what the books know filled in."""
        form = FormScreen(act, rows, typed, draft)
        await self.host.push_screen(form, self.host.done.append)
        await self.settle()
        return form

    async def settle(self) -> None:
        """Until every question to the books is answered and drawn."""
        while True:
            await self.pilot.pause()
            waiting = [worker for worker in self.host.workers if not worker.is_finished]
            if not waiting:
                return
            await self.host.workers.wait_for_complete(waiting)

    async def keys(self, *keys: str) -> int:
        """Keys pressed, each after what came before has settled; gives their number."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()
        return len(keys)

    async def type(self, text: str) -> None:
        """Text of any script, as an input method gives it."""
        from textual import events

        for character in text:
            self.host.post_message(events.Key(character, character))
        await self.settle()

    def shown(self) -> str:
        """What stands on the screen."""
        from rich.text import Text

        lines = self.host.screen._compositor.render_strips()
        return "\n".join(Text("".join(segment.text for segment in strip)).plain.rstrip() for strip in lines)


@asynccontextmanager
async def forms(world: World, database: str, login: str = "lin") -> AsyncIterator[Forms]:
    """Forms of this person over these books, at the world's clock."""
    door = Door(Settings(database), lambda: world.now.astimezone(UTC))
    await door.open()
    await door.sign_in(login, PASSPHRASE)
    host = FormHost(door)
    try:
        async with host.run_test(size=(80, 24)) as pilot:
            yield Forms(pilot, host, world)
    finally:
        door.close()
