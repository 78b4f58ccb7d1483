"""How the app asks for an act: its form or its one question, one at a time, and what was left unfinished."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from servicedesk.domain.rulebook import RULES
from servicedesk.domain.words import Refused, Sentence, say
from servicedesk.tui.background import begin
from servicedesk.tui.door import NOBODY, Door
from servicedesk.tui.screen import NOTHING_TYPED, DeskScreen
from servicedesk.tui.terminal import RobustApp

if TYPE_CHECKING:
    from servicedesk.acts.act import Done
    from servicedesk.store.session import Writing

NAMED = 6


class AskingApp(RobustApp):
    """An app with a door to the books, in which acts are asked for."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.door = door
        self._acting = False

    def words(self, said: str | Sentence) -> str:
        """A label or a sentence in the person's language."""
        return self.door.words(said)

    def say(self, sentence: Sentence) -> None:
        """Show what was done for a few seconds."""
        self.clear_notifications()
        self.tell(sentence)

    def refuse(self, refused: Refused) -> None:
        """Show why something was not done."""
        self.clear_notifications()
        self.notify(self.words(refused.sentence), severity="warning", markup=False)

    def save_drafts(self) -> None:
        """Keep every form that is open; also called from another thread when the terminal is lost."""
        from servicedesk.tui.form import FormScreen

        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, FormScreen):
                    screen.save_now()

    def refresh_rows(self) -> None:
        """Let the page in front read again; the others do when they come to the front."""
        screen = self.screen
        if isinstance(screen, DeskScreen) and self.door.actor is not NOBODY:
            screen.refresh_rows()

    def start_act(
        self,
        screen: DeskScreen,
        act: str,
        rows: Sequence[Any],
        typed: Mapping[str, str] = NOTHING_TYPED,
        *,
        at_once: bool = False,
    ) -> None:
        """Ask for an act in the background, one at a time; it goes on when the screen is left meanwhile."""

        async def asked() -> None:
            done = await (self._do_at_once(act, rows) if at_once else self.ask(act, rows, typed))
            if done is not None and screen.is_attached:
                screen.after_act(done)

        self.start_work(asked)

    def start_work(self, work: Callable[[], Awaitable[None]]) -> None:
        """Work that writes for the person, once somebody sits here; one at a time, and what refuses it is shown."""

        async def worked() -> None:
            try:
                # What is typed before the books are open is not lost.
                await self.door.seated.wait()
                await work()
            except Refused as refused:
                self.refuse(refused)
            finally:
                self._acting = False

        if not self._acting:
            self._acting = True
            begin(self, worked, group="acts")

    async def ask(self, act: str, rows: Sequence[Any], typed: Mapping[str, str] = NOTHING_TYPED) -> Done | None:
        """Show the form of an act, or its one question, and wait for the answer; inside a worker.

        Raises:
            Refused: when there is no such act.
        """
        done: Done | None
        self.door.form_comes()
        try:
            declared = await self.door.declared(act)
            if declared.entry.model_fields:
                from servicedesk.tui.form import FormScreen

                done = await self.push_screen_wait(FormScreen(act, rows, typed, None))
            else:
                self.door.form_stands()
                done = await self._confirm(act, rows)
        finally:
            self.door.form_stands()
        if done is not None:
            self.say(done.sentence)
            self.refresh_rows()
        return done

    async def _do_at_once(self, act: str, rows: Sequence[Any]) -> Done:
        """An act that its own key undoes asks nothing."""
        done = await self.perform(act, rows)
        self.say(done.sentence)
        self.refresh_rows()
        return done

    async def _confirm(self, act: str, rows: Sequence[Any]) -> Done | None:
        """An act that asks nothing else is done after one yes that names the papers."""
        from servicedesk.tui.confirm import Confirm

        papers = tuple(f"{row.number} {getattr(row, 'customer_name', '')}".rstrip() for row in rows[:NAMED])
        question = say("{act}: {papers}?", act=Sentence(RULES[act].label), papers=papers)
        if len(rows) > NAMED:
            more = len(rows) - NAMED
            question = say("{act}: {papers} and {more} more?", act=Sentence(RULES[act].label), papers=papers, more=more)
        return await self.perform(act, rows) if await self.push_screen_wait(Confirm(question)) else None

    async def perform(self, act: str, rows: Sequence[Any]) -> Done:
        """Do an act that asks nothing to rows as the person sees them."""
        from servicedesk.acts.act import Target

        targets = [Target(row.number, row.version) for row in rows]
        return await self.door.perform(act, targets, {}, uuid.uuid4().hex)

    def open_drafts(self) -> None:
        """The unfinished forms; the one chosen opens as it was left."""
        from servicedesk.tui.drafts import Draft, Drafts, DraftsScreen, folder_of

        def chosen(draft: Draft | None) -> None:
            if draft is not None:
                from servicedesk.tui.form import FormScreen

                self.push_screen(FormScreen(draft.act, (), None, draft), self._written)

        drafts = Drafts(folder_of(self.door.settings.database), self.door.login)
        if drafts.all():
            self.push_screen(DraftsScreen(drafts), chosen)
        else:
            self.say(say("There are no unfinished forms."))

    def _written(self, done: Done | None) -> None:
        if done is not None:
            self.say(done.sentence)
            self.refresh_rows()

    def write_aside(self, function: Callable[[Writing], None]) -> None:
        """Write what is no paper (an open line); nobody waits for it, and where it fails nothing is lost."""

        async def written() -> None:
            with suppress(Refused):
                await self.door.write(function)

        if self.door.is_open:
            begin(self, written, group="aside")

    def offer_drafts(self) -> None:
        """Show the half-filled forms that a crash, a lost line or a sign-out has left."""
        from servicedesk.tui.drafts import Drafts, folder_of

        if Drafts(folder_of(self.door.settings.database), self.door.login).all():
            self.open_drafts()
