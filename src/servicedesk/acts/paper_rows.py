"""Which papers there are, and the rows that each is made of, as far as the person may see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from servicedesk.acts.desk import Look
from servicedesk.domain.charges import SEES_CHARGES
from servicedesk.domain.complaints import SEES_COMPLAINTS, ComplaintRow
from servicedesk.domain.customers import ProductRow
from servicedesk.domain.goods import SEES_GOODS
from servicedesk.domain.masking import mask_address, mask_email, mask_telephone
from servicedesk.domain.numbering import CALL, GOODS_LINE
from servicedesk.domain.printing import SEES_JOB_SHEETS, Case, Holder, Job, Sheet
from servicedesk.domain.register_days import SEES_DAYS, DayRow, PageLineRow
from servicedesk.domain.repair_cards import SEES_CARDS
from servicedesk.domain.reports import SEES_REPORTS, SEES_SUPERVISOR_REPORTS
from servicedesk.domain.rights import MAY_REVEAL, SEES_CALLS, SEES_CLEAR, Held, sees
from servicedesk.domain.spoken import spoken_date
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, label, say

if TYPE_CHECKING:
    from servicedesk.domain.calls import CallRow

KINDS: Mapping[str, str] = {
    "voucher": label("service voucher"),
    "receipt": label("customer goods receipt"),
    "card": label("repair card"),
    "register": label("call-in register page"),
    "goods": label("goods register page"),
    "invoice_request": label("invoice request"),
    "day_pack": label("day pack of a technician"),
    "job_sheet": label("blank job sheet"),
    "letter": label("letter on a complaint"),
    "complaint": label("complaint handling sheet"),
    "submission": label("submission to the deputy general manager"),
    "technician_report": label("technician daily work report"),
    "supervisor_report": label("supervisor daily report"),
    "closing_sheet": label("closing sheet"),
    "transmittal": label("register transmittal"),
}


def gathered(look: Look, kind: str, number: str, *, sent: bool = False) -> list[Sheet]:
    """The sheets of a paper.

    Args:
        look: who asks; what the posts do not show is refused, a telephone not to be seen in full is masked.
        kind: one of `KINDS`.
        number: the paper's; of a page `SZ 2026-11-23`, of a day pack the technician's login and the day.
        sent: whether it is printed now, which stands in the audit log: a letter then carries its address for whoever
            may have it shown.

    Raises:
        Refused: where there is none, or none that this person may see.
    """
    if kind == "letter":
        return _letter(look, number.strip(), MAY_REVEAL if sent else SEES_CLEAR)
    return _GATHER[kind](look, number.strip())


def _voucher(look: Look, number: str) -> list[Sheet]:
    from servicedesk.store import customers

    product = customers.product_by_voucher(look.store, number)
    if product is None:
        raise _no(number)
    return [_voucher_of(look, product)]


def _voucher_of(look: Look, product: ProductRow) -> Sheet:
    from servicedesk.store import customers, printing

    _may_see(look, SEES_CALLS, product, product.voucher)
    contract = customers.contract_in_force(look.store, product, look.today())
    customer = customers.one(look.store, product.customer)
    calls = printing.calls_of_product(look.store, product.id)
    jobs = [_job(look, call) for call in calls]
    telephone = customer.telephones.split(" ")[0] if customer is not None else ""
    address = customer.address if customer is not None else ""
    holder = _holder(look, product, product.customer_name, telephone, address)
    written = tuple(job for job in jobs if job.entries or (job.goods is not None and job.goods.returned_at))
    return Sheet("voucher", product.voucher, (look.unit(product.unit), holder, product, contract, written))


def _job(look: Look, call: CallRow) -> Job:
    from servicedesk.store import calls, printing, repair_cards

    goods = printing.goods_of_call(look.store, call.id)
    card = repair_cards.CARDS.one(look.store, goods.card) if goods is not None and goods.card else None
    lines = repair_cards.part_lines(look.store, card.id) if card is not None else []
    parts = tuple((line.name, line.quantity) for line in lines if not line.taken_out)
    return Job(call, tuple(calls.entries(look.store, call.id)), goods, parts)


def _receipt(look: Look, number: str) -> list[Sheet]:
    from servicedesk.store.goods import RECEIPTS

    row = RECEIPTS.one(look.store, number)
    if row is None:
        raise _no(number)
    _may_see(look, SEES_GOODS, row, number)
    holder = _holder(look, row, row.customer_name, row.telephone, row.address)
    return [Sheet("receipt", row.number, (look.unit(row.unit), row, holder))]


def _card(look: Look, number: str) -> list[Sheet]:
    from servicedesk.store import repair_cards

    row = repair_cards.CARDS.one(look.store, number)
    if row is None:
        raise _no(number)
    _may_see(look, SEES_CARDS, row, number)
    holder = _holder(look, row, row.customer_name, row.telephone, row.address)
    times = repair_cards.time_lines(look.store, row.id)
    parts = repair_cards.part_lines(look.store, row.id)
    return [Sheet("card", row.number, (look.unit(row.unit), row, holder, times, parts))]


def _invoice_request(look: Look, number: str) -> list[Sheet]:
    from servicedesk.store import charges

    row = charges.CHARGES.one(look.store, number)
    if row is None:
        raise _no(number)
    _may_see(look, SEES_CHARGES, row, number)
    holder = _holder(look, row, row.customer_name, row.telephone, row.address)
    lines = charges.lines(look.store, row.id)
    return [Sheet("invoice_request", row.number, (look.unit(row.unit), row, holder, lines))]


def _register(look: Look, number: str) -> list[Sheet]:
    from servicedesk.store import printing

    unit, day = _unit_and_day(look, number)
    rows = printing.calls_of_day(look.store, f"{unit.code}-{CALL}-{day:%y%m%d}")
    contacts = {}
    for row in rows:
        holder = _holder(look, row, row.customer_name, row.telephone, row.address)
        contacts[row.number] = (holder.telephone, holder.address)
    return [Sheet("register", _page(unit, day), (unit, day, rows, contacts))]


def _goods(look: Look, number: str) -> list[Sheet]:
    from servicedesk.store import printing

    unit, day = _unit_and_day(look, number)
    rows = printing.goods_of_day(look.store, f"{unit.code}-{GOODS_LINE}-{day:%y%m%d}")
    return [Sheet("goods", _page(unit, day), (unit, day, rows))]


def _day_pack(look: Look, number: str) -> list[Sheet]:
    """The cover, the vouchers that the technician carries, and his blank sheets of that day."""
    from servicedesk.store import customers, dispatch, printing, staff

    login, _, words = number.partition(" ")
    person = staff.person(look.store, login)
    if person is None:
        raise _no(login)
    unit = look.unit(person.unit)
    day = _day(look, words)
    calls = dispatch.active_calls(look.store, login)
    begins = datetime.combine(day, time.min, ZoneInfo(unit.timezone))
    blanks = printing.sheets_of(look.store, person.id, begins)
    for call in calls:
        _may_see(look, SEES_CALLS, call, call.number)
    for blank in blanks:
        _may_see(look, SEES_JOB_SHEETS, blank, blank.number)
    shown = []
    for call in calls:
        holder = _holder(look, call, call.customer_name, call.telephone, call.address)
        shown.append(call._replace(address=holder.address))
    found = [Sheet("day_pack", f"{login} {day:%Y-%m-%d}", (unit, person.name, day, shown, blanks))]
    products = [customers.product(look.store, call.product_id) for call in calls]
    found += [_voucher_of(look, product) for product in products if product is not None]
    return found + [Sheet("job_sheet", blank.number, (unit, blank, day)) for blank in blanks]


def _job_sheet(look: Look, number: str) -> list[Sheet]:
    from servicedesk.store import printing

    row = printing.JOB_SHEETS.one(look.store, number)
    if row is None:
        raise _no(number)
    _may_see(look, SEES_JOB_SHEETS, row, number)
    unit = look.unit(row.unit)
    return [Sheet("job_sheet", row.number, (unit, row, look.today(unit.timezone)))]


def _letter(look: Look, number: str, in_clear: Mapping[str, str]) -> list[Sheet]:
    """A letter as it was sent; the address stands on it only for whom these grants show it in full, never masked."""
    from servicedesk.store import complaints

    written = complaints.letter(look.store, number)
    row = complaints.COMPLAINTS.one(look.store, written.complaint) if written is not None else None
    if written is None or row is None:
        raise _no(number)
    _may_see(look, SEES_COMPLAINTS, row, number)
    address = row.address if sees(look.actor, in_clear, row) else ""
    return [Sheet("letter", written.number, (look.unit(row.unit), written, address))]


def _complaint(look: Look, number: str) -> list[Sheet]:
    from servicedesk.store import complaints

    row = _complaint_row(look, number)
    case = Case(
        complaints.handlings(look.store, row.id),
        complaints.departments(look.store, row.id),
        complaints.events(look.store, row.id),
        complaints.evidence(look.store, row.id),
        complaints.clocks(look.store, row.id),
        complaints.steps(look.store, row.id),
    )
    in_clear = sees(look.actor, SEES_CLEAR, row)
    return [Sheet("complaint", row.number, (look.unit(row.unit), row, case, in_clear))]


def _submission(look: Look, number: str) -> list[Sheet]:
    """What is put before the deputy general manager: a serious complaint, or the compensation proposed for another."""
    from servicedesk.store import complaints

    row = _complaint_row(look, number)
    if row.submitted_at is None and not row.proposed:
        raise Refused(say("{number} was not submitted to the deputy general manager.", number=number))
    last = complaints.handlings(look.store, row.id)[-1]
    departments = complaints.departments(look.store, row.id)
    return [Sheet("submission", row.number, (look.unit(row.unit), row, last, departments))]


def _complaint_row(look: Look, number: str) -> ComplaintRow:
    """The complaint, telephone, e-mail and address as the person may see them."""
    from servicedesk.store import complaints

    row = complaints.COMPLAINTS.one(look.store, number)
    if row is None:
        raise _no(number)
    _may_see(look, SEES_COMPLAINTS, row, number)
    holder = _holder(look, row, row.customer_name, row.telephone, row.address)
    email = row.email if sees(look.actor, SEES_CLEAR, row) or not row.email else mask_email(row.email)
    return row._replace(telephone=holder.telephone, address=holder.address, email=email)


def _technician_report(look: Look, number: str) -> list[Sheet]:
    from servicedesk.store import reports

    row = reports.REPORTS.one(look.store, number)
    if row is None:
        raise _no(number)
    _may_see(look, SEES_REPORTS, row, number)
    lines = reports.lines(look.store, row.id)
    return [Sheet("technician_report", row.number, (look.unit(row.unit), row, lines))]


def _supervisor_report(look: Look, number: str) -> list[Sheet]:
    from servicedesk.store import reports

    row = reports.SUPERVISOR_REPORTS.one(look.store, number)
    if row is None:
        raise _no(number)
    _may_see(look, SEES_SUPERVISOR_REPORTS, row, number)
    lines, late = reports.figures(look.store, row.id), reports.late_in(look.store, row)
    return [Sheet("supervisor_report", row.number, (look.unit(row.unit), row, lines, late))]


def _closing_sheet(look: Look, number: str) -> list[Sheet]:
    from servicedesk.store import register_days

    row, lines = _closed_page(look, number)
    differences = register_days.differences(look.store, row.id)
    return [Sheet("closing_sheet", row.number, (look.unit(row.unit), row, differences, lines))]


def _transmittal(look: Look, number: str) -> list[Sheet]:
    row, lines = _closed_page(look, number)
    contacts = {}
    for line in lines:
        holder = _holder(look, row, line.customer_name, line.telephone, line.address)
        contacts[line.number] = (holder.telephone, holder.address)
    return [Sheet("transmittal", row.number, (look.unit(row.unit), row, lines, contacts))]


def _closed_page(look: Look, number: str) -> tuple[DayRow, list[PageLineRow]]:
    """A register day with its page as the closing froze it (D37)."""
    from servicedesk.store import register_days

    row = register_days.DAYS.one(look.store, number)
    if row is None:
        raise _no(number)
    _may_see(look, SEES_DAYS, row, number)
    if row.closed_at is None:
        raise Refused(say("{number} is not closed yet: close the day first.", number=number))
    return row, register_days.page_lines(look.store, row.id)


_GATHER: Mapping[str, Callable[[Look, str], list[Sheet]]] = {
    "voucher": _voucher,
    "receipt": _receipt,
    "card": _card,
    "register": _register,
    "goods": _goods,
    "invoice_request": _invoice_request,
    "day_pack": _day_pack,
    "job_sheet": _job_sheet,
    "complaint": _complaint,
    "submission": _submission,
    "technician_report": _technician_report,
    "supervisor_report": _supervisor_report,
    "closing_sheet": _closing_sheet,
    "transmittal": _transmittal,
}


def _page(unit: UnitRow, day: date) -> str:
    return f"{unit.code} {day:%Y-%m-%d}"


def _unit_and_day(look: Look, number: str) -> tuple[UnitRow, date]:
    """What `SZ 2026-11-23` means; without a unit the own one, without a day today."""
    words = number.split()
    code = words.pop(0).upper() if words and words[0].isalpha() else look.actor.unit
    unit = look.unit(code)
    _may_see(look, SEES_CALLS, unit, code)
    return unit, _day(look, " ".join(words))


def _day(look: Look, words: str) -> date:
    return spoken_date(words, look.today()) if words else look.today()


def _may_see(look: Look, grants: Mapping[str, str], row: Held, number: str) -> None:
    if not sees(look.actor, grants, row):
        raise Refused(say("Your posts do not show {number}.", number=number), kind="rights")


def _holder(look: Look, row: Held, name: str, telephone: str, address: str) -> Holder:
    if sees(look.actor, SEES_CLEAR, row):
        return Holder("", name, telephone, address)
    return Holder("", name, mask_telephone(telephone) if telephone else "", mask_address(address) if address else "")


def _no(number: str) -> Refused:
    return Refused(say("There is no {number} in the books.", number=number))
