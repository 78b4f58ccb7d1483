"""Log a call: one line of the call-in repair register, at once.

003 Art. 4-5, 16; forms §3.1; D16, D23-D26, D39, D41.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from servicedesk.acts.act import Done, act
from servicedesk.acts.calls.common import hand_over, holds, joined, not_in_future
from servicedesk.acts.calls.knowing import Known, called_on, fill_in
from servicedesk.acts.desk import Desk
from servicedesk.acts.entry import Ask, Entry
from servicedesk.domain import service_types
from servicedesk.domain.calls import CHANNELS, LOGGED, CallRow, judged_by, urgency
from servicedesk.domain.clocks import due
from servicedesk.domain.numbering import CALL
from servicedesk.domain.rights import CLERK, SUPERVISOR
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.domain.zones import ZONES

TYPES = {"A": label("A paid"), "B": label("B contract"), "C": label("C free")}


COPIED = (
    "called_at",
    "channel",
    "customer_id",
    "customer_name",
    "caller",
    "telephone",
    "address",
    "district",
    "zone",
    "product_id",
    "model_no",
    "product_name",
    "serial_no",
    "symptom",
    "service_type",
    "voucher_id",
    "appointment_at",
)
"""What a call takes along when another unit takes it over."""


class LogCall(Entry):
    """One line of the register, in paper order; the first field finds the rest."""

    caller: Annotated[str, Ask(label("Caller"), "lookup", lookup="callers")] = ""
    called_at: Annotated[datetime, Ask(label("Called at"), "moment", row=1)]
    channel: Annotated[str, Ask(label("Channel"), "choice", options=CHANNELS, row=1)] = "telephone"
    customer: Annotated[str, Ask(label("Customer"), row=2)]
    contact: Annotated[str, Ask(label("Contact"), row=2)] = ""
    telephone: Annotated[str, Ask(label("Telephone"), row=3, width=24)]
    district: Annotated[str, Ask(label("District"), "lookup", lookup="districts", row=3)] = ""
    address: Annotated[str, Ask(label("Address"), row=4)]
    zone: Annotated[str, Ask(label("Zone"), "choice", options=ZONES, row=4, width=10)]
    zone_because: Annotated[str, Ask(label("Why this zone"), because="zone")] = ""
    model_no: Annotated[str, Ask(label("Product"), "lookup", lookup="products", row=5)]
    serial_no: Annotated[str, Ask(label("Serial"), row=5)] = ""
    symptom: Annotated[str, Ask(label("Symptom"))]
    service_type: Annotated[str, Ask(label("Service type"), "choice", options=TYPES, row=6)]
    warranty_until: Annotated[date | None, Ask(label("Warranty to"), "day", row=6)] = None
    type_because: Annotated[str, Ask(label("Why this type"), because="service_type")] = ""
    appointment_at: Annotated[datetime | None, Ask(label("Appointment"), "moment", row=7)] = None
    voucher: Annotated[str, Ask(label("Voucher"), row=7)] = ""
    further_because: Annotated[str, Ask(label("Why a further entry"), when=lambda values: bool(values.get("same")))] = (
        ""
    )
    remarks: Annotated[str, Ask(label("Remarks"))] = ""


def allowed(desk: Desk, rows: Sequence[Any], entry: LogCall) -> None:
    """What may not stand on the line (003 Art. 4-5; D41).

    Raises:
        Refused: on the field.
    """
    known: Known = desk.known
    not_in_future(desk, "called_at", entry.called_at)
    if known.unit is None:
        raise Refused(say("{field} is required.", field=Sentence(label("District"))), field="district")
    sentence = service_types.refusal(
        entry.service_type, called_on(desk, {"called_at": entry.called_at}), entry.warranty_until, known.contract
    )
    if sentence is not None:
        raise Refused(sentence, field="service_type")
    if known.open_call is None:
        return
    if not holds(desk, SUPERVISOR, known.open_call.unit):
        raise Refused(
            say(
                "{number} is open for this product: attach this call to it, "
                "or have the supervisor open a further entry.",
                number=known.open_call.number,
            ),
            field="model_no",
        )
    if not entry.further_because:
        raise Refused(
            say("{number} is open: say why a further entry.", number=known.open_call.number), field="further_because"
        )


@act("calls.log", LogCall, prepare=fill_in, checks=(allowed,))
def log(desk: Desk, rows: Sequence[Any], entry: LogCall) -> Done:
    """Write the line; customer, product and voucher are opened where they are not known yet (D16)."""
    from servicedesk.acts import pocket

    known: Known = desk.known
    unit = known.unit
    assert unit is not None
    if known.customer is not None:
        customer_id = known.customer.id
    else:
        customer_id, _ = pocket.open_customer(
            desk,
            name=entry.customer,
            telephone=entry.telephone,
            address=entry.address,
            district=entry.district,
            contact=entry.contact,
        )
    if known.product is not None:
        product_id, name = known.product.id, known.product.name
        voucher_id, voucher = known.product.voucher_id, known.product.voucher
    else:
        product_id, name = (
            pocket.open_product(
                desk,
                customer_id,
                model_no=entry.model_no,
                serial_no=entry.serial_no,
                warranty_until=entry.warranty_until,
            ),
            "",
        )
        voucher_id, voucher = None, ""
    if voucher_id is None:
        voucher_id, voucher = pocket.open_voucher(desk, unit, product_id, at_call=True)
    number = _write(desk, unit, known, entry, customer_id, product_id, name, voucher_id)
    if _pulls(desk, unit, known):
        hand_over(desk, voucher_id, voucher, unit.id, "clerk", paper=number)
    return Done(say("{number} logged.", number=number), (number,), ("calls.dispatch",))


def _write(
    desk: Desk,
    unit: UnitRow,
    known: Known,
    entry: LogCall,
    customer_id: int,
    product_id: int,
    product_name: str,
    voucher_id: int,
) -> str:
    return new_line(
        desk,
        unit,
        entry.appointment_at,
        called_at=entry.called_at,
        channel=entry.channel,
        customer_id=customer_id,
        customer_name=entry.customer,
        caller=entry.contact,
        telephone=entry.telephone,
        address=entry.address,
        district=entry.district,
        zone=entry.zone,
        zone_because=entry.zone_because,
        product_id=product_id,
        model_no=entry.model_no,
        product_name=product_name,
        serial_no=entry.serial_no,
        symptom=entry.symptom,
        service_type=entry.service_type,
        type_because=entry.type_because or entry.further_because,
        voucher_id=voucher_id,
        appointment_at=entry.appointment_at,
        due_at=known.due_at,
        remarks=entry.remarks,
        repeat_of=known.repeat_of,
        further=known.open_call is not None,
    )


def _pulls(desk: Desk, unit: UnitRow, known: Known) -> bool:
    """Whether the unit's own clerk pulls the voucher while logging; for an agent's call that is still to do (D39)."""
    own = any(post.role in (CLERK, SUPERVISOR) and post.unit == unit.code for post in desk.actor.posts)
    return own and (known.product is None or known.product.holder in ("", "file"))


def new_line(desk: Desk, unit: UnitRow, asked_for: datetime | None, **columns: Any) -> str:
    """Write a new line into a unit's register and its search words; gives the call's number.

    After the closing it stands on the next page, and its number is of that day (D36).
    `asked_for` is the appointment that the customer asked for, which moves the deadline (D24).
    """
    from servicedesk.store import calls, search, tables

    number = desk.number(unit, CALL, desk.page_day(unit.code))
    judged = judged_by(columns["due_at"], asked_for)
    written = desk.store.add(
        tables.Call,
        number=number,
        unit_id=unit.id,
        state=LOGGED,
        logged_at=desk.now,
        judged_by=judged,
        logged_by=desk.actor.id,
        urgent=urgency(LOGGED, judged, False, columns["called_at"]),
        **columns,
    )
    search.write_call(desk.store, calls.by_id(desk.store, written))
    return number


def copy_to(desk: Desk, row: CallRow, unit: UnitRow) -> str:
    """The same call as a line of another unit's register; the call-in time stays the customer's (D39)."""
    due_at = None
    if row.due_at is not None:
        due_at = due(desk.calendar(unit.code), row.called_at, unit.arrival_limit(row.zone))
    columns = {name: getattr(row, name) for name in COPIED}
    remarks = joined(row.remarks, row.number)
    number = new_line(desk, unit, row.asked_for, due_at=due_at, remarks=remarks, **columns)
    hand_over(desk, row.voucher_id, row.voucher, unit.id, "file", paper=number)
    return number
