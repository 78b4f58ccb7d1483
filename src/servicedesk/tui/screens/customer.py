"""The customer file pocket (003 Art. 5): the customer, products with their vouchers, contracts, calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from servicedesk.domain.calls import STATES
from servicedesk.domain.customers import HOLDERS, KINDS, CustomerRow, Pocket, PocketCall, ProductRow
from servicedesk.domain.masking import mask_address, mask_email, mask_telephone
from servicedesk.domain.numbering import short
from servicedesk.domain.rights import ALL, SEES_CLEAR, UNIT
from servicedesk.domain.telephones import grouped
from servicedesk.domain.words import Refused, label, say
from servicedesk.domain.zones import ZONES
from servicedesk.tui.background import begin
from servicedesk.tui.columns import fitted, on_one_line
from servicedesk.tui.keys import Key
from servicedesk.tui.screen import DeskScreen

if TYPE_CHECKING:
    from servicedesk.store.session import Reading


class CustomerScreen(DeskScreen):
    """One pocket; the calls below can be opened."""

    DEFAULT_CSS = """
    #pocket { height: auto; max-height: 60%; padding: 0 1; }
    #calls { height: 1fr; border: none; padding: 0; }
    """
    HEADING = label("Customer's file pocket")
    DETAIL_ROWS = 0
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("f2", label("New call"), action="log"),
        Key("enter", label("Open call"), action="open_call", id="pocket.open"),
        Key("f4,c", label("Correct"), act="customers.correct"),
        Key("p", label("New product"), action="product"),
        Key("m", label("Merge two customers"), act="customers.merge", shown=False),
        Key("t", label("Contract"), action="contract", shown=False),
    )

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number
        self._pocket: Pocket | None = None

    def compose_body(self) -> Iterable[Widget]:
        """What hangs on the customer, then the calls."""
        yield VerticalScroll(Static(id="papers", markup=False), id="pocket", can_focus=False)
        yield OptionList(id="calls", markup=False, compact=True)

    def refresh_rows(self) -> None:
        """Read the pocket again."""
        begin(self, self._read, exclusive=True, group="pocket")

    async def _read(self) -> None:
        number = self.number

        def read(reading: Reading) -> Pocket | None:
            from servicedesk.store import customers

            return customers.pocket(reading, number)

        try:
            pocket = await self.door.read(read)
            if pocket is None:
                raise Refused(say("There is no customer {number} in the books.", number=number))
        except Refused as refused:
            self.show_static("#papers", Content(self.words(refused.sentence)))
            return
        if pocket != self._pocket:
            self._pocket = pocket
            self.show_static("#papers", Content("\n".join(map(on_one_line, self._lines(pocket)))))
            self._list_calls(pocket.calls)
            self.show_page()

    def _list_calls(self, calls: Sequence[PocketCall]) -> None:
        listed = self.query_one("#calls", OptionList)
        at = listed.highlighted or 0
        listed.clear_options()
        listed.add_options([Option(Content(on_one_line(self._call_line(call)))) for call in calls])
        if calls:
            listed.highlighted = min(at, len(calls) - 1)
            listed.focus()

    def title_text(self) -> str:
        """Whose pocket it is."""
        name = f"{self._pocket.customer.number}   {self._pocket.customer.name}" if self._pocket else self.number
        return f"{self.words(self.HEADING)}   {name}"

    def rows_acted_on(self) -> Sequence[CustomerRow]:
        """The customer."""
        return () if self._pocket is None else (self._pocket.customer,)

    # The page

    @property
    def _clear(self) -> bool:
        # Customers belong to no unit: who may see those of a unit in full sees these.
        return any(SEES_CLEAR.get(post.role) in (UNIT, ALL) for post in self.door.actor.posts)

    def _lines(self, pocket: Pocket) -> Iterator[str]:
        words, customer, clear = self.words, pocket.customer, self._clear
        telephones = words.joined((grouped if clear else mask_telephone)(digits) for digits in pocket.telephones)
        yield f"{customer.name}  {words(KINDS[customer.kind])}  {telephones}"
        for contact in pocket.contacts:
            telephone = (grouped if clear else mask_telephone)(contact.telephone) if contact.telephone else ""
            yield f"  {words(label('Contact'))}: {contact.name}  {telephone}"
        for address in pocket.addresses:
            where = address.address if clear else mask_address(address.address)
            yield f"  {where}  {words(ZONES[address.zone]) if address.zone else ''}"
        if customer.email:
            yield f"  {customer.email if clear else mask_email(customer.email)}"
        for text in (customer.note, customer.remarks):
            if text:
                yield f"  {text}"
        yield ""
        yield words(say("Products {count}", count=len(pocket.products)))
        for product in pocket.products:
            yield self._product(product)
        if pocket.contracts:
            yield ""
            yield words(say("Contracts {count}", count=len(pocket.contracts)))
        for contract in pocket.contracts:
            term = words(say("{begins} to {ends}", begins=contract.starts_on, ends=contract.ends_on))
            yield f"  {contract.number}  {term}  {contract.voucher}  {contract.covers}"
        yield ""
        yield words(say("Calls {count}", count=len(pocket.calls)))

    def _product(self, product: ProductRow) -> str:
        words = self.words
        holder = words(HOLDERS.get(product.holder, product.holder))
        parts = [product.model_no, product.name, product.serial_no, words.joined((product.voucher, holder))]
        if product.warranty_until is not None:
            parts.append(words(say("warranty to {day}", day=product.warranty_until)))
        if product.open_call:
            parts.append(words(say("open: {number}", number=short(product.open_call))))
        return "  " + "  ".join(part for part in parts if part)

    def _call_line(self, call: PocketCall) -> str:
        words = self.words
        state = words(STATES[call.state])
        day = words.day(call.called_at)
        return f"{fitted(short(call.number), 10)} {fitted(day, 14)} {fitted(state, 14)} {call.model_no}  {call.symptom}"

    # Keys

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the call."""
        if self._pocket is not None:
            self.desk.open_call(self._pocket.calls[event.option_index].number)

    def action_open_call(self) -> None:
        """Open the call under the cursor."""
        self.query_one("#calls", OptionList).action_select()

    async def action_log(self) -> None:
        """A new call of this customer."""
        await self.act("calls.log", {"caller": self.number})

    async def action_product(self) -> None:
        """A new product of this customer."""
        await self.act("products.enter", {"customer": self.number})

    async def action_contract(self) -> None:
        """A new contract with this customer."""
        await self.act("contracts.enter", {"customer": self.number})
