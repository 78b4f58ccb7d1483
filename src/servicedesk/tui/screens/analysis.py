"""The analysis of complaints: what they are about over a period, the greatest first, each figure with its records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.widget import Widget

from servicedesk.domain.complaint_figures import (
    DIMENSIONS,
    FACETS,
    PERIODS,
    SATISFIED_TARGET,
    Analysis,
    Figures,
    ParetoLine,
    Period,
    Share,
    analysed,
    name_of,
    period,
    spans,
)
from servicedesk.domain.text import cells
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.columns import Column
from servicedesk.tui.door import NOBODY
from servicedesk.tui.keys import Key
from servicedesk.tui.register_list import Page, RegisterList
from servicedesk.tui.screen import DeskScreen

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

BAR_CELLS = 22
BAR = "#"
"""One cell wide in every terminal, which the block characters are not."""


class Entry(NamedTuple):
    """A line of the table; `line` is None for all complaints together, and the greatest line's bar is the longest."""

    position: int
    figures: Figures
    line: ParetoLine | None
    greatest: int

    @property
    def bar(self) -> str:
        """The count as a length."""
        if self.line is None:
            return ""
        return BAR * max(1, self.figures.count * BAR_CELLS // self.greatest)


class AnalysisScreen(DeskScreen):
    """One line for each cause, product, department …; the figures of the line under the cursor stand below."""

    HEADING = label("Complaint analysis")
    DETAIL_ROWS = 4
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", label("Records"), action="records('')", id="analysis.records"),
        Key("v,tab", label("By another"), action="turn_dimension(1)"),
        Key("p", label("Another period"), action="turn_period"),
        Key("f", label("From - to"), action="ask_period"),
        Key("r", label("Repeat complaints"), action="records('repeat')", id="analysis.repeat"),
        Key(
            "n",
            label("Customer not satisfied"),
            action="records('dissatisfied')",
            id="analysis.dissatisfied",
            shown=False,
        ),
        Key(
            "a",
            label("Acknowledgement missed"),
            action="records('acknowledge')",
            id="analysis.acknowledge",
            shown=False,
        ),
        Key("s", label("Solution missed"), action="records('solve')", id="analysis.solve", shown=False),
        Key("u", label("Follow-up missed"), action="records('follow_up')", id="analysis.follow_up", shown=False),
        Key("V,shift+tab", label("By the one before"), action="turn_dimension(-1)", shown=False),
    )

    def __init__(self) -> None:
        super().__init__()
        self._dimension = next(iter(DIMENSIONS))
        self._period_name = next(iter(PERIODS))
        self._typed: Period | None = None
        self._found: Analysis | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The table."""
        yield RegisterList[Entry](
            self._columns(),
            self._load,
            key_of=lambda entry: entry.figures.key if entry.line is not None else "\0",
            sort_key=lambda entry: (entry.position,),
            id="list",
        )

    def _columns(self) -> tuple[Column[Entry], ...]:
        words, dimension = self.words, DIMENSIONS[self._dimension]
        return (
            Column("name", f" {words(dimension.title)}", 20, lambda entry: f" {self._called(entry)}", flexible=True),
            Column("count", _right(words(label("How many")), 8), 8, lambda entry: _right(str(entry.figures.count), 8)),
            Column("share", _right(words(label("Portion")), 7), 7, lambda entry: _right(_percent(entry, "share"), 7)),
            Column("sum", _right(words(label("Sum")), 7), 7, lambda entry: _right(_percent(entry, "cumulative"), 7)),
            Column(
                "repeats", _right(words(label("Repeat")), 6), 6, lambda entry: _right(str(entry.figures.repeats), 6)
            ),
            Column("bar", "", BAR_CELLS, lambda entry: entry.bar),
        )

    def _called(self, entry: Entry) -> str:
        dimension = "" if entry.line is None else self._dimension
        return self.words(name_of(dimension, entry.figures))

    @property
    def lines(self) -> RegisterList[Entry]:
        """The table."""
        return self.query_one("#list", RegisterList)

    async def _load(self, page: Page) -> Sequence[Entry]:
        rows = self._entries()
        if page.after is not None:
            return [entry for entry in rows if (entry.position,) > page.after][: page.limit]
        if page.before is not None:
            return [entry for entry in rows if (entry.position,) < page.before][-page.limit :]
        return rows[-page.limit :] if page.last else rows[: page.limit]

    def _entries(self) -> list[Entry]:
        found = self._found
        if found is None or not found.whole.count:
            return []
        greatest = found.lines[0].figures.count
        parts = [Entry(position, line.figures, line, greatest) for position, line in enumerate(found.lines, 1)]
        return [Entry(0, found.whole, None, greatest), *parts]

    # Reading

    def refresh_rows(self) -> None:
        """Count again."""
        if self.door.actor is not NOBODY:
            begin(self, self._read, exclusive=True, group="analysis")

    async def _read(self) -> None:
        try:
            self._found = await self.door.look(self._gather)
        except Refused as refused:
            self._found = None
            self.lines.show_error(self.words(refused.sentence))
            return
        self.lines.columns = self._columns()
        self.lines.show_empty(
            self.words(label("No data: no complaint was received on these days. p and f change them."))
        )
        self.lines.refresh_rows()
        self.show_page()

    def _gather(self, look: Look) -> Analysis:
        from servicedesk.store import complaint_figures, people

        days = self._typed or period(self._period_name, look.today())
        units = analysed(look.actor, people.units(look.books, look.store, look.facts).values())
        return complaint_figures.analysis(look.store, self._dimension, spans(units, days), days, look.now)

    # What the page says

    def title_text(self) -> str:
        """By what, over which days; the name of the period only where there is room for it as well."""
        words = self.words
        by = words(
            say("{register}: {view}", register=Sentence(self.HEADING), view=Sentence(DIMENSIONS[self._dimension].by))
        )
        if self._found is None:
            return by
        days = words(say("{first} to {last}", first=self._found.period.first, last=self._found.period.last))
        named = "" if self._typed else words(PERIODS[self._period_name])
        whole = "   ".join(filter(None, (by, named, days)))
        return whole if cells(whole) <= self.app.size.width - 2 else f"{by}   {days}"

    def detail_lines(self) -> Sequence[str]:
        """The figures of the line under the cursor: clocks, satisfaction, and the rate of all complaints."""
        entry, words = self.lines.row, self.words
        if entry is None or self._found is None:
            return ()
        figures = entry.figures
        counted = say(
            "{name}: {count}, repeat complaints {repeats}",
            name=self._called(entry),
            count=figures.count,
            repeats=figures.repeats,
        )
        acknowledged, solved = figures.acknowledge.said(), figures.solve.said()
        told = (
            say("In time: acknowledgement {acknowledge}, solution {solve}", acknowledge=acknowledged, solve=solved),
            say("In time: follow-up {follow_up}", follow_up=figures.follow_up.said()),
            say(
                "Satisfied with the handling: {share}, target {target} %",
                share=figures.satisfied.said(),
                target=SATISFIED_TARGET,
            ),
        )
        first = words(counted) if entry.line is not None else f"{words(counted)}   {words(self._rate(self._found))}"
        return (first, *map(words, told))

    def _rate(self, found: Analysis) -> Sentence:
        if not found.calls:
            return say("per 100 calls: no data")
        return say("per 100 calls {rate} (calls {calls})", rate=found.per_hundred, calls=found.calls)

    def views(self) -> Sequence[tuple[str, str]]:
        """The dimensions and periods by name, for `:`."""
        return [
            *((f"show_dimension('{name}')", dimension.by) for name, dimension in DIMENSIONS.items()),
            *((f"show_period('{name}')", shown) for name, shown in PERIODS.items()),
        ]

    def on_register_list_highlighted(self) -> None:
        """Show its figures."""
        self.show_page()

    def on_register_list_opened(self) -> None:
        """Enter: the records behind the line."""
        self.action_records("")

    # Keys

    def action_turn_dimension(self, steps: int) -> None:
        """By the next one, or the one before."""
        names = list(DIMENSIONS)
        self.action_show_dimension(names[(names.index(self._dimension) + steps) % len(names)])

    def action_show_dimension(self, name: str) -> None:
        """Count by this."""
        self._dimension = name
        self._start_anew()

    def action_turn_period(self) -> None:
        """The next of the named periods; from one of one's own to the first."""
        names = list(PERIODS)
        following = (names.index(self._period_name) + 1) % len(names)
        self.action_show_period(names[0 if self._typed else following])

    def action_show_period(self, name: str) -> None:
        """Count over these days."""
        self._period_name, self._typed = name, None
        self._start_anew()

    def action_ask_period(self) -> None:
        """Days of one's own."""
        from servicedesk.tui.screens.analysis_days import DaysScreen

        def chosen(days: Period | None) -> None:
            if days is not None:
                self._typed = days
                self._start_anew()

        self.app.push_screen(DaysScreen(self._found.period if self._found is not None else None), chosen)

    def action_records(self, facet: str) -> None:
        """The complaints behind the line under the cursor; of them a facet, such as the repeat ones."""
        from servicedesk.tui.screens.analysis_records import Behind, RecordsScreen

        entry = self.lines.row
        if entry is None or self._found is None:
            self.desk.refuse(Refused(say("There is no line here for '{act}'.", act=Sentence(FACETS[facet]))))
            return
        key = None if entry.line is None else entry.figures.key
        self.app.push_screen(
            RecordsScreen(Behind(self._dimension, self._found.period, key, self._called(entry)), facet)
        )

    def _start_anew(self) -> None:
        """Old figures under a new title would lie."""
        self._found = None
        self.lines.open_query(self._load)
        self.show_page()
        self.refresh_rows()


def _right(text: str, width: int) -> str:
    return " " * max(0, width - cells(text)) + text


def _percent(entry: Entry, name: str) -> str:
    if entry.line is None:
        return ""
    share: Share = getattr(entry.line, name)
    return share.percent
