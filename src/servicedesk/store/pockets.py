"""Writing in the file pocket: a customer's telephones, contacts and words, and what follows a customer in a merge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from servicedesk.domain.customers import customer_number
from servicedesk.store import search, tables
from servicedesk.store.session import Reading, Writing, table_of
from servicedesk.store.words_index import index_text

CUSTOMER_SERIES = "customers"

C = table_of(tables.Customer)
T = table_of(tables.Telephone)
CONTACTS = table_of(tables.Contact)
ADDRESSES = table_of(tables.Address)
P = table_of(tables.Product)
CONTRACTS = table_of(tables.Contract)
CALLS = table_of(tables.Call)
COMPLAINTS = table_of(tables.Complaint)
COUNTERS = table_of(tables.Counter)

_KNOWN = select(C.c.id).where(C.c.number == bindparam("number"))
_LAST_GIVEN = select(COUNTERS.c.last).where(COUNTERS.c.series == CUSTOMER_SERIES)
_NAME = select(C.c.name).where(C.c.id == bindparam("customer_id"))
_CONTACT_NAMES = select(CONTACTS.c.name).where(CONTACTS.c.customer_id == bindparam("customer_id"))
_ADDRESS_ROWS = (
    select(ADDRESSES.c.id, ADDRESSES.c.address)
    .where(ADDRESSES.c.customer_id == bindparam("customer_id"))
    .order_by(ADDRESSES.c.id)
)
_NO_TELEPHONES = delete(T).where(T.c.customer_id == bindparam("customer_id"))
_NO_CONTACTS = delete(CONTACTS).where(CONTACTS.c.customer_id == bindparam("customer_id"))

_KEPT_DIGITS = select(T.c.digits).where(T.c.customer_id == bindparam("survivor"))
_SAME_TELEPHONES = delete(T).where(T.c.customer_id == bindparam("merged"), T.c.digits.in_(_KEPT_DIGITS))
_KEPT_NAMES = select(CONTACTS.c.name).where(CONTACTS.c.customer_id == bindparam("survivor"))
_SAME_CONTACTS = delete(CONTACTS).where(CONTACTS.c.customer_id == bindparam("merged"), CONTACTS.c.name.in_(_KEPT_NAMES))
_KEPT_ADDRESSES = select(ADDRESSES.c.address).where(ADDRESSES.c.customer_id == bindparam("survivor"))
_SAME_ADDRESSES = delete(ADDRESSES).where(
    ADDRESSES.c.customer_id == bindparam("merged"), ADDRESSES.c.address.in_(_KEPT_ADDRESSES)
)
_FOLLOWING = {
    table.name: update(table)
    .where(table.c.customer_id == bindparam("merged"))
    .values(customer_id=bindparam("survivor"))
    for table in (T, CONTACTS, ADDRESSES, P, CONTRACTS, CALLS, COMPLAINTS)
}
_MERGED_BEFORE = update(C).where(C.c.merged_into_id == bindparam("merged")).values(merged_into_id=bindparam("survivor"))


def is_known(reading: Reading, number: str) -> bool:
    """Whether a customer has this number, also one that was merged away."""
    return reading.value(_KNOWN, number=number) is not None


def next_customer_number(desk: Writing) -> str:
    """The next number of a new customer; one that an import brought along is passed over."""
    while True:
        number = customer_number(desk.next_number(CUSTOMER_SERIES))
        if not is_known(desk, number):
            return number


def pass_numbers(desk: Writing, highest: int) -> None:
    """Let the running numbers of customers go on after this one."""
    behind = highest - int(desk.value(_LAST_GIVEN) or 0)
    if behind > 0:
        desk.next_number(CUSTOMER_SERIES, behind)


def add_telephones(desk: Writing, customer_id: int, digits: Iterable[str]) -> None:
    """Write down a customer's telephones, in normal form."""
    desk.add_many(tables.Telephone, [telephone(customer_id, number) for number in digits])


def telephone(customer_id: int, digits: str) -> dict[str, Any]:
    """The row of a telephone; its last digits are found without the extension."""
    return {"customer_id": customer_id, "digits": digits, "reversed": digits.partition("x")[0][::-1]}


def add_contacts(desk: Writing, customer_id: int, names: Iterable[str]) -> None:
    """Write down a customer's contact persons."""
    desk.add_many(tables.Contact, [{"customer_id": customer_id, "name": name} for name in names])


def replace_telephones(desk: Writing, customer_id: int, digits: Iterable[str]) -> None:
    """Write a customer's telephones anew."""
    desk.connection.execute(_NO_TELEPHONES, {"customer_id": customer_id})
    add_telephones(desk, customer_id, digits)


def replace_contacts(desk: Writing, customer_id: int, names: Iterable[str]) -> None:
    """Write a customer's contact persons anew."""
    desk.connection.execute(_NO_CONTACTS, {"customer_id": customer_id})
    add_contacts(desk, customer_id, names)


def change_address(desk: Writing, customer_id: int, address: str, district: str) -> None:
    """Correct the first service address; the others stay."""
    rows = desk.all(_ADDRESS_ROWS, customer_id=customer_id)
    if rows:
        desk.change(tables.Address, rows[0].id, address=address, district=district)
    else:
        desk.add(tables.Address, customer_id=customer_id, address=address, district=district)


def words_of(name: str, contacts: Iterable[str], addresses: Iterable[str]) -> str:
    """The words by which a customer is found when no number, name or pinyin begins like that."""
    return index_text(*addresses, names=dict.fromkeys((name, *contacts)))


def write_words(desk: Writing, customer_id: int) -> None:
    """Write a customer's words into the search table as the books now stand."""
    name = str(desk.value(_NAME, customer_id=customer_id))
    contacts = [row.name for row in desk.all(_CONTACT_NAMES, customer_id=customer_id)]
    addresses = [row.address for row in desk.all(_ADDRESS_ROWS, customer_id=customer_id)]
    search.write_many(desk, search.CUSTOMERS, [(customer_id, words_of(name, contacts, addresses))])


def follow(desk: Writing, merged: int, survivor: int) -> dict[str, int]:
    """Hang everything of one customer on another and give how many rows of each table went over.

    What the survivor has already (a telephone, a contact, an address) is not kept twice; customers merged
    into the first one earlier now lead to the survivor directly.
    """
    keys = {"merged": merged, "survivor": survivor}
    for same in (_SAME_TELEPHONES, _SAME_CONTACTS, _SAME_ADDRESSES, _MERGED_BEFORE):
        desk.connection.execute(same, keys)
    return {name: desk.connection.execute(statement, keys).rowcount for name, statement in _FOLLOWING.items()}


def keys_after(desk: Reading, model: Any, last: int) -> Sequence[int]:
    """The keys given since `last`, in order."""
    table = table_of(model)
    return [row[0] for row in desk.all(select(table.c.id).where(table.c.id > last).order_by(table.c.id))]


def last_key(desk: Reading, model: Any) -> int:
    """The highest key of a table."""
    table = table_of(model)
    return int(desk.value(select(func.max(table.c.id))) or 0)
