"""What the books know of a complaint while it is received: the paper it is about, the customer, the unit (forms §3.11).

Used by the form and repeated by the act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.acts.act import Prepared
from servicedesk.acts.calls.knowing import district_of, normal_telephone, survivor, which
from servicedesk.acts.desk import Look
from servicedesk.acts.lookups import resolved
from servicedesk.domain.calls import CallRow
from servicedesk.domain.complaints import SEES_COMPLAINTS, STATES, ComplaintRow
from servicedesk.domain.customers import CustomerRow, ProductRow
from servicedesk.domain.numbering import CALL, GOODS_LINE, RECEIPT, REPAIR_CARD, VOUCHER, letter_of
from servicedesk.domain.repair_cards import CardRow
from servicedesk.domain.rights import ALL, SEES_CLEAR, UNIT, Held, sees
from servicedesk.domain.text import clean, clip
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused, Sentence, say

FIRST_WORDS = 40
"""So many cells of an open complaint are shown while the next one is typed."""
PRIVATE = ("telephone", "email", "address")
"""What only those see in full who work with it (§1.7)."""


class Paper(NamedTuple):
    """What a complaint is about: the call behind a card, receipt or goods line, or the product of a voucher."""

    call: CallRow | None = None
    card: CardRow | None = None
    product: ProductRow | None = None

    @property
    def unit(self) -> str:
        """The code of the unit whose paper it is; empty without one."""
        if self.call is not None:
            return self.call.unit
        return "" if self.product is None else self.product.unit

    @property
    def technician_id(self) -> int | None:
        """Who did the job complained of: on the bench, else on site."""
        if self.card is not None and self.card.technician_id is not None:
            return self.card.technician_id
        return None if self.call is None else self.call.technician_id


@dataclass(frozen=True)
class Known:
    """What the books know, found once; `private` is written also by somebody who may not see it."""

    unit: UnitRow
    paper: Paper
    customer: CustomerRow | None
    product: ProductRow | None
    contract: str
    private: Mapping[str, str]


def fill_in(look: Look, rows: Sequence[Any], typed: Mapping[str, Any]) -> Prepared:
    """Paper, else telephone → customer, product, contract, unit, technician; and the customer's open complaints."""
    values = {"received_at": look.now, "channel": "telephone", **typed}
    rewritten, notes = _rewritten(look, typed), list[Sentence]()
    values |= rewritten
    paper = paper_of(look, values.get("about", ""))
    customer = _customer(look, paper, values, notes)
    if customer is not None and values.get("customer_name") == customer.number:
        rewritten["customer_name"] = values["customer_name"] = customer.name
    named = which(look, customer, values) if values.get("model_no") or values.get("serial_no") else None
    if named is not None and "model_no" in typed:
        rewritten["model_no"] = named.model_no
    product = named or paper.product or which(look, customer, values)
    private, public = _contact(paper, customer)
    derived = {"received_at": look.now, "channel": "telephone", **public, **_goods(paper, product)}
    if in_clear(look, paper.call):
        derived |= private
    elif any(private[name] and name not in typed for name in PRIVATE):
        notes.append(say("Telephone and address are in the books; they go with the complaint without being shown."))
    unit = _unit(look, paper, customer, values, private["address"])
    derived["unit"] = unit.code
    opened = _open(look, customer, values.get("telephone") or private["telephone"], notes)
    return Prepared(
        derived={name: value for name, value in derived.items() if value != ""},
        rewritten=rewritten,
        notes=tuple(notes),
        same=opened[0].number if opened else "",
        known=Known(unit, paper, customer, product, _contract(look, product, values["received_at"]), private),
    )


def paper_of(look: Look, typed: str) -> Paper:
    """The call, repair card, voucher, goods receipt or goods line meant by a number; `29` is today's call.

    Raises:
        Refused: on the field, for a number that is not in the books.
    """
    from servicedesk.store import calls, customers, goods, repair_cards

    if not typed:
        return Paper()
    number = whole_number(look, typed)
    letter = letter_of(number)
    call, card, product = "", None, None
    if letter == VOUCHER:
        product = customers.product_by_voucher(look.store, number)
    elif letter == CALL:
        call = number
    elif letter == REPAIR_CARD:
        card = repair_cards.CARDS.one(look.store, number)
        call = card.call if card is not None else ""
    elif letter in (RECEIPT, GOODS_LINE):
        register: Any = goods.RECEIPTS if letter == RECEIPT else goods.GOODS
        line = register.one(look.store, number)
        call = line.call if line is not None else ""
    found = calls.one(look.store, call) if call else None
    if found is not None:
        product = customers.product(look.store, found.product_id)
    if found is None and product is None:
        raise Refused(say("There is no {number} in the books.", number=number), field="about", kind="field")
    return Paper(found, card, product)


def whole_number(look: Look, typed: str) -> str:
    """The whole number of a paper meant by a short one, else what was typed."""
    return look.whole_number(typed) or typed


def in_clear(look: Look, row: Held | None) -> bool:
    """Whether the actor reads telephone and address of this paper in full; of the books without one."""
    if row is not None:
        return sees(look.actor, SEES_CLEAR, row)
    # Customers belong to no unit: who may see those of a unit in full sees these.
    return any(SEES_CLEAR.get(post.role) in (UNIT, ALL) for post in look.actor.posts)


def numbered_customer(look: Look, typed: str) -> CustomerRow | None:
    """The customer whose number this is; for one that was merged, its survivor."""
    from servicedesk.store import customers

    found = customers.one(look.store, typed) if typed else None
    return None if found is None else survivor(look, found)


def _rewritten(look: Look, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers as the books write them."""
    rewritten = {}
    if typed.get("about"):
        rewritten["about"] = whole_number(look, typed["about"])
    if typed.get("telephone"):
        rewritten["telephone"] = normal_telephone(typed["telephone"])
    return rewritten


def _customer(look: Look, paper: Paper, values: Mapping[str, Any], notes: list[Sentence]) -> CustomerRow | None:
    """The customer of a number, else of the paper, else the one with this telephone; nobody is opened by force."""
    from servicedesk.store import customers

    found = numbered_customer(look, values.get("customer_name", ""))
    if found is None and paper.call is not None:
        found = numbered_customer(look, paper.call.customer)
    if found is None and paper.product is not None:
        found = numbered_customer(look, paper.product.customer)
    telephone = values.get("telephone", "")
    if found is not None or not telephone:
        return found
    same = [row for row in customers.find(look.store, telephone) if telephone in row.telephones.split()]
    if len(same) > 1:
        named = [row for row in same if row.name == values.get("customer_name")]
        if len(named) != 1:
            listed = tuple(f"{row.number} {row.name}" for row in same)
            notes.append(say("These customers match: {customers}. Choose one.", customers=listed))
            return None
        same = named
    return same[0] if same else None


def _contact(paper: Paper, customer: CustomerRow | None) -> tuple[dict[str, str], dict[str, str]]:
    """How the customer is reached, as the paper says it, else the file; and who it is."""
    email = "" if customer is None else customer.email
    call = paper.call
    if call is not None and (customer is None or customer.number == call.customer):
        private = {"telephone": call.telephone, "email": email, "address": call.address}
        return private, {"customer_name": call.customer_name, "contact": call.caller}
    if customer is None:
        return dict.fromkeys(PRIVATE, ""), {}
    telephone, _, _ = customer.telephones.partition(" ")
    return {"telephone": telephone, "email": email, "address": customer.address}, {"customer_name": customer.name}


def _goods(paper: Paper, product: ProductRow | None) -> dict[str, str]:
    if product is not None:
        return {"model_no": product.model_no, "serial_no": product.serial_no}
    return {} if paper.call is None else {"model_no": paper.call.model_no, "serial_no": paper.call.serial_no}


def _unit(look: Look, paper: Paper, customer: CustomerRow | None, values: Mapping[str, Any], address: str) -> UnitRow:
    """The unit entered; else the paper's, the district's, the actor's own (D39)."""
    typed = resolved(look, "units", "unit", values.get("unit", ""), {})
    if typed or paper.unit:
        return look.unit(typed or paper.unit)
    district = "" if customer is None or values.get("address") else customer.district
    found = district_of(look, district, values.get("address") or address)
    return look.home if found is None else look.unit(found.unit)


def _contract(look: Look, product: ProductRow | None, received_at: datetime) -> str:
    """The contract in force for the product on the day of the complaint."""
    from servicedesk.store import customers

    if product is None:
        return ""
    row = customers.contract_in_force(look.store, product, received_at.astimezone(ZoneInfo(look.zone)).date())
    return "" if row is None else row.number


def _open(look: Look, customer: CustomerRow | None, telephone: str, notes: list[Sentence]) -> list[ComplaintRow]:
    """The customer's open complaints, told while the next one is typed; what they say only to who reads them."""
    from servicedesk.store import complaints

    if customer is not None and customer.note:
        notes.append(say("Note: {note}", note=customer.note))
    found = complaints.open_of(look.store, None if customer is None else customer.id, telephone, look.now)
    for row in found:
        words = clip(clean(row.content), FIRST_WORDS) if sees(look.actor, SEES_COMPLAINTS, row) else ""
        notes.append(
            say(
                "Open complaint: {number}, received {at}, {state}. {words}",
                number=row.number,
                at=row.received_at,
                state=Sentence(STATES[row.state]),
                words=words,
            )
        )
    return found
