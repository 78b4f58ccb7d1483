"""On site: arrive, finish, come back later, sign afterwards (003 Art. 6-8; states §5.1, §5.2; D13, D30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.calls.common import CALLS, change, joined, keep_old, not_before, not_in_future, numbers, tell
from servicedesk.acts.charging import ChargeLine, assess, suggested
from servicedesk.acts.charging import sign as charge_signed
from servicedesk.acts.desk import Desk, Look
from servicedesk.acts.entry import Ask, Entry, Line, Situation
from servicedesk.domain.calls import ARRIVED, CARRIED_BACK, DONE, REVISIT, CallRow
from servicedesk.domain.charging import TypedLine
from servicedesk.domain.history import MEDIA
from servicedesk.domain.money import show_amount
from servicedesk.domain.words import Refused, label, say

if TYPE_CHECKING:
    from servicedesk.store.dispatch import ActiveVisit

SIGNED_ON = {medium: text for medium, text in MEDIA.items() if medium != "none"}
CAPACITIES = {
    "customer": label("the customer"),
    "family": label("family"),
    "employee": label("employee"),
    "caretaker": label("caretaker"),
}


class PartLine(Line):
    """A part replaced: `QDQ-201 2` is two of them."""

    name: Annotated[str, Ask(label("Part"))]
    quantity: Annotated[int, Ask(label("Quantity"), "number")] = 1

    @classmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """The part's name, and a quantity where the last word is a number."""
        name, _, last = typed.strip().rpartition(" ")
        if name and last.isdigit() and int(last) > 0:
            return {"name": name.strip(), "quantity": int(last)}
        return {"name": typed.strip(), "quantity": 1}


class Arrive(Entry):
    """When the technician arrived; where that was before the recorded dispatch, why."""

    arrived_at: Annotated[datetime, Ask(label("Arrived at"), "moment")]
    dispatch_because: Annotated[str, Ask(label("Why before the dispatch"))] = ""


class Finish(Entry):
    """The voucher's entry for a job finished on site, in the paper's order (forms §3.2)."""

    finished_at: Annotated[datetime, Ask(label("Finished at"), "moment")]
    cause: Annotated[str, Ask(label("Fault cause"))]
    work: Annotated[str, Ask(label("Work done"))]
    parts: Annotated[tuple[PartLine, ...], Ask(label("Parts replaced"), "lines")] = ()
    fees: Annotated[tuple[ChargeLine, ...], Ask(label("Fees"), "lines")] = ()
    collected: Annotated[bool, Ask(label("Collected on the spot"), "flag")] = False
    signer: Annotated[str, Ask(label("Signed by"), row=1)]
    capacity: Annotated[str, Ask(label("Capacity"), "choice", options=CAPACITIES, row=1)] = "customer"
    medium: Annotated[str, Ask(label("Signature on"), "choice", options=MEDIA, row=1)] = "paper"


class ComeBack(Entry):
    """Why a further visit is needed."""

    left_at: Annotated[datetime, Ask(label("Left at"), "moment")]
    reason: Annotated[str, Ask(label("Reason"))]
    cause: Annotated[str, Ask(label("Fault cause"))] = ""


class Charge(Entry):
    """What the voucher charges that was not entered when the job was finished, and who signed for it."""

    fees: Annotated[tuple[ChargeLine, ...], Ask(label("Fees"), "lines")]
    signer: Annotated[str, Ask(label("Signed by"))]
    reason: Annotated[str, Ask(label("Reason"))]


class Sign(Entry):
    """The customer's signature, where it was missing when the technician left (D30)."""

    signed_at: Annotated[datetime, Ask(label("Signed at"), "moment")]
    signer: Annotated[str, Ask(label("Signed by"), row=1)]
    capacity: Annotated[str, Ask(label("Capacity"), "choice", options=CAPACITIES, row=1)] = "customer"
    medium: Annotated[str, Ask(label("Signature on"), "choice", options=SIGNED_ON, row=1)] = "paper"


def arrive_now(look: Look, rows: Sequence[CallRow], values: Mapping[str, Any]) -> Prepared:
    """Now, unless the clerk keys in the true time from the paper."""
    return Prepared(derived={"arrived_at": look.now})


def leave_now(look: Look, rows: Sequence[CallRow], values: Mapping[str, Any]) -> Prepared:
    """Now, unless the clerk keys in the true time from the paper."""
    return Prepared(derived={"left_at": look.now})


def finish_now(look: Look, rows: Sequence[CallRow], values: Mapping[str, Any]) -> Prepared:
    """Now, signed by the customer, with what the service type may charge as a sentence (D42)."""
    row = rows[0]
    unit = look.unit(row.unit)
    limit = unit.fee_limit_on(look.today(unit.timezone))
    told = {
        "A": say("A: collect on the spot up to {limit}.", limit=show_amount(limit, unit.currency)),
        "B": say("B: charge what the contract says."),
        "C": say("C: no fee; only a part outside its cover, on a line the customer signs."),
    }
    derived: dict[str, Any] = {"finished_at": look.now, "signer": row.caller or row.customer_name}
    if "fees" not in values and row.state == ARRIVED:
        used = _listed(look, row, values.get("parts", ()))
        derived["fees"] = suggested(look, row, None, until=values.get("finished_at"), used=used)
    return Prepared(derived=derived, notes=(told[row.service_type],))


@act("calls.arrive", Arrive, book=CALLS, prepare=arrive_now)
def arrive(desk: Desk, rows: Sequence[CallRow], entry: Arrive) -> Done:
    """The technician is there; the first arrival stops the clock (003 Art. 16, D25)."""
    from servicedesk.store import tables

    row, visit = rows[0], _visit(desk, rows[0])
    not_in_future(desk, "arrived_at", entry.arrived_at)
    not_before("arrived_at", entry.arrived_at, row.called_at, label("when the customer called"))
    values: dict[str, Any] = {}
    if entry.arrived_at < visit.dispatched_at:
        if not entry.dispatch_because:
            raise Refused(
                say("The dispatch is recorded at {at}, later than this: say why.", at=visit.dispatched_at),
                field="dispatch_because",
            )
        values["dispatched_at"] = entry.arrived_at
        desk.store.change(tables.Visit, visit.id, dispatched_at=entry.arrived_at)
        keep_old(desk, row, "dispatched_at", visit.dispatched_at, entry.arrived_at, entry.dispatch_because)
    desk.store.change(tables.Visit, visit.id, arrived_at=entry.arrived_at)
    first = row.arrived_at or entry.arrived_at
    change(desk, row, state=ARRIVED, arrived_at=first, **values)
    return Done(
        say("{name} arrived at {at}.", name=row.technician_name, at=entry.arrived_at), numbers(rows), ("calls.finish",)
    )


def _listed(look: Look, row: CallRow, lines: Sequence[Mapping[str, Any]]) -> list[TypedLine]:
    """The parts replaced that are on the list in the unit's currency, at its price; others are charged as agreed."""
    from servicedesk.store import parts

    known = [(parts.one(look.store, line["name"], row.unit), line["quantity"]) for line in lines]
    currency = look.unit(row.unit).currency
    return [
        TypedLine("parts", part.price * quantity, 0, "", f"{part.number} {part.name}", quantity)
        for part, quantity in known
        if part is not None and part.currency == currency
    ]


@act("calls.finish", Finish, book=CALLS, prepare=finish_now)
def finish(desk: Desk, rows: Sequence[CallRow], entry: Finish) -> Done:
    """Finished on site and signed there and then (003 Art. 6); fees as the service type allows (D42)."""
    row = rows[0]
    signed = "" if entry.medium == "none" else "signed"
    written = write_entry(desk, row, entry.finished_at, "finished_at", DONE, entry, signed)
    _write_parts(desk, row, written, entry.parts)
    signer = entry.signer if signed else ""
    charged = assess(desk, row, entry.fees, done_at=entry.finished_at, collected=entry.collected, signer=signer)
    change(desk, row, state=DONE, finished_at=entry.finished_at, signed=signed, **charged)
    if not signed:
        said = say("{number} is done on site; the customer's signature is missing.", number=row.number)
        return Done(said, numbers(rows), ("calls.sign",))
    return Done(
        say("{number} is done on site, signed by {signer}.", number=row.number, signer=entry.signer),
        numbers(rows),
        ("calls.take_back", "calls.strike_off"),
    )


@act("calls.come_back", ComeBack, book=CALLS, prepare=leave_now)
def come_back(desk: Desk, rows: Sequence[CallRow], entry: ComeBack) -> Done:
    """A further visit is needed: the call waits for the supervisor again, the voucher goes with it."""
    row = rows[0]
    write_entry(desk, row, entry.left_at, "left_at", REVISIT, entry, "")
    change(desk, row, state=REVISIT, technician_id=None, remarks=joined(row.remarks, entry.reason))
    tell(desk, row, "revisit")
    return Done(say("{number} waits for a further visit.", number=row.number), numbers(rows), ("calls.take_back",))


def charge_signer(look: Look, rows: Sequence[CallRow], values: Mapping[str, Any]) -> Prepared:
    """The customer."""
    return Prepared(derived={"signer": rows[0].caller or rows[0].customer_name})


@act("calls.charge", Charge, book=CALLS, prepare=charge_signer)
def charge(desk: Desk, rows: Sequence[CallRow], entry: Charge) -> Done:
    """A fee that stands on the voucher and was forgotten; it is invoiced, never collected on the spot (003 Art. 7)."""
    row = rows[0]
    if not entry.fees:
        raise Refused(say("Enter the lines that are charged, with the amount 0 where nothing is."), field="fees")
    done_at = row.finished_at or desk.now
    charged = assess(desk, row, entry.fees, done_at=done_at, collected=False, signer=entry.signer)
    change(desk, row, remarks=joined(row.remarks, entry.reason), **charged)
    amount = show_amount(charged["fee"], desk.unit(row.unit).currency)
    following = ("charges.invoice",) if charged["fee"] else ()
    return Done(say("{number} is charged {amount}.", number=row.number, amount=amount), numbers(rows), following)


def sign_now(look: Look, rows: Sequence[CallRow], values: Mapping[str, Any]) -> Prepared:
    """Now, by the customer."""
    return Prepared(derived={"signed_at": look.now, "signer": rows[0].caller or rows[0].customer_name})


@act("calls.sign", Sign, book=CALLS, prepare=sign_now)
def sign(desk: Desk, rows: Sequence[CallRow], entry: Sign) -> Done:
    """The customer signs the voucher afterwards; without it the line is not struck off (states §5.2)."""
    from servicedesk.store import dispatch, tables

    row = rows[0]
    written = dispatch.last_entry(desk.store, row.id)
    not_in_future(desk, "signed_at", entry.signed_at)
    not_before("signed_at", entry.signed_at, written.left_at, label("when the technician left"))
    signature = "countersigned" if row.state == CARRIED_BACK else "signed"
    desk.store.change(
        tables.VoucherEntry,
        written.id,
        signature=signature,
        signer=entry.signer,
        signer_capacity=entry.capacity,
        signed_at=entry.signed_at,
        medium=entry.medium,
        attested_by=desk.actor.id,
    )
    charge_signed(desk, row, entry.signer, entry.signed_at)
    change(desk, row, signed=signature)
    return Done(
        say("{number} is signed by {signer}.", number=row.number, signer=entry.signer),
        numbers(rows),
        ("calls.take_back", "calls.strike_off"),
    )


def _visit(desk: Desk, row: CallRow) -> ActiveVisit:
    from servicedesk.store import dispatch

    return dispatch.active_visit(desk.store, row.id)


def write_entry(
    desk: Desk, row: CallRow, left_at: datetime, field: str, outcome: str, entry: Entry, signature: str
) -> int:
    """The job's entry on the standing voucher, and the end of the visit."""
    from servicedesk.store import tables

    visit = _visit(desk, row)
    not_in_future(desk, field, left_at)
    not_before(field, left_at, visit.arrived_at, label("the arrival"))
    reason = getattr(entry, "reason", "")
    desk.store.change(tables.Visit, visit.id, state="done", left_at=left_at, outcome=outcome, reason=reason)
    signed = {}
    if signature:
        signed = {
            "signature": signature,
            "signer": getattr(entry, "signer", ""),
            "signer_capacity": getattr(entry, "capacity", ""),
            "signed_at": left_at,
            "medium": getattr(entry, "medium", ""),
            "attested_by": desk.actor.id,
        }
    return desk.store.add(
        tables.VoucherEntry,
        voucher_id=row.voucher_id,
        call_id=row.id,
        visit_id=visit.id,
        technician_id=visit.technician_id,
        arrived_at=visit.arrived_at or left_at,
        left_at=left_at,
        cause=getattr(entry, "cause", ""),
        work=getattr(entry, "work", ""),
        outcome=outcome,
        **signed,
    )


def _write_parts(desk: Desk, row: CallRow, written: int, lines: Sequence[PartLine]) -> None:
    """Parts by their number in the list come from the unit's stock, others are only written down."""
    from servicedesk.acts.parts import use_on_site
    from servicedesk.store import tables

    for position, line in enumerate(lines, start=1):
        part = use_on_site(desk, line.name, line.quantity, row.unit, row.number, position)
        desk.store.add(
            tables.PartUsed,
            entry_id=written,
            line=position,
            name=line.name,
            quantity=line.quantity,
            part_id=part,
        )
