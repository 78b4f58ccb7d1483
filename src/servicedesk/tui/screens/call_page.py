"""What the register and the page of one call have in common: what can be done to a call."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from servicedesk.domain.calls import CallRow
from servicedesk.domain.words import Refused, label, say
from servicedesk.tui.background import begin
from servicedesk.tui.keys import Key, complaint_key, print_key
from servicedesk.tui.register_list import RegisterList
from servicedesk.tui.screen import DeskScreen
from servicedesk.tui.window import Row, Wanted

if TYPE_CHECKING:
    from servicedesk.store.session import Reading

FIRST_ACTS: tuple[Key, ...] = (
    Key("d", label("Dispatch"), act="calls.dispatch"),
    Key("s", label("Strike off"), act="calls.strike_off"),
    Key("b", label("Voucher in"), act="calls.take_back"),
)
MORE_KEYS: tuple[Key, ...] = (
    Key("f4,c", label("Correct"), act="calls.correct", shown=False),
    Key("f6,u", label("Rang again"), act="calls.attach", shown=False),
    Key("t", label("Customer told"), act="calls.tell", shown=False),
    Key("m", label("Reschedule"), act="calls.reschedule", shown=False),
    Key("x", label("Cancel a call"), act="calls.cancel", shown=False),
    Key("l", label("Pull the voucher"), act="calls.pull", shown=False),
    Key("a", label("Arrived"), act="calls.arrive"),
    Key("n", label("Finished"), act="calls.finish"),
    Key("e", label("Come back later"), act="calls.come_back", shown=False),
    Key("y", label("Carry back"), act="calls.carry_back", shown=False),
    Key("S", label("Signed afterwards"), act="calls.sign", shown=False),
    Key("E", label("Charge afterwards"), act="calls.charge", shown=False),
    Key("i", label("File the voucher"), act="calls.file", shown=False),
    Key("w", label("Goods in"), act="goods.take_in", shown=False),
    Key("K", label("Its repair card"), action="card", shown=False),
    Key("I", label("Charge of the job"), action="charge", shown=False),
    Key("R", label("Reopen"), act="calls.reopen", shown=False),
    Key("D", label("Recall"), act="calls.recall", shown=False),
    Key("A", label("Reassign"), act="calls.reassign", shown=False),
    Key("W", label("Pass to another unit"), act="calls.pass_on", shown=False),
    complaint_key(),
    Key("f7,U", label("Customer's file pocket"), action="pocket", shown=False),
    Key("f8", label("Why this time"), action="why", shown=False),
    print_key("voucher", "voucher")._replace(label=label("Print the voucher")),
    print_key("register", "logged_at")._replace(key="Q", label=label("Print the day's page")),
    Key("r", label("Telephone in full"), act="calls.reveal", shown=False),
    Key("T", label("To be told"), action="tellings", shown=False),
    Key("O", label("Vouchers out overnight"), action="overnight", shown=False),
)


class FollowedList(RegisterList[Row]):
    """A list whose page says the line under the cursor in full, in the same painting as the cursor's own."""

    def _tell(self, row: Row | None) -> None:
        # At once: a message would reach the page after the painting, and pass through every widget around the list.
        if isinstance(self.screen, DeskScreen):
            self.screen.show_under_cursor()

    async def _read(self, reading: Wanted) -> None:
        await super()._read(reading)
        if isinstance(self.screen, DeskScreen):
            self.screen.show_page()


class CallPage(DeskScreen):
    """A page with a call under the cursor."""

    @property
    def call(self) -> CallRow | None:
        """The call under the cursor."""
        rows = self.rows_acted_on()
        return rows[0] if rows else None

    def action_pocket(self) -> None:
        """The customer's file pocket."""
        if self.call is not None:
            self.desk.open_customer(self.call.customer)

    def action_why(self) -> None:
        """How the due time comes about."""
        from servicedesk.tui.screens.why import WhyScreen

        if self.call is not None:
            self.app.push_screen(WhyScreen(self.call))

    def action_card(self) -> None:
        """The repair card of its goods."""
        if self.call is not None:
            begin(self, partial(self._open_card, self.call), group="card")

    async def _open_card(self, call: CallRow) -> None:
        from servicedesk.tui.screens.repair_card import RepairCardScreen

        def read(reading: Reading) -> str:
            from servicedesk.store import repair_cards

            return repair_cards.number_of_call(reading, call.id)

        number = await self.door.read(read)
        if number:
            await self.app.push_screen(RepairCardScreen(number))
        else:
            self.desk.refuse(Refused(say("{number} has none.", number=call.number)))

    def action_charge(self) -> None:
        """What the job charges, and where the money is."""
        from servicedesk.tui.screens.money import ChargeScreen

        if self.call is not None:
            self.app.push_screen(ChargeScreen(self.call.number))

    def action_tellings(self) -> None:
        """The customers of the unit who are to be told something."""
        from servicedesk.tui.screens.tellings import TellingsScreen

        self.app.push_screen(TellingsScreen())

    def action_overnight(self) -> None:
        """The unit's vouchers that were not back when the day closed."""
        from servicedesk.tui.screens.overnight import OvernightScreen

        self.app.push_screen(OvernightScreen())
