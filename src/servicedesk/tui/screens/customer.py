"""The customer's file (003 Art. 5; R165): who it is and how to be treated, then every record, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from servicedesk.domain.customers import KINDS as KINDS_OF_CUSTOMER
from servicedesk.domain.customers import LANGUAGES, Cover, CustomerRow
from servicedesk.domain.masking import mask_address, mask_email, mask_telephone
from servicedesk.domain.rights import ALL, SEES_CLEAR, UNIT
from servicedesk.domain.telephones import grouped
from servicedesk.domain.text import cells
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.domain.zones import ZONES
from servicedesk.tui.columns import on_one_line
from servicedesk.tui.customer_file import FIRST_READ, KINDS, File, Kind, Line, columns, read_file
from servicedesk.tui.keys import Key
from servicedesk.tui.register_list import Page, RegisterList
from servicedesk.tui.screens.call_page import FollowedList
from servicedesk.tui.screens.paper import side_by_side
from servicedesk.tui.search_line import SearchLine
from servicedesk.tui.special_handling import SpecialHandling
from servicedesk.tui.window import page_of

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

GROWS = 4
"""So many times as much is read when what was read is not enough."""


class CustomerScreen(SearchLine, SpecialHandling):
    """One file; a kind or what was searched for narrows the list."""

    DEFAULT_CSS = """
    #pocket { height: auto; max-height: 40%; padding: 0 1; scrollbar-size-vertical: 1; }
    """
    HEADING = label("Customer's file pocket")
    SEARCH_HINT = label("Words of any record of this customer")
    DETAIL_ROWS = 2
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", label("New call"), action="log"),
        Key("enter", label("Open"), action="open_line", id="pocket.open"),
        Key("f3,slash", label("Find"), action="find"),
        Key("v,tab", label("Next kind"), action="turn(1)"),
        Key("f4,c", label("Correct"), act="customers.correct"),
        Key("p", label("New product"), action="product"),
        Key("n", label("Notes and preferences"), action="notes", shown=False),
        Key("a", label("Everything"), action="show_kind('')", shown=False, id="pocket.all"),
        *(
            Key(kind.key, kind.label, action=f"show_kind('{kind.name}')", shown=False, id=f"pocket.{kind.name}")
            for kind in KINDS
        ),
        Key("V,shift+tab", label("Kind before"), action="turn(-1)", shown=False),
        Key("m", label("Merge two customers"), act="customers.merge", shown=False),
        Key("t", label("Contract"), action="contract", shown=False),
        Key("B", label("Complaint about it"), action="complain", shown=False),
    )

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number
        self._file: File | None = None
        self._kind = ""
        self._typed = ""
        self._most = FIRST_READ

    def compose_body(self) -> Iterable[Widget]:
        """Who the customer is, then the records."""
        yield VerticalScroll(Static(id="papers", markup=False), id="pocket", can_focus=False)
        yield FollowedList[Line](
            columns(self.words),
            self.load,
            key_of=lambda line: " ".join(map(str, line.key)),
            sort_key=lambda line: line.key,
            row_style=lambda line: "" if line.kind.is_open(line.row) else "dim",
            explain=lambda error: self.words(error.sentence) if isinstance(error, Refused) else None,
            id="list",
        )

    # Reading

    def refresh_rows(self) -> None:
        """Read the file again."""
        self.lines.refresh_rows()

    async def load(self, page: Page) -> Sequence[Line]:
        """A page of what is listed; what was read grows until it holds the page or nothing older is left."""
        while True:
            file = await self._read()
            found = page_of(file.lines, page, lambda line: line.key)
            if file.is_whole or (len(found) == page.limit and not page.last):
                return found
            self._most *= GROWS

    async def _read(self) -> File:
        number, words, typed, most = self.number, self.words, self._typed, self._most
        kinds = [kind for kind in KINDS if self._kind in ("", kind.name)]

        def read(look: Look) -> File | None:
            return read_file(look, words, number, kinds, typed, most)

        file = await self.door.look(read)
        if file is None:
            raise Refused(say("There is no customer {number} in the books.", number=number))
        self._show(file)
        self.tell_note(file.cover.customer.name, file.cover.customer.note)
        return file

    def _show(self, file: File) -> None:
        self._file = file
        self.show_static("#papers", Content("\n".join(map(on_one_line, self._on_top(file.cover)))))
        self.show_page()

    # What the page says

    @property
    def searched(self) -> str:
        """The words searched for now."""
        return self._typed

    @property
    def kind(self) -> Kind | None:
        """The kind that is listed; None for all."""
        return next((kind for kind in KINDS if kind.name == self._kind), None)

    def title_text(self) -> str:
        """Whose file it is, what of it is listed."""
        words, kind = self.words, self.kind
        if self._file is None:
            return f"{words(self.HEADING)}   {self.number}"
        customer = self._file.cover.customer
        narrowed = [words(kind.label)] if kind is not None else []
        narrowed += [f"/{self._typed}"] if self._typed else []
        listed = [f"[{' · '.join(narrowed)}]"] if narrowed else []
        parts = [words(self.HEADING), customer.number, customer.name, *listed]
        counts = say("products {products}, open calls {calls}", products=customer.products, calls=customer.open_calls)
        whole = "   ".join([*parts, words(counts)])
        return whole if cells(whole) <= self.app.size.width - 2 else "   ".join(parts)

    def detail_lines(self) -> Sequence[str]:
        """The record under the cursor in full."""
        line = self.lines.row
        return line.full if line is not None else ()

    def rows_acted_on(self) -> Sequence[CustomerRow]:
        """The customer."""
        return () if self._file is None else (self._file.cover.customer,)

    @property
    def _clear(self) -> bool:
        # Customers belong to no unit: who may see those of a unit in full sees these.
        return any(SEES_CLEAR.get(post.role) in (UNIT, ALL) for post in self.door.actor.posts)

    def _on_top(self, cover: Cover) -> Iterator[str]:
        words, customer, clear = self.words, cover.customer, self._clear
        telephones = words.joined((grouped if clear else mask_telephone)(digits) for digits in cover.telephones)
        email = customer.email if clear or not customer.email else mask_email(customer.email)
        yield side_by_side(customer.name, words(KINDS_OF_CUSTOMER[customer.kind]), telephones, email)
        for name, told in self._notes(customer):
            yield words(say("{name}: {told}", name=Sentence(name), told=told))
        for contact in cover.contacts:
            telephone = (grouped if clear else mask_telephone)(contact.telephone) if contact.telephone else ""
            named = say("{name}: {told}", name=Sentence(label("Contact")), told=contact.name)
            yield side_by_side(words(named), telephone)
        for address in cover.addresses:
            where = address.address if clear else mask_address(address.address)
            yield side_by_side(where, words(ZONES[address.zone]) if address.zone else "")
        for contract in cover.contracts:
            term = words(say("{begins} to {ends}", begins=contract.starts_on, ends=contract.ends_on))
            named = say("{name}: {told}", name=Sentence(label("Contract")), told=contract.number)
            yield side_by_side(words(named), term, contract.voucher, contract.covers)

    def _notes(self, customer: CustomerRow) -> Iterator[tuple[str, str]]:
        """How the customer is to be treated and written to (R165)."""
        said = (
            (label("Special handling"), customer.note),
            (label("Remarks"), customer.remarks),
            (label("Language"), self.words(LANGUAGES.get(customer.language, ""))),
        )
        yield from ((name, told) for name, told in said if told)

    # Keys

    def on_register_list_opened(self, event: RegisterList.Opened) -> None:
        """Open the record."""
        line: Line = event.row
        line.kind.opens(self.desk, line.row)

    def action_open_line(self) -> None:
        """As Enter in the list does."""
        self.lines.action_open()

    def action_turn(self, steps: int) -> None:
        """The next kind, or the one before; everything stands first."""
        names = ["", *(kind.name for kind in KINDS)]
        self.action_show_kind(names[(names.index(self._kind) + steps) % len(names)])

    def action_show_kind(self, name: str) -> None:
        """List one kind, or everything."""
        self._kind = name
        self._list_anew()

    def search_for(self, words: str) -> None:
        """List what holds these words, of every kind."""
        self._typed, self._kind = words, "" if words else self._kind
        self._list_anew()

    def _list_anew(self) -> None:
        if self._typed:
            empty = label("Nothing is found. Esc ends the search.")
        elif self._kind:
            empty = label("Nothing of this kind stands here. v shows the next kind, a everything.")
        else:
            empty = label("Nothing stands here.")
        self.lines.show_empty(self.words(empty))
        self._most = FIRST_READ
        self.lines.open_query(self.load)
        self.show_page()

    def action_notes(self) -> None:
        """Notes and preferences as they were written, whole."""
        from servicedesk.tui.screens.note import NoteScreen

        for customer in self.rows_acted_on():
            said = [say("{name}: {told}", name=Sentence(name), told=told) for name, told in self._notes(customer)]
            notes = "\n\n".join(map(self.words, said))
            if notes:
                self.app.push_screen(NoteScreen(customer.name, notes))
            else:
                self.desk.tell(say("Nothing is noted of {name}. F4 writes it down.", name=customer.name))

    async def action_log(self) -> None:
        """A new call of this customer."""
        await self.act("calls.log", {"caller": self.number})

    async def action_product(self) -> None:
        """A new product of this customer."""
        await self.act("products.enter", {"customer": self.number})

    async def action_contract(self) -> None:
        """A new contract with this customer."""
        await self.act("contracts.enter", {"customer": self.number})

    async def action_complain(self) -> None:
        """A complaint of this customer, about the record under the cursor."""
        line: Line | None = self.lines.row
        about = "" if line is None else line.kind.about(line.row)
        await self.act("complaints.receive", {"about": about} if about else {"customer_name": self.number})

    async def action_back(self) -> None:
        """Step by step: out of the search line, the search, the kind, the page."""
        if self.leave_search():
            return
        if self._typed:
            self.search_for("")
        elif self._kind:
            self.action_show_kind("")
        else:
            await super().action_back()
