"""`:` and ctrl+p: acts of this page, places, customers and record numbers, reached by typing a part of the name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from servicedesk.domain.rights import SEES_CALLS, sees
from servicedesk.domain.rulebook import RULES
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.columns import on_one_line
from servicedesk.tui.dialog import DIALOG
from servicedesk.tui.keys import Key
from servicedesk.tui.linked import may_open, open_paper, paper_of
from servicedesk.tui.screen import DeskScreen

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.domain.calls import CallRow
    from servicedesk.tui.app import ServiceDesk

MOST = 12
SHORTEST = 2


@dataclass(frozen=True)
class Entry:
    """Something to go to or to do; `dim` entries say why they cannot be done."""

    text: str
    run: Callable[[], object]
    dim: bool = False


class PaletteScreen(ModalScreen[None]):
    """One line to type in, what it may mean below it."""

    DEFAULT_CSS = DIALOG
    KEYS = (
        Key("down", label("Next line"), action="move(1)"),
        Key("up", label("Line before"), action="move(-1)"),
        Key("escape", label("Back"), action="leave"),
    )
    BINDINGS = [Binding(key.key, key.action, key.label, show=False) for key in KEYS]

    def __init__(self, page: DeskScreen, *, places_only: bool = False) -> None:
        super().__init__()
        self._page = page
        self._places_only = places_only
        self._entries: list[Entry] = []
        self._found: list[Entry] = []

    @property
    def _desk(self) -> ServiceDesk:
        return cast("ServiceDesk", self.app)

    def compose(self) -> ComposeResult:
        """What to type, then the lines."""
        hint = self._desk.words(label("A name, an act, a number (29, 1120-0044), a customer"))
        with Vertical(classes="dialog"):
            typed = Input(placeholder=hint, compact=True, id="typed")
            typed.cursor_blink = False
            yield typed
            yield OptionList(markup=False, compact=True, id="entries")
            yield Static(Content(self._desk.words(label("Enter Go  Esc Back"))), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        """Everything, until something is typed."""
        self.query_one("#entries", OptionList).can_focus = False
        self._entries = self._places() if self._places_only else [*self._acts(), *self._places()]
        self._show("")
        if not self._places_only:
            begin(self, self._add_bare_acts, group="bare")

    # What there is

    async def _add_bare_acts(self) -> None:
        """The acts that need no paper, of every register; declaring them is left to the reader's thread."""
        # A view is kept from the list of views.
        known = {"views.save", *(key.act for key in self._page.all_keys())}

        def bare(look: Look) -> list[str]:
            from servicedesk.acts.act import all_acts

            return [act.name for act in all_acts() if act.book is None and act.rule.post_of(look.actor, None)]

        names = [name for name in await self._desk.door.look(bare) if name not in known]
        acts = [Entry(self._desk.words(RULES[name].label), self._starting(name)) for name in names]
        self._entries = [*self._entries, *acts]
        self._show(self.query_one("#typed", Input).value.strip())

    def _starting(self, name: str) -> Callable[[], None]:
        return lambda: self._desk.start_act(self._page, name, ())

    def _acts(self) -> list[Entry]:
        words = self._desk.words
        entries = []
        for key in self._page.all_keys():
            if key.action in ("back", "palette"):
                continue
            why = self._page.why_not(key)
            shown = words(self._page.meaning(key)[1])
            text = f"{shown}  {key.keys[0]}" if why is None else f"{shown}: {words(why)}"
            entries.append(Entry(text, self._pressing(key.name), dim=why is not None))
        entries += [Entry(self._view_text(shown), self._showing(action)) for action, shown in self._page.views()]
        return entries

    def _view_text(self, shown: str) -> str:
        return self._desk.words(say("{register}: {view}", register=Sentence(self._page.HEADING), view=shown))

    def _showing(self, action: str) -> Callable[[], object]:
        return lambda: self._desk.call_later(self._page.run_action, action)

    def _places(self) -> list[Entry]:
        words, desk = self._desk.words, self._desk
        places = ((place.name, f"{words(place.label)}  {place.key}".rstrip()) for place in desk.my_desks())
        entries = [Entry(text, self._going(name)) for name, text in places]
        entries.append(Entry(words(label("Unfinished forms")), desk.open_drafts))
        if desk.door.by_passphrase:
            entries.append(Entry(words(label("Lock this screen")), desk.lock))
        entries.append(Entry(words(label("Leave the program")) + "  ctrl+q", lambda: desk.call_later(desk.action_quit)))
        return entries

    def _pressing(self, name: str) -> Callable[[], object]:
        return lambda: self._desk.call_later(self._page.action_press, name)

    def _going(self, name: str) -> Callable[[], None]:
        return lambda: self._desk.action_desk(name)

    # What is typed

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the names; ask the books for a number or a customer."""
        typed = event.value.strip()
        self._found = []
        self._show(typed)
        if len(typed) >= SHORTEST or typed.isdecimal():
            begin(self, partial(self._look_up, typed), exclusive=True, group="look-up")

    async def _look_up(self, typed: str) -> None:
        desk = self._desk

        def read(look: Look) -> tuple[list[CallRow], list[str]]:
            from servicedesk.store import calls, people

            units = [look.home, *people.units(look.books, look.store, look.facts).values()]
            meant = dict.fromkeys(number for unit in units for number in look.meant(typed, unit.code))
            found = [row for number in meant if (row := calls.one(look.store, number)) is not None]
            others = [number for number in meant if paper_of(number) is not None]
            papers = [number for number in others if may_open(look, number)]
            return [row for row in found if sees(look.actor, SEES_CALLS, row)], papers

        try:
            rows, papers = await desk.door.look(read)
            choices = await desk.door.find("customers", typed, {}) if len(typed) >= SHORTEST else []
        except Refused:
            return
        found = [Entry(f"{row.number}  {row.customer_name}", self._opening_call(row.number)) for row in rows]
        found += [Entry(number, partial(open_paper, desk, number)) for number in papers]
        found += [Entry(f"{choice.value}  {choice.text}", self._opening(choice.value)) for choice in choices[:5]]
        self._found = found
        self._show(typed)

    def _opening_call(self, number: str) -> Callable[[], None]:
        return lambda: self._desk.open_call(number)

    def _opening(self, customer: str) -> Callable[[], None]:
        return lambda: self._desk.open_customer(customer)

    def _matching(self, typed: str) -> list[Entry]:
        wanted = typed.casefold()
        named = [entry for entry in self._entries if wanted in entry.text.casefold()]
        named.sort(key=lambda entry: (entry.dim, not entry.text.casefold().startswith(wanted)))
        return [*self._found, *named]

    def _show(self, typed: str) -> None:
        shown = self._matching(typed)
        entries = self.query_one("#entries", OptionList)
        entries.clear_options()
        for entry in shown:
            entries.add_option(Option(Content.styled(on_one_line(entry.text), "dim" if entry.dim else "")))
        if not shown:
            entries.add_option(Option(Content(self._desk.words(say("Nothing is called “{typed}”.", typed=typed)))))
        entries.highlighted = 0 if shown else None

    # Keys

    def action_move(self, steps: int) -> None:
        """Choose another line."""
        entries = self.query_one("#entries", OptionList)
        if entries.highlighted is not None:
            entries.highlighted = max(0, min(entries.option_count - 1, entries.highlighted + steps))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go there or do it."""
        at = self.query_one("#entries", OptionList).highlighted
        shown = self._matching(event.value.strip())
        if at is not None and at < len(shown):
            self.dismiss(None)
            self._desk.call_later(shown[at].run)

    def action_leave(self) -> None:
        """Back to the page."""
        self.dismiss(None)
