"""The accountant's desk: what each job charges, and where its money is (003 Art. 4, 7, 10; states §5.4; K13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from servicedesk.domain.charges import (
    ASSESSED,
    BASES,
    COLLECT_WITHIN_DAYS,
    COLLECTED,
    COLLECTED_ON_SITE,
    CREDITED,
    INVOICED,
    KINDS,
    NONE,
    OUTSTANDING,
    POSTED,
    REMITTED,
    SEES_CHARGES,
    SETTLED,
    STATES,
    TO_BE_COLLECTED,
    WRITTEN_OFF,
    ChargeLineRow,
    ChargeRow,
)
from servicedesk.domain.money import show_amount
from servicedesk.domain.numbering import CALL
from servicedesk.domain.registers import Wanted
from servicedesk.domain.words import label, say
from servicedesk.tui.call_lines import TYPES
from servicedesk.tui.filtering import TECHNICIAN, UNIT, of_state
from servicedesk.tui.keys import Key, print_key
from servicedesk.tui.linked import CUSTOMER_KEY
from servicedesk.tui.registers import RegisterPage, Seen, Told, Total, View
from servicedesk.tui.screens.paper import PaperPage, PaperScreen, Part, side_by_side
from servicedesk.tui.screens.register import RegisterScreen

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.tui.app import ServiceDesk

CHARGE_KEYS: tuple[Key, ...] = (
    Key("h", label("Handed in"), act="charges.remit"),
    Key("i", label("Invoice"), act="charges.invoice"),
    Key("p", label("Posted"), act="charges.post"),
    Key("c", label("Collected"), act="charges.collect", also=(("charges.send", label("Send to collect")),)),
    Key("t", label("Settle"), act="charges.settle"),
    Key("f4,e", label("Change the amount"), act="charges.change", shown=False),
    Key("n", label("Credit note"), act="charges.credit", shown=False),
    Key("o", label("Propose a write-off"), act="charges.propose_write_off", shown=False),
    Key("W", label("Write off"), act="charges.write_off", shown=False),
    Key("T", label("Set the tariff"), act="tariff.set", bare=True, shown=False),
    Key("C", label("Its call"), action="its_call", shown=False),
    CUSTOMER_KEY,
    print_key("invoice_request", "number"),
)
SHORT: Mapping[str, str] = {**STATES, COLLECTED_ON_SITE: label("paid on the spot")}
"""The states as a column has room for them."""
NEXT: Mapping[str, str] = {
    ASSESSED: label("Next: the invoice, today."),
    COLLECTED_ON_SITE: label("Next: the accountant counts the money and confirms it, today."),
    REMITTED: label("Next: the invoice."),
    INVOICED: label("Next: post the invoice, or send somebody to collect."),
    POSTED: label("Next: settle when the money is there."),
    TO_BE_COLLECTED: label("Next: collect the money."),
    COLLECTED: label("Next: the accountant settles it."),
    CREDITED: label("Next: change the amount, then a new invoice."),
}


def amount(seen: Seen, row: ChargeRow) -> str:
    """What is charged, in the currency of the job."""
    return show_amount(row.amount, row.currency)


def late(seen: Seen, row: ChargeRow) -> bool:
    """Neither handed in nor invoiced on its day, or not collected in time (K13)."""
    if row.state in OUTSTANDING:
        zone = seen.words.zone
        return row.done_at.astimezone(zone).date() < seen.now.astimezone(zone).date()
    if row.state not in (INVOICED, TO_BE_COLLECTED) or row.invoiced_at is None or row.collected_at is not None:
        return False
    return seen.now - row.invoiced_at > timedelta(days=COLLECT_WITHIN_DAYS)


def next_step(seen: Seen, row: ChargeRow) -> str:
    """Who does what now."""
    if row.write_off_proposed and row.state == TO_BE_COLLECTED:
        return seen.words(say("Next: the branch manager writes it off: {reason}", reason=row.write_off_proposed))
    return seen.words(NEXT.get(row.state, ""))


def full(seen: Seen, row: ChargeRow) -> Sequence[str]:
    """The charge under the cursor in full."""
    words = seen.words
    return (
        side_by_side(row.number, row.customer_name, seen.telephone(row), amount(seen, row), words(STATES[row.state])),
        side_by_side(row.invoice_no, row.invoice_title, row.tax_no, words(say("done {at}", at=row.done_at))),
        next_step(seen, row),
    )


def _lines(look: Look, row: ChargeRow) -> list[ChargeLineRow]:
    from servicedesk.store import charges

    return charges.lines(look.store, row.id)


def parts(seen: Seen, row: ChargeRow, lines: list[ChargeLineRow]) -> Iterator[Part]:
    """The charge with its lines, then where the money went."""
    words = seen.words
    yield label("Customer"), side_by_side(row.customer_name, row.customer, seen.telephone(row))
    yield label("Address"), seen.address(row)
    yield label("Service type"), side_by_side(words(TYPES[row.service_type]), row.voucher, row.card)
    yield label("Done"), side_by_side(seen.moment(row.done_at), row.technician_name)
    yield label("Signed by"), row.signer
    yield (
        label("Lines"),
        [
            (
                words(KINDS[line.kind]),
                line.what,
                str(line.quantity),
                show_amount(line.list_amount, row.currency),
                words(BASES[line.basis]),
                show_amount(line.amount, row.currency),
            )
            for line in lines
        ],
    )
    yield label("Charged"), amount(seen, row)
    yield label("Collected"), side_by_side(seen.moment(row.collected_at), row.collected_by_name)
    yield label("Handed in"), side_by_side(seen.moment(row.remitted_at), row.remitted_to_name)
    yield label("Invoice"), side_by_side(row.invoice_no, row.invoice_title, row.tax_no, seen.moment(row.invoiced_at))
    yield label("Posted"), seen.moment(row.posted_at)
    yield label("Collector"), row.collector_name
    yield label("Settled"), seen.moment(row.settled_at)
    yield label("Write-off"), row.write_off_proposed
    yield label("Reason"), row.reason


class ChargeScreen(PaperScreen):
    """The charge of one job, by its call's number."""

    PAPER = PaperPage(
        heading=label("Charge"),
        register="charges:CHARGES",
        sees=SEES_CHARGES,
        gather=_lines,
        parts=parts,
        beside=lambda seen, row: side_by_side(amount(seen, row), seen.words(STATES[row.state])),
        next_step=next_step,
        keys=CHARGE_KEYS,
    )

    def action_its_call(self) -> None:
        """A charge goes by its call's number."""
        self.desk.open_call(self.number)


def _open(desk: ServiceDesk, row: ChargeRow) -> None:
    desk.push_screen(ChargeScreen(row.number))


class MoneyScreen(RegisterScreen):
    """The accountant's desk."""

    PAGE = RegisterPage[ChargeRow](
        name="charges",
        heading=label("Money"),
        register="charges:CHARGES",
        sees=SEES_CHARGES,
        columns=(
            Told(label("Done"), 5, lambda seen, row: seen.date(row.done_at)),
            Told(label("Customer"), 12, lambda seen, row: seen.elsewhere(row, row.customer_name), flexible=True),
            Told(label("T"), 2, lambda seen, row: row.service_type),
            Told(label("Amount"), 10, amount),
            Told(label("Who"), 8, lambda seen, row: row.technician_name),
            Told(label("Invoice"), 10, lambda seen, row: row.invoice_no),
            Told(label("Now"), 16, lambda seen, row: seen.words(SHORT[row.state]), flexible=True),
        ),
        views=(
            View("open", label("all open"), Wanted(urgent=True)),
            View("not_remitted", label("not handed in"), Wanted(view="not_remitted", urgent=True)),
            View("not_invoiced", label("not invoiced"), Wanted(view="not_invoiced", urgent=True)),
            View("not_collected", label("not collected in time"), Wanted(view="not_collected", urgent=True)),
            View("to_write_off", label("write-off proposed"), Wanted(view="to_write_off", urgent=True)),
            View("collected", label("to be settled"), Wanted(state=COLLECTED)),
            View("all", label("all")),
        ),
        totals=(
            Total("not_remitted", lambda count: say("not handed in {count}", count=count)),
            Total("not_invoiced", lambda count: say("not invoiced {count}", count=count)),
            Total("not_collected", lambda count: say("not collected {count}", count=count)),
        ),
        full=full,
        opens=_open,
        late=late,
        closed=lambda seen, row: row.state in (NONE, SETTLED, WRITTEN_OFF),
        filters=(of_state(STATES), TECHNICIAN, UNIT),
        keys=CHARGE_KEYS,
        letter=CALL,
        searched=True,
        empty=label("No money is open: everything is handed in, invoiced and collected."),
    )

    def action_its_call(self) -> None:
        """A charge goes by its call's number."""
        for row in self.rows_acted_on()[:1]:
            self.desk.open_call(row.number)
