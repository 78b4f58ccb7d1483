"""Customers: entered, corrected and merged (003 Art. 5; R116, R165). Nothing of a customer is ever lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts.act import Done, Prepared, act
from servicedesk.acts.desk import Book, Desk, Look
from servicedesk.acts.entry import Ask, Entry
from servicedesk.acts.lookups import resolved
from servicedesk.acts.pocket import open_customer, read_names, read_telephones
from servicedesk.domain.customers import KINDS, LANGUAGES, CustomerRow
from servicedesk.domain.telephones import grouped
from servicedesk.domain.text import within
from servicedesk.domain.words import Refused, Sentence, label, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading

EMPTY = "-"
"""Typed into an optional field of a correction, it empties the field."""

_PLAIN = ("name", "kind", "language", "email", "remarks", "note")
_LONGEST = {"name": 120, "contact": 200, "address": 300, "email": 200, "remarks": 4000, "note": 4000}
_OPTIONAL = ("contact", "district", "email", "remarks", "note")


def _one(store: Reading, number: str) -> CustomerRow | None:
    from servicedesk.store import customers

    return customers.one(store, number)


CUSTOMERS = Book("customers", _one)


class EnterCustomer(Entry):
    """The head of the file pocket, in the order of the paper; name, telephone and address are required."""

    name: Annotated[str, Ask(label("Customer"), row=1)]
    kind: Annotated[str, Ask(label("Kind"), "choice", options=KINDS, row=1)] = "person"
    contact: Annotated[str, Ask(label("Contact"), row=2)] = ""
    telephones: Annotated[str, Ask(label("Telephones"), row=2)]
    address: Annotated[str, Ask(label("Address"))]
    district: Annotated[str, Ask(label("District"), "lookup", lookup="districts", row=3)] = ""
    language: Annotated[str, Ask(label("Language"), "choice", options=LANGUAGES, row=3)] = ""
    email: Annotated[str, Ask(label("E-mail"))] = ""
    remarks: Annotated[str, Ask(label("Remarks"), "long")] = ""
    note: Annotated[str, Ask(label("Special handling"), "long")] = ""


class CorrectCustomer(EnterCustomer):
    """The same fields; those left alone keep what they hold."""


class MergeCustomers(Entry):
    """The customer that stays."""

    survivor: Annotated[str, Ask(label("Merge into"), "lookup", lookup="customers")]


def _prepare_enter(look: Look, rows: Sequence[Any], values: Mapping[str, Any]) -> Prepared:
    """Tell the district from the address, and name customers that may be the same (R116)."""
    from servicedesk.store import customers

    derived, rewritten = _known_words(look, values)
    telephones = read_telephones(str(values.get("telephones", "")))
    name, address = str(values.get("name", "")), str(values.get("address", ""))
    alike = customers.likely_duplicates(look.store, name, " ".join(telephones), address, limit=3)
    return Prepared(derived=derived, rewritten=rewritten, notes=tuple(map(_already, alike)))


def _prepare_correct(look: Look, rows: Sequence[CustomerRow], values: Mapping[str, Any]) -> Prepared:
    """Fill in what the books hold; `-` empties an optional field."""
    (row,) = rows
    held = {name: getattr(row, name) for name in (*_PLAIN, "address", "district")}
    held["contact"] = ", ".join(row.contacts)
    held["telephones"] = ", ".join(map(grouped, row.telephones.split()))
    fixed = {name: "" for name in _OPTIONAL if values.get(name) == EMPTY}
    if values.get("district") == row.district:
        fixed["district"] = row.district  # kept as it is: an imported one need not be in the table
    rewritten = {} if "district" in fixed else _known_words(look, values)[1]
    read_telephones(str(values.get("telephones", "")))
    return Prepared(
        derived={name: value for name, value in held.items() if value},
        rewritten={**rewritten, **fixed},
        promise=(say("Fields left alone stay as they are; - empties a field."),),
    )


def _known_words(look: Look, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What follows from the address, and the district that was meant."""
    from servicedesk.store import units

    typed = str(values.get("district") or "")
    if typed:
        return {}, {"district": resolved(look, "districts", "district", typed, values)}
    address = str(values.get("address", ""))
    named = [row.name for row in units.districts(look.store) if row.name in address]
    return ({"district": max(named, key=len)} if named else {}), {}


def _already(row: CustomerRow) -> Sentence:
    return say(
        "Already in the books? {number} {name}, {telephone}, {address}",
        number=row.number,
        name=row.name,
        telephone=grouped(row.telephones.partition(" ")[0]),
        address=row.address,
    )


@act("customers.enter", EnterCustomer, prepare=_prepare_enter)
def enter_customer(desk: Desk, rows: Sequence[Any], entry: EnterCustomer) -> Done:
    """Open a customer's file pocket."""
    _check(entry)
    opened = open_customer(
        desk,
        name=entry.name,
        kind=entry.kind,
        telephone=entry.telephones,
        address=entry.address,
        district=entry.district,
        contact=entry.contact,
        language=entry.language,
        email=entry.email,
        remarks=entry.remarks,
        note=entry.note,
    )
    done = say("Customer {number} {name} is entered.", number=opened.number, name=entry.name)
    return Done(done, (opened.number,), ("products.enter", "calls.log"))


@act("customers.correct", CorrectCustomer, book=CUSTOMERS, prepare=_prepare_correct)
def correct_customer(desk: Desk, rows: Sequence[CustomerRow], entry: CorrectCustomer) -> Done:
    """Write the customer anew; the audit line keeps what stood there before (D32)."""
    from servicedesk.store import pockets, tables
    from servicedesk.store.words_index import name_keys

    (row,) = rows
    telephones, contacts = _check(entry), read_names(entry.contact)
    after = entry.model_dump() | {"telephones": " ".join(telephones), "contact": ", ".join(contacts)}
    before = {name: getattr(row, name) for name in (*_PLAIN, "telephones", "address", "district")}
    before["contact"] = ", ".join(row.contacts)
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if not changed:
        raise Refused(say("Nothing is changed on customer {number}.", number=row.number))
    values = {name: after[name] for name in _PLAIN if name in changed}
    if "name" in changed:
        values["initials"], values["pinyin"] = name_keys(entry.name)
    desk.store.change_version(
        tables.Customer, row.id, row.version, changed_by=desk.actor.name, changed_at=desk.now, **values
    )
    if "telephones" in changed:
        pockets.replace_telephones(desk.store, row.id, telephones)
    if "contact" in changed:
        pockets.replace_contacts(desk.store, row.id, contacts)
    if "address" in changed or "district" in changed:
        pockets.change_address(desk.store, row.id, entry.address, entry.district)
    pockets.write_words(desk.store, row.id)
    desk.note(row.number, **changed)
    return Done(say("Customer {number} is corrected.", number=row.number))


def _prepare_merge(look: Look, rows: Sequence[CustomerRow], values: Mapping[str, Any]) -> Prepared:
    """Show which customer stays, with what it has."""
    from servicedesk.store import customers

    survivor = resolved(look, "customers", "survivor", str(values.get("survivor", "")), values)
    kept = customers.one(look.store, survivor) if survivor else None
    if kept is None:
        return Prepared()
    promise = say(
        "{merged} {name} goes into {number} {kept}: {products} products, {calls} open calls go over.",
        merged=rows[0].number,
        name=rows[0].name,
        number=kept.number,
        kept=kept.name,
        products=rows[0].products,
        calls=rows[0].open_calls,
    )
    return Prepared(rewritten={"survivor": survivor}, promise=(promise,))


@act("customers.merge", MergeCustomers, book=CUSTOMERS, prepare=_prepare_merge)
def merge_customers(desk: Desk, rows: Sequence[CustomerRow], entry: MergeCustomers) -> Done:
    """Two entries of one customer become one: everything follows, the number that goes leads to the other."""
    from servicedesk.store import customers, pockets, tables

    (merged,) = rows
    survivor = customers.one(desk.store, entry.survivor)
    if survivor is None or survivor.merged_into or survivor.id == merged.id:
        raise Refused(say("Choose another customer, one that is in the books."), field="survivor")
    changed = {"changed_by": desk.actor.name, "changed_at": desk.now}
    moved = pockets.follow(desk.store, merged.id, survivor.id)
    desk.store.change_version(tables.Customer, merged.id, merged.version, merged_into_id=survivor.id, **changed)
    kept = {name: getattr(survivor, name) or getattr(merged, name) for name in ("language", "email")}
    joined = {name: _joined(getattr(survivor, name), getattr(merged, name)) for name in ("remarks", "note")}
    desk.store.change_version(tables.Customer, survivor.id, survivor.version, **kept, **joined, **changed)
    pockets.write_words(desk.store, survivor.id)
    desk.note(
        merged.number,
        merged_into=survivor.number,
        moved=moved,
        telephones=merged.telephones,
        contact=", ".join(merged.contacts),
        address=merged.address,
    )
    desk.note(survivor.number, telephones=survivor.telephones, remarks=survivor.remarks, note=survivor.note)
    done = say("Customer {merged} is now part of {number}.", merged=merged.number, number=survivor.number)
    return Done(done, (merged.number, survivor.number))


def _check(entry: EnterCustomer) -> tuple[str, ...]:
    """The telephones of the entry; a text that is too long is refused on its field."""
    for name, limit in _LONGEST.items():
        within(getattr(entry, name), limit, field=name)
    telephones = read_telephones(entry.telephones)
    if not telephones:
        raise Refused(say("The customer has no telephone."), field="telephones", kind="field")
    return telephones


def _joined(first: str, second: str) -> str:
    """Both texts, one under the other; the same text only once."""
    return first if second in first else "\n".join(part for part in (first, second) if part)
