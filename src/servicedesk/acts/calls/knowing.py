"""What the books know of a caller: one look, used by the form and repeated by the act (D16, D23, D39, D41)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from servicedesk.acts.act import Prepared
from servicedesk.acts.desk import Look
from servicedesk.domain import service_types
from servicedesk.domain.calls import UNTIMED_CHANNELS, CallRow, is_repeat
from servicedesk.domain.clocks import due, promise
from servicedesk.domain.customers import CustomerRow, ProductRow
from servicedesk.domain.rights import CLERK, SUPERVISOR
from servicedesk.domain.telephones import fragment, normalise
from servicedesk.domain.units import DistrictRow, UnitRow
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.domain.zones import SUBURBAN, URBAN, ZONES

STATE_TO_SAY: Mapping[str, str] = {
    "logged": label("It is logged and waits for a technician."),
    "dispatched": label("The technician is on the way."),
    "arrived": label("The technician is there."),
    "done_on_site": label("The repair is done; the papers are being closed."),
    "carried_back": label("The product is in our workshop."),
    "revisit": label("A further visit is being planned."),
    "returned": label("The product was returned; the papers are being closed."),
}


@dataclass(frozen=True)
class Known:
    """What the books know of the caller, found once and used by the form and by the act."""

    unit: UnitRow | None
    customer: CustomerRow | None
    product: ProductRow | None
    contract: service_types.ContractFacts | None
    open_call: CallRow | None
    repeat_of: str
    due_at: datetime | None


def fill_in(look: Look, rows: Sequence[Any], typed: Mapping[str, Any]) -> Prepared:
    """Telephone, name, serial or voucher → customer, product, zone, service type, promise."""
    values = dict(typed)
    derived: dict[str, Any] = {}
    rewritten: dict[str, Any] = {}
    notes: list[Sentence] = []

    def known(**found: Any) -> None:
        for name, value in found.items():
            if value not in (None, ""):
                derived[name] = value
                values.setdefault(name, value)

    known(called_at=look.now, channel="telephone")
    customer, product = _who(look, values, notes)
    if customer is not None:
        known(customer=customer.name, telephone=_telephone(customer, values), address=customer.address)
        known(district=customer.district)
        if customer.note:
            notes.append(say("Note: {note}", note=customer.note))
    elif values.get("caller"):
        known(**_new_caller(values["caller"]))
    if values.get("telephone"):
        rewritten["telephone"] = values["telephone"] = normal_telephone(values["telephone"])
    product = product or which(look, customer, values)
    if product is not None:
        rewritten["model_no"] = values["model_no"] = product.model_no
        known(serial_no=product.serial_no, voucher=product.voucher, warranty_until=product.warranty_until)
    unit = _place(look, values, known, notes)
    contract = _type(look, values, product, known)
    due_at, said = _promise(look, values, unit)
    found = _history(look, values, product, notes)
    open_call, repeat_of = found
    return Prepared(
        derived=derived,
        rewritten=rewritten,
        promise=said,
        notes=tuple(notes),
        same=open_call.number if open_call is not None else "",
        known=Known(unit, customer, product, contract, open_call, repeat_of, due_at),
    )


def _who(look: Look, values: Mapping[str, Any], notes: list[Sentence]) -> tuple[CustomerRow | None, ProductRow | None]:
    """The one customer meant by what was typed; several are named, none is a new customer."""
    typed = values.get("caller") or values.get("voucher") or ""
    if not typed:
        return None, None
    # Imported only now: an empty form stands without it.
    from servicedesk.store import customers

    exact = customers.one(look.store, typed)
    if exact is not None:
        return survivor(look, exact), None
    product = customers.product_by_voucher(look.store, typed) or customers.product_by_serial(look.store, typed)
    if product is not None:
        return customers.one(look.store, product.customer), product
    found = customers.find(look.store, typed, limit=3)
    if len(found) == 1 and _is_meant(found[0], typed):
        return found[0], None
    if found:
        listed = tuple(f"{row.number} {row.name}" for row in found)
        notes.append(say("These customers match: {customers}. Choose one.", customers=listed))
    return None, None


def _is_meant(customer: CustomerRow, typed: str) -> bool:
    """Whether telephone, name or pinyin says so; a word somewhere in an address makes nobody the caller."""
    from servicedesk.store.words_index import fold, name_keys

    digits, words = fragment(typed), fold(typed).replace(" ", "")
    if digits and any(digits in number for number in customer.telephones.split()):
        return True
    keys = name_keys(customer.name) if words.isascii() else ()
    return any(key.startswith(words) for key in (fold(customer.name).replace(" ", ""), *keys) if words)


def survivor(look: Look, customer: CustomerRow) -> CustomerRow:
    """The customer that one was merged into; the customer itself where it was not."""
    from servicedesk.store import customers

    while customer.merged_into:
        into = customers.one(look.store, customer.merged_into)
        if into is None:
            return customer
        customer = into
    return customer


def _new_caller(typed: str) -> dict[str, str]:
    """A caller nobody knows: digits are a telephone, anything else a name."""
    digits = fragment(typed)
    return {"telephone": digits} if digits else {"customer": typed}


def _telephone(customer: CustomerRow, values: Mapping[str, Any]) -> str:
    """The telephone the person typed, where it is one of the customer's; else the first."""
    own = customer.telephones.split()
    typed = fragment(values.get("caller", "")) or ""
    return next((number for number in own if typed and typed in number), own[0] if own else "")


def normal_telephone(typed: str) -> str:
    """The number in normal form.

    Raises:
        Refused: on the field of the telephone.
    """
    try:
        return normalise(typed)
    except Refused as refused:
        raise Refused(refused.sentence, field="telephone", kind="field") from None


def which(look: Look, customer: CustomerRow | None, values: Mapping[str, Any]) -> ProductRow | None:
    """The customer's product meant: by voucher, serial or model, or the only one there is."""
    if customer is None:
        return None
    from servicedesk.store import customers

    own = customers.products(look.store, customer.id)
    for name in ("model_no", "voucher"):
        for product in own:
            if values.get(name) and values[name] == product.voucher:
                return product
    if values.get("serial_no"):
        return next((product for product in own if product.serial_no == values["serial_no"]), None)
    if values.get("model_no"):
        same = [product for product in own if product.model_no == values["model_no"]]
        return same[0] if len(same) == 1 else None
    return own[0] if len(own) == 1 else None


def _place(look: Look, values: Mapping[str, Any], known: Any, notes: list[Sentence]) -> UnitRow | None:
    """District → zone and, for those who belong to no branch, the unit (D23, D39)."""
    found = district_of(look, values.get("district", ""), values.get("address", ""))
    if found is not None:
        known(district=found.name, zone=found.zone)
    for post in look.actor.posts:
        if post.role in (CLERK, SUPERVISOR):
            return look.unit(post.unit)
    if found is None:
        notes.append(say("The district is not known yet: it tells which unit comes."))
        return None
    return look.unit(found.unit)


def district_of(look: Look, name: str, address: str) -> DistrictRow | None:
    """The district of this name, else the one that the address names."""
    if not name and not address:
        return None
    from servicedesk.store import units

    found = units.district(look.store, name) if name else None
    if found is None and address:
        found = next((row for row in units.districts(look.store) if row.name in address), None)
    return found


def _type(
    look: Look, values: Mapping[str, Any], product: ProductRow | None, known: Any
) -> service_types.ContractFacts | None:
    """A, B or C from warranty and contract (003 Art. 4)."""
    day = called_on(look, values)
    contract = None if product is None else _contract(look, product, day)
    derived = service_types.derive(day, values.get("warranty_until"), contract)
    known(service_type=str(derived.type))
    return contract


def _contract(look: Look, product: ProductRow, day: date) -> service_types.ContractFacts | None:
    """The contract in force for the product, else the one of the customer's that best says why there is none."""
    from servicedesk.store import customers

    row = customers.contract_in_force(look.store, product, day)
    if row is None:
        known = customers.contracts(look.store, product.customer_id)
        row = next((one for one in known if one.product_id in (None, product.id)), known[0] if known else None)
    if row is None:
        return None
    covers = row.product_id in (None, product.id)
    return service_types.ContractFacts(row.number, row.starts_on, row.ends_on, True, covers)


def called_on(look: Look, values: Mapping[str, Any]) -> date:
    called_at: datetime = values.get("called_at") or look.now
    return called_at.astimezone(ZoneInfo(look.zone)).date()


def _promise(
    look: Look, values: Mapping[str, Any], unit: UnitRow | None
) -> tuple[datetime | None, tuple[Sentence, ...]]:
    """Due arrival and the sentence to say; none where nothing is promised (D26, D38)."""
    zone, called_at = values.get("zone"), values.get("called_at")
    if unit is None or zone not in (URBAN, SUBURBAN) or called_at is None or values.get("channel") in UNTIMED_CHANNELS:
        return None, ()
    calendar, limit = look.calendar(unit.code), unit.arrival_limit(zone)
    due_at = due(calendar, called_at, limit)
    return due_at, promise(calendar, called_at, due_at, ZONES[zone], limit)


def _history(
    look: Look, values: Mapping[str, Any], product: ProductRow | None, notes: list[Sentence]
) -> tuple[CallRow | None, str]:
    """The product's open call as a sentence to say, and the strike-off that makes this a repeat."""
    if product is None:
        return None, ""
    from servicedesk.store import calls

    for row in calls.open_of_product(look.store, product.id)[:1]:
        notes.append(
            say(
                "Open call of this product: {number}, logged {at}. {state}",
                number=row.number,
                at=row.logged_at,
                state=Sentence(STATE_TO_SAY[row.state]),
            )
        )
        return row, ""
    last = calls.last_struck_off(look.store, product.id)
    called_at = values.get("called_at") or look.now
    if last is not None and last.struck_off_at is not None and is_repeat(last.struck_off_at, called_at):
        notes.append(say("Repeat: {number} was struck off on {day}.", number=last.number, day=last.struck_off_at))
        return None, last.number
    return None, ""
