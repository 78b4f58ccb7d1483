"""A page on screen: the bar of desks, a title, the body, the line under the cursor in full, one row of keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from servicedesk.domain.rulebook import RULES, refusal
from servicedesk.domain.text import cells, clip
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.locales import Words
from servicedesk.tui.columns import on_one_line
from servicedesk.tui.desks import START
from servicedesk.tui.door import NOBODY, Door
from servicedesk.tui.full_line import FullLine
from servicedesk.tui.keys import COMMON, HELP, Key

if TYPE_CHECKING:
    from servicedesk.acts.act import Done
    from servicedesk.tui.app import ServiceDesk

MOST_KEYS = 7
NOTHING_TYPED: Mapping[str, str] = MappingProxyType({})


class DeskScreen(Screen[Any]):
    """A desk or a page. A subclass declares `KEYS` and `HEADING`, composes its body and tells what the lines say.

    Call `show_page` when what the title, the line in full or the keys say has changed.
    """

    KEYS: ClassVar[tuple[Key, ...]] = ()
    HEADING: ClassVar[str] = ""
    DETAIL_ROWS: ClassVar[int] = 3

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Make Textual's bindings of the declared keys."""
        cls.BINDINGS = [key.binding() for key in cls.all_keys()]
        super().__init_subclass__(**kwargs)

    @classmethod
    def all_keys(cls) -> tuple[Key, ...]:
        """Every key of this screen, help first, then its own, then those of every screen."""
        return (HELP, *cls.KEYS, *COMMON)

    def compose(self) -> ComposeResult:
        """The parts that every page has."""
        yield Static(id="desks", markup=False)
        yield Static(id="title", markup=False)
        yield from self.compose_body()
        if self.DETAIL_ROWS:
            yield Static(id="rule", markup=False)
            yield FullLine(self.DETAIL_ROWS, id="detail")
        yield Static(id="keys", markup=False)

    # What a subclass tells

    def compose_body(self) -> Iterable[Widget]:
        """The widgets between title and line in full."""
        return ()

    def title_text(self) -> str:
        """The title line."""
        return self.words(self.HEADING)

    def detail_lines(self) -> Sequence[str]:
        """The line under the cursor in full, at most `DETAIL_ROWS` lines."""
        return ()

    def rows_acted_on(self) -> Sequence[Any]:
        """The marked rows, else the one under the cursor, else none."""
        return ()

    def acts_first(self) -> Sequence[str]:
        """The acts whose keys stand first in the row of keys, because they come next."""
        return ()

    def views(self) -> Sequence[tuple[str, str]]:
        """The named views of this page: the action that shows it, its name as it is read."""
        return ()

    def refresh_rows(self) -> None:
        """Read again what is shown, because somebody has written."""

    def after_act(self, done: Done) -> None:
        """An act of this screen was done; the rows are read again by themselves."""

    async def keep_place(self) -> None:
        """Write down where the person is, because the program is about to end."""

    # The app

    @property
    def desk(self) -> ServiceDesk:
        """The app with its own type."""
        return cast("ServiceDesk", self.app)

    @property
    def door(self) -> Door:
        """The door to the books."""
        return self.desk.door

    @property
    def words(self) -> Words:
        """Labels, sentences and times as this person reads them."""
        return self.desk.door.words

    # Painting

    def on_mount(self) -> None:
        """Paint what is known before the books are open."""
        self.show_page()

    def on_resize(self, event: events.Resize) -> None:
        """Share out the width anew."""
        self.show_page()

    def on_screen_resume(self) -> None:
        """Somebody may have written while another page was in front."""
        self.show_page()
        if self.door.actor is not NOBODY:
            self.refresh_rows()

    def show_page(self) -> None:
        """Paint bar, title, line in full and keys anew."""
        if not self.is_mounted:
            return
        self.show_static("#desks", self._bar(), layout=False)
        self.show_static("#title", Content(clip(on_one_line(self.title_text()), self.app.size.width - 2)), layout=False)
        self.show_under_cursor()

    def show_under_cursor(self) -> None:
        """Paint anew what the line under the cursor decides: the line in full, and which keys do something to it."""
        if not self.is_mounted:
            return
        if self.DETAIL_ROWS:
            self.query_one("#detail", FullLine).show(self.detail_lines())
        self.show_static("#keys", self._row_of_keys(), layout=False)

    def show_static(self, selector: str, content: Content, *, layout: bool = True) -> None:
        """Put this into a `Static` where it differs from what stands there; one of fixed height needs no new layout."""
        static = self.query_one(selector, Static)
        shown = static.content
        # Textual compares the words alone; a key that is no longer grey says the same in another style.
        if not isinstance(shown, Content) or (shown.plain, shown.spans) != (content.plain, content.spans):
            static.update(content, layout=layout)

    def _bar(self) -> Content:
        actor = self.door.actor
        here = self.app.current_mode
        desks = [desk for desk in self.desk.my_desks() if desk.key or desk.name == here]
        places = [(f"{desk.key} {self.words(desk.label)}".lstrip(), desk.name == here) for desk in desks]
        if len(desks) < len(self.desk.my_desks()):
            places.append((f"0 {self.words(label('More'))}", False))
        who = on_one_line(f"{actor.unit} {actor.name}".strip())
        room = self._beside(places, who)
        if room < len(places):  # the title says where one is as well
            places = [place for place in places if place[0][:1].isdigit()]
            room = self._beside(places, who)
        between = 2 if room >= 2 * len(places) else 1
        gap = max(1, room - between * (len(places) - 1))
        parts = [(text, "bold underline" if is_here else "") for text, is_here in places]
        return Content.assemble(*_spaced(parts, " " * between), " " * gap, who)

    def _beside(self, places: Sequence[tuple[str, bool]], who: str) -> int:
        """How many cells of the bar the desks and the name leave for the gaps."""
        return self.app.size.width - 2 - cells(who) - sum(cells(text) for text, _ in places)

    def keys_in_row(self) -> list[Key]:
        """The keys of the bottom row: those this person can ever use, seven at most."""
        actor = self.door.actor
        first = [key for act in self.acts_first() for key in self.KEYS if any(act == name for name, _ in key.meanings)]
        first = list(dict.fromkeys(first))
        shown = [HELP, *first, *(key for key in self.KEYS if key.shown and key not in first)]
        if actor is not NOBODY:
            shown = [key for key in shown if not key.act or self._ever(key)]
        return shown[:MOST_KEYS]

    def _ever(self, key: Key) -> bool:
        """Whether this person can ever do what the key means."""
        return any(RULES[act].post_of(self.door.actor, None) for act, _ in key.meanings)

    def _row_of_keys(self) -> Content:
        parts: list[tuple[str, str]] = []
        room = self.app.size.width - 2
        for key in self.keys_in_row():
            text = f"{key.keys[0]} {self.words(self.meaning(key)[1])}"
            room -= cells(text) + 2
            if room < -2:
                break
            parts.append((text, "dim" if self.why_not(key) is not None else ""))
        return Content.assemble(*_spaced(parts, "  "))

    # Keys and acts

    def why_not(self, key: Key) -> Sentence | None:
        """The sentence that refuses this key now; None when it works."""
        if not key.act or self.door.actor is NOBODY:
            return None
        return self._refusal(key, self.meaning(key)[0])

    def _refusal(self, key: Key, act: str) -> Sentence | None:
        actor = self.door.actor
        if key.bare:
            return refusal(act, actor, None)
        rows = self.rows_acted_on()
        if not rows:
            return say("There is no line here for '{act}'.", act=Sentence(key.label))
        return next((why for row in rows if (why := refusal(act, actor, row)) is not None), None)

    def meaning(self, key: Key) -> tuple[str, str]:
        """The act a key means now with its label: of several the one that can be done, else one of the line's state."""
        if not key.also or self.door.actor is NOBODY:
            return key.act, key.label
        states = {row.state for row in self.rows_acted_on()}
        of_state = [meant for meant in key.meanings if states and states <= RULES[meant[0]].sources]
        possible = (meant for meant in of_state if self._refusal(key, meant[0]) is None)
        return next(possible, of_state[0] if of_state else (key.act, key.label))

    def key_named(self, name: str) -> Key | None:
        """A key of this screen by its name."""
        return next((key for key in self.all_keys() if key.name == name), None)

    async def action_press(self, name: str) -> None:
        """Do what the key of this name stands for."""
        key = self.key_named(name)
        if key is None:
            return
        if key.act:
            await self.act(self.meaning(key)[0], self._begins_with(key))
        else:
            await self.run_action(key.action)

    def _begins_with(self, key: Key) -> Mapping[str, str]:
        """What the form of a key begins with."""
        rows = self.rows_acted_on() if key.from_row else ()
        said = {field: str(getattr(rows[0], column)) for field, column in key.from_row} if rows else {}
        return {**dict(key.typed), **{field: text for field, text in said.items() if text}}

    async def act(self, name: str, typed: Mapping[str, str] = NOTHING_TYPED) -> None:
        """Perform an act on the rows acted on, or say why it cannot be done now."""
        key = next((key for key in self.KEYS if any(act == name for act, _ in key.meanings)), None)
        if self.door.actor is NOBODY and not (key is not None and key.bare):
            return  # the books are still being opened: there is no line yet to act on
        if key is None:
            self.desk.start_act(self, name, (), typed)
            return
        # Who sits here is not known before the books are open: the act itself asks for the right.
        why = None if self.door.actor is NOBODY else self._refusal(key, name)
        if why is not None:
            self.desk.refuse(Refused(why))
            return
        rows = () if key.bare else tuple(self.rows_acted_on())
        # What a key says beforehand stands in a form.
        self.desk.start_act(self, name, rows, typed, at_once=key.at_once and not typed)

    def action_help(self) -> None:
        """Every key of this screen."""
        from servicedesk.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self, self.HEADING, self.why_not))

    def action_palette(self) -> None:
        """Anything by name or number."""
        from servicedesk.tui.screens.palette import PaletteScreen

        self.app.push_screen(PaletteScreen(self))

    def action_print_paper(self, kind: str, of: str) -> None:
        """The paper of the row under the cursor as it will be printed; of a page the day that the column says."""
        from servicedesk.tui.screens.printing import PrintScreen

        for row in self.rows_acted_on()[:1]:
            value = getattr(row, of)
            number = f"{row.unit} {value.astimezone(self.words.zone):%Y-%m-%d}" if hasattr(value, "hour") else value
            if number:
                self.app.push_screen(PrintScreen(kind, number))
            else:
                self.desk.refuse(Refused(say("{number} has none.", number=row.number)))

    def action_refresh_rows(self) -> None:
        """Read again, because the person asks."""
        self.refresh_rows()

    async def action_back(self) -> None:
        """Leave a page for the one before it, a desk for the start page."""
        if len(self.app.screen_stack) > 1:
            await self.app.pop_screen()
        elif self.app.current_mode != START:
            self.desk.action_desk(START)
        else:
            self.desk.tell(say("Press Ctrl+Q to leave the program."))


def _spaced(parts: Sequence[tuple[str, str]], gap: str) -> list[str | tuple[str, str]]:
    spaced: list[str | tuple[str, str]] = []
    for part in parts:
        if spaced:
            spaced.append(gap)
        spaced.append(part)
    return spaced
