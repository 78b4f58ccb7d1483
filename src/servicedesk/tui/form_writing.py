"""What a form does with the books and the disk: it prepares, writes once, takes refusals, and keeps its draft."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget

from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.tui.drafts import Draft, Drafts
from servicedesk.tui.fields import Field
from servicedesk.tui.filling import Filling
from servicedesk.tui.sheet import Sheet

if TYPE_CHECKING:
    from servicedesk.acts.act import Act, Done, Target
    from servicedesk.acts.entry import Ask
    from servicedesk.store.session import Reading
    from servicedesk.tui.door import Door


class Attaching(NamedTuple):
    """What a form does instead where the books have an open paper of the same: `act` on that one, with what was typed
    into these `fields`, each with its name there; `offer` names it, `none` says that there is none."""

    act: str
    fields: tuple[tuple[str, str], ...]
    offer: str
    none: str


ATTACHING: Mapping[str, Attaching] = {
    "calls.log": Attaching(
        "calls.attach",
        (("symptom", "words"),),
        label("{key} attach this call to {number}"),
        label("There is no open call of this product to attach to."),
    ),
    "complaints.receive": Attaching(
        "complaints.add",
        (("channel", "how"), ("content", "words")),
        label("{key} add this to {number}"),
        label("There is no open complaint of this customer to add to."),
    ),
}
"""The acts that take the place of another one, by its name."""
AGAIN = ("caller", "contact", "telephone", "address", "called_at")
"""What stays when the same caller names another product."""


class FormWriting(ModalScreen["Done | None"]):
    """The half of a form that nobody sees; `FormScreen` is the other."""

    declared: Act[Any]
    asks: Mapping[str, Ask]
    filling: Filling
    sheet: Sheet
    drafts: Drafts
    now: Callable[[], datetime]

    def __init__(
        self,
        act: str,
        rows: Sequence[Any] = (),
        typed: Mapping[str, str] | None = None,
        draft: Draft | None = None,
    ) -> None:
        """
        Args:
            act: the act's name.
            rows: what it is done to, as the person sees it now.
            typed: fields to begin with.
            draft: the unfinished form to go on with; it brings its own papers and fields.
        """
        super().__init__()
        self.act_name = act
        self.rows = tuple(rows)
        self.request = draft.request if draft is not None else uuid.uuid4().hex
        self.targets: tuple[tuple[str, int | None], ...] = (
            draft.targets if draft is not None else tuple((row.number, row.version) for row in self.rows)
        )
        self.fields: dict[str, Field] = {}
        self._opening = dict(draft.typed if draft is not None else typed or {})
        self._is_new = draft is None
        self._pause: Timer | None = None
        self._writing = False
        self._ended = False
        self._file = asyncio.Lock()
        self._answered = asyncio.Event()
        self._kept_at: datetime | None = None
        self._kept: Mapping[str, str] = {} if draft is None else dict(draft.typed)

    @property
    def door(self) -> Door:
        """The way to the books."""
        return cast("Door", cast(Any, self.app).door)

    def draw(self) -> None:
        """Draw all of the form again."""
        raise NotImplementedError

    # Preparing

    def _settle(self) -> None:
        if not self._ended:
            self.run_worker(self._prepare())
            self.run_worker(self._keep())

    async def _prepare(self) -> None:
        try:
            is_answered = await self.filling.prepare(self._targets)
        except Refused as refused:
            await self._not_prepared(refused)
        else:
            if is_answered and not self._ended:
                self.draw()

    async def _prepare_first(self) -> None:
        """A form that something was filled into begins where something is still to be said."""
        first = self.sheet.current
        try:
            await self._prepare()
        finally:
            self._answered.set()
        self.call_after_refresh(self.door.form_stands)
        untouched = self.sheet.current is first and self._typed_by_hand() == self._opening
        if self._opening and self._is_new and untouched and not self._ended:
            self._go_to_first_empty(first.key)

    async def _not_prepared(self, refused: Refused) -> None:
        if refused.kind == "changed":
            await self._look_again(refused)
            self._settle()
        else:
            self.filling.unasked = refused.sentence
        if not self._ended:
            self.draw()

    def _targets(self) -> list[Target]:
        from servicedesk.acts.act import Target

        return [Target(number, version) for number, version in self.targets]

    # Writing

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """One write at a time: F2 pressed twice writes once."""
        if self._writing:
            work.close()
            return
        self._writing = True
        self.filling.troubles = ()
        self.draw()
        self.run_worker(self._finish(work))

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await self._keys_settled()
            await self._keep()
            await work
        except Refused as refused:
            await self._refused(refused)
        finally:
            self._writing = False
        if not self._ended:
            self.draw()

    async def _keys_settled(self, *widgets: Widget) -> None:
        """Keys pressed before this one may still be on their way to their fields; without widgets to any of them."""
        for widget in widgets or self.focus_chain:
            settled = asyncio.Event()
            widget.call_later(settled.set)
            await settled.wait()

    async def _write(self, *, again: bool = False) -> None:
        done = await self.door.perform(self.act_name, self._targets(), self.filling.typed(), self.request)
        await self._forget()
        if not again:
            self._close(done)
            return
        self._tell(done.sentence)
        await self._begin_again()

    async def _attach_to(self, number: str) -> None:
        from servicedesk.acts.act import Target

        attaching = ATTACHING[self.act_name]
        typed = self.filling.all_typed()
        said = {there: typed[here] for here, there in attaching.fields if typed.get(here)}
        done = await self.door.perform(attaching.act, [Target(number)], said, self.request)
        await self._forget()
        self._close(done)

    def _close(self, done: Done) -> None:
        self._ended = True
        self.dismiss(done)

    @property
    def again_values(self) -> dict[str, str]:
        """What was typed that stays for the same caller's next product."""
        return {name: text for name, text in self.filling.all_typed().items() if name in AGAIN}

    async def _begin_again(self) -> None:
        """A fresh form on the same screen, with a request of its own."""
        self.request = uuid.uuid4().hex
        kept = self.again_values
        for name, field in self.fields.items():
            if name not in kept:
                field.write("")
        self._opening, self._kept, self._kept_at = kept, {}, None
        await self._prepare()
        self._go_to_first_empty("symptom")

    def _go_to_first_empty(self, otherwise: str) -> None:
        """Put the cursor into the first field that is required and empty."""
        asked = (name for name, info in self.declared.entry.model_fields.items() if info.is_required())
        empty = next((name for name in asked if not self.fields[name].entered), otherwise)
        self.sheet.go_to(self.fields[empty])

    # Refusals

    async def _refused(self, refused: Refused) -> None:
        """Writing was refused: the cursor goes to the first field concerned."""
        if refused.kind == "changed":
            await self._look_again(refused)
            self._settle()
            return
        first = self.filling.refuse(refused)
        if first:
            self.draw()  # a reason that was not asked for so far appears
            self.sheet.go_to(self.fields[first])

    async def _look_again(self, refused: Refused) -> None:
        """Somebody wrote first: show what is different now, and let the person write all the same."""
        book = self.declared.book
        numbers = [number for number, _ in self.targets]

        def current(reading: Reading) -> list[Any]:
            return [book.one(reading, number) for number in numbers] if book is not None else []

        try:
            rows = [row for row in await self.door.read(current, of_form=True) if row is not None]
        except Refused as unavailable:
            self.filling.refuse(unavailable)
            return
        self.filling.moved_on(refused.sentence, self.rows, rows)
        self.rows = tuple(rows)
        self.targets = tuple((row.number, row.version) for row in rows)

    # The draft

    def draft(self) -> Draft | None:
        """The form as it stands; None where there is nothing worth keeping, or where something is secret."""
        if not self.fields:
            return None  # the terminal went away before the form was built
        typed, own = self.filling.all_typed(), self._typed_by_hand()
        secret = self.declared.secret or any(ask.kind == "secret" for ask in self.asks.values())
        if self._ended or secret or not own or (not self._kept and own == self._opening):
            return None
        return Draft(self.request, self.act_name, self.targets, typed, self.now())

    def _typed_by_hand(self) -> dict[str, str]:
        """What was typed or opened with, without the times of which it only says when the form was opened."""
        return {name: text for name, text in self.filling.all_typed().items() if self.filling.pinned.get(name) != text}

    def save_now(self) -> None:
        """Keep the draft at once, because the program is about to end; also from another thread."""
        draft = self.draft()
        if draft is not None:
            self.drafts.save(draft)

    async def _keep(self) -> None:
        async with self._file:
            draft = self.draft()
            if draft is None and self._kept and not self._ended:
                self._kept = {}
                await asyncio.to_thread(self.drafts.drop, self.request)
            if draft is None or draft.typed == self._kept:
                return
            try:
                await asyncio.to_thread(self.drafts.save, draft)
            except OSError as fault:
                self._tell(say("This unfinished form cannot be kept: {reason}.", reason=fault.strerror))
            else:
                self._kept, self._kept_at = draft.typed, draft.saved_at
                self.draw()

    async def _forget(self) -> None:
        async with self._file:
            self._kept = {}
            self._opening = self.filling.all_typed()
            await asyncio.to_thread(self.drafts.drop, self.request)

    def _tell(self, sentence: Sentence) -> None:
        self.app.notify(self.door.words(sentence), markup=False)
