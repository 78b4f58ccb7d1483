"""The complaints behind a figure of the analysis, the newest first; Enter opens the sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.widget import Widget

from servicedesk.domain.complaint_figures import FACETS, Period, analysed, spans
from servicedesk.domain.complaints import GRAVITIES, SERIOUS, STATES, ComplaintRow
from servicedesk.domain.numbering import short
from servicedesk.domain.text import clip
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.columns import Column, on_one_line
from servicedesk.tui.door import NOBODY
from servicedesk.tui.keys import Key
from servicedesk.tui.linked import open_paper
from servicedesk.tui.register_list import Page, RegisterList
from servicedesk.tui.screen import DeskScreen

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

_NAME_CELLS = 24


class Behind(NamedTuple):
    """A figure: by what it was counted, over which days, of which line; every line where `key` is None."""

    dimension: str
    period: Period
    key: str | None
    name: str


class Record(NamedTuple):
    """A complaint with its place in the list."""

    position: int
    row: ComplaintRow


class RecordsScreen(DeskScreen):
    """All of them, or those of one facet, such as the repeat ones."""

    HEADING = label("Records")
    DETAIL_ROWS = 2
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", label("Open"), action="open_line", id="records.open"),
        Key("v,tab", label("Which of them"), action="turn_facet(1)"),
        Key("V,shift+tab", label("View before"), action="turn_facet(-1)", shown=False),
    )

    def __init__(self, behind: Behind, facet: str = "") -> None:
        super().__init__()
        self._behind = behind
        self._facet = facet
        self._ids: Sequence[int] = ()
        self._is_read = False

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        yield RegisterList[Record](
            self._columns(),
            self._load,
            key_of=lambda record: record.row.number,
            sort_key=lambda record: (record.position,),
            row_style=lambda record: "" if record.row.urgent else "dim",
            id="list",
        )

    def _columns(self) -> tuple[Column[Record], ...]:
        words = self.words
        return (
            Column("number", f" {words(label('No.'))}", 10, lambda record: f" {short(record.row.number)}"),
            Column("received", words(label("Received")), 10, self._received),
            Column("customer", words(label("Customer")), 10, lambda record: record.row.customer_name, flexible=True),
            Column("model", words(label("Model")), 12, lambda record: record.row.model_no),
            Column("content", words(label("Complaint")), 12, lambda record: record.row.content, flexible=True),
            Column("state", words(label("State")), 19, lambda record: words(STATES[record.row.state])),
        )

    def _received(self, record: Record) -> str:
        return f"{record.row.received_at.astimezone(self.words.zone):%Y-%m-%d}"

    @property
    def lines(self) -> RegisterList[Record]:
        """The list."""
        return self.query_one("#list", RegisterList)

    # Reading

    def refresh_rows(self) -> None:
        """Find them again."""
        if self.door.actor is not NOBODY:
            begin(self, self._read, exclusive=True, group="records")

    async def _read(self) -> None:
        try:
            self._ids = await self.door.look(self._gather)
        except Refused as refused:
            self.lines.show_error(self.words(refused.sentence))
            return
        self._is_read = True
        empty = label("No complaint stands behind this figure. v shows other ones, Esc goes back.")
        self.lines.show_empty(self.words(empty))
        self.lines.refresh_rows()
        self.show_page()

    def _gather(self, look: Look) -> list[int]:
        from servicedesk.store import complaint_figures, people

        behind = self._behind
        units = analysed(look.actor, people.units(look.books, look.store, look.facts).values())
        days = spans(units, behind.period)
        return complaint_figures.behind(look.store, behind.dimension, days, behind.key, self._facet, look.now)

    async def _load(self, page: Page) -> Sequence[Record]:
        first, last = 0, len(self._ids)
        if page.after is not None:
            first = page.after[-1] + 1
        if page.before is not None:
            last = page.before[-1]
        places = range(first, last)
        places = places[-page.limit :] if page.before is not None or page.last else places[: page.limit]
        wanted = [self._ids[place] for place in places]
        if not wanted:
            return ()

        def read(look: Look) -> list[ComplaintRow]:
            from servicedesk.store import complaint_figures

            return complaint_figures.rows(look.store, wanted)

        return [Record(place, row) for place, row in zip(places, await self.door.look(read), strict=True)]

    # What the page says

    def title_text(self) -> str:
        """Of what, over which days, how many."""
        words, behind = self.words, self._behind
        name = clip(on_one_line(behind.name), _NAME_CELLS)
        listed = say("{register}: {view}", register=name, view=Sentence(FACETS[self._facet]))
        days = say("{first} to {last}", first=behind.period.first, last=behind.period.last)
        count = str(len(self._ids)) if self._is_read else ""
        return "   ".join(filter(None, (words(listed), words(days), count)))

    def detail_lines(self) -> Sequence[str]:
        """What was said, and how it stands."""
        record, words = self.lines.row, self.words
        if record is None:
            return ()
        row = record.row
        gravity = words(GRAVITIES[SERIOUS]) if row.gravity == SERIOUS else ""
        said = (row.number, row.customer_name, row.model_no, gravity, row.handler_name)
        return ("  ".join(filter(None, said)), row.content)

    def rows_acted_on(self) -> Sequence[ComplaintRow]:
        """The complaint under the cursor."""
        return () if self.lines.row is None else (self.lines.row.row,)

    def on_register_list_highlighted(self) -> None:
        """Show it in full."""
        self.show_page()

    def on_register_list_opened(self) -> None:
        """Enter opens the sheet."""
        self.action_open_line()

    # Keys

    def action_open_line(self) -> None:
        """Open the sheet under the cursor."""
        if self.lines.row is not None:
            open_paper(self.desk, self.lines.row.row.number)

    def action_turn_facet(self, steps: int) -> None:
        """Others of the records behind the same figure."""
        facets = list(FACETS)
        self._facet = facets[(facets.index(self._facet) + steps) % len(facets)]
        self._ids, self._is_read = (), False
        self.lines.open_query(self._load)
        self.show_page()
        self.refresh_rows()
