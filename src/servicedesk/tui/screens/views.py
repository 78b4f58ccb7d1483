"""The named views of a register: choose one, keep the list as it is under a name, drop an own one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from servicedesk.domain.views import View, may_share
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.columns import on_one_line
from servicedesk.tui.dialog import DIALOG
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.store.session import Reading
    from servicedesk.tui.app import ServiceDesk


class ViewsScreen(ModalScreen["str | None"]):
    """Gives the chosen view as it was kept; `shown` is the list as it stands now.

    `declared` are the views that the register itself has, each as it would be kept with its label: they stand first.
    """

    DEFAULT_CSS = (
        DIALOG
        + """
    #search { display: none; height: 1; }
    #search.open { display: block; }
    """
    )
    KEYS = (
        Key("enter", label("Show"), action="choose"),
        Key("k", label("Keep this list"), action="keep(False)"),
        Key("s", label("Share with the unit"), action="keep(True)"),
        Key("x", label("Drop"), action="drop"),
        Key("escape", label("Back"), action="leave"),
    )
    BINDINGS = [Binding(key.key, key.action, key.label, show=False) for key in KEYS[1:]]

    def __init__(self, book: str, shown: str, declared: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._book = book
        self._shown = shown
        self._declared = declared
        self._sharing = False
        self._views: list[View] = []

    @property
    def _desk(self) -> ServiceDesk:
        return cast("ServiceDesk", self.app)

    def compose(self) -> ComposeResult:
        """The views by name, a line for a new name, the keys."""
        words = self._desk.words
        with Vertical(classes="dialog"):
            yield Static(Content(words(label("Views"))), markup=False)
            yield OptionList(markup=False, compact=True, id="entries")
            name = Input(placeholder=words(label("A name for the list as it is")), compact=True, id="search")
            name.cursor_blink = False
            yield name
            yield Static("", id="refusal", markup=False)
            keys = "  ".join(f"{key.keys[0]} {words(key.label)}" for key in self.KEYS)
            yield Static(Content(keys), classes="dialog-keys", markup=False)

    async def on_mount(self) -> None:
        """Read them."""
        self.query_one("#entries").focus()
        await self._read()

    async def _read(self) -> None:
        actor = self._desk.door.actor

        def read(reading: Reading) -> list[View]:
            from servicedesk.store import places

            return places.views(reading, actor.login, actor.unit, self._book)

        try:
            self._views = await self._desk.door.read(read)
        except Refused as refused:
            self._say(refused.sentence)
        entries = self.query_one("#entries", OptionList)
        at = entries.highlighted or 0
        entries.clear_options()
        lines = [*(self._desk.words(shown) for _, shown in self._declared), *map(self._line, self._views)]
        entries.add_options([Option(Content(on_one_line(line))) for line in lines])
        if lines:
            entries.highlighted = min(at, len(lines) - 1)
        else:
            self._say(say("No views yet: k keeps the list as it is under a name."))

    def _line(self, view: View) -> str:
        if view.owner != self._desk.door.login:
            return self._desk.words(say("{view}  shared by {name}", view=view.name, name=view.owner_name))
        return self._desk.words(say("{view}  shared", view=view.name)) if view.shared else view.name

    def _say(self, sentence: Sentence) -> None:
        self.query_one("#refusal", Static).update(Content(on_one_line(self._desk.words(sentence))))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Show what the view says."""
        kept = [*(written for written, _ in self._declared), *(view.view for view in self._views)]
        self.dismiss(kept[event.option_index])

    def action_keep(self, shared: bool) -> None:
        """Ask for the name."""
        refusal = may_share(self._desk.door.actor) if shared else None
        if refusal is not None:
            self._say(refusal)
            return
        self._sharing = shared
        name = self.query_one("#search", Input)
        name.add_class("open")
        name.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the list under this name."""
        if event.value.strip():
            typed: dict[str, str | bool] = {"book": self._book, "name": event.value, "view": self._shown}
            typed["shared"] = self._sharing
            begin(self, partial(self._perform, "views.save", "", typed), exclusive=True)

    def action_drop(self) -> None:
        """Forget an own view."""
        at = self.query_one("#entries", OptionList).highlighted
        if at is None:
            return
        if at < len(self._declared):
            self._say(say("This view is the register's own: only kept ones are dropped."))
            return
        number = self._views[at - len(self._declared)].number
        begin(self, partial(self._perform, "views.drop", number, {}), exclusive=True)

    async def _perform(self, act: str, number: str, typed: dict[str, str | bool]) -> None:
        from servicedesk.acts.act import Target

        targets = [Target(number)] if number else []
        try:
            done = await self._desk.door.perform(act, targets, typed, uuid.uuid4().hex)
        except Refused as refused:
            self._say(refused.sentence)
            return
        self._close_name()
        await self._read()
        self._say(done.sentence)

    def _close_name(self) -> None:
        name = self.query_one("#search", Input)
        name.value = ""
        name.remove_class("open")
        self.query_one("#entries").focus()

    def action_leave(self) -> None:
        """Out of the name, then back to the list."""
        if self.query_one("#search", Input).has_focus:
            self._close_name()
        else:
            self.dismiss(None)
