"""Customers and their file pocket: telephones, addresses, products, contracts, vouchers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_day, a_flag, a_key, a_link, a_moment, a_number, a_text, one_of


class Customer(SQLModel, table=True):
    """A customer; the file pocket is what hangs on it (003 Art. 5)."""

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("number"),
        one_of("kind", "person", "company"),
        Index("ix_customers_name", "name"),
        Index("ix_customers_initials", "initials"),
        Index("ix_customers_pinyin", "pinyin"),
        Index("ix_customers_merged_into_id", "merged_into_id"),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    name: str = a_text()
    kind: str = a_text("person")
    language: str = a_text("")
    email: str = a_text("")
    remarks: str = a_text("")
    note: str = a_text("")
    initials: str = a_text("")
    pinyin: str = a_text("")
    merged_into_id: int | None = a_link("customers.id", None)
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class Telephone(SQLModel, table=True):
    """One telephone of a customer; the same number may belong to several customers."""

    __tablename__ = "telephones"
    __table_args__ = (
        UniqueConstraint("customer_id", "digits"),
        Index("ix_telephones_digits", "digits"),
        Index("ix_telephones_reversed", "reversed"),
        STRICT,
    )
    id: int | None = a_key()
    customer_id: int = a_link("customers.id")
    digits: str = a_text()
    reversed: str = a_text()


class Contact(SQLModel, table=True):
    """A contact person of a customer."""

    __tablename__ = "contacts"
    __table_args__ = (STRICT,)
    id: int | None = a_key()
    customer_id: int = a_link("customers.id", index=True)
    name: str = a_text()
    telephone: str = a_text("")


class Address(SQLModel, table=True):
    """A service address with its district."""

    __tablename__ = "addresses"
    __table_args__ = (Index("ix_addresses_address", "address"), STRICT)
    id: int | None = a_key()
    customer_id: int = a_link("customers.id", index=True)
    address: str = a_text()
    district: str = a_text("")


class Product(SQLModel, table=True):
    """A customer's product: model, serial, where bought, warranty (003 Art. 5)."""

    __tablename__ = "products"
    __table_args__ = (Index("ix_products_serial_no", "serial_no"), STRICT)
    id: int | None = a_key()
    customer_id: int = a_link("customers.id", index=True)
    name: str = a_text("")
    model_no: str = a_text()
    serial_no: str = a_text("")
    bought_on: date | None = a_day(None)
    bought_from: str = a_text("")
    warranty_until: date | None = a_day(None)
    changed_by: str = a_text("")
    changed_at: datetime | None = a_moment(None)
    version: int = a_number(1)


class Contract(SQLModel, table=True):
    """A maintenance contract (003 Art. 4-2); without a product it covers all of the customer's."""

    __tablename__ = "contracts"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("starts_on <= ends_on", name="starts_before_ends"),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    customer_id: int = a_link("customers.id", index=True)
    product_id: int | None = a_link("products.id", None)
    starts_on: date = a_day()
    ends_on: date = a_day()
    covers_parts: bool = a_flag(False)
    covers_labour: bool = a_flag(True)
    covers: str = a_text("")
    fee: int = a_number(0)
    currency: str = a_text("CNY")
    version: int = a_number(1)


class Voucher(SQLModel, table=True):
    """The standing service voucher of a customer's product (003 Art. 5, D17); one holder at every moment."""

    __tablename__ = "vouchers"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("product_id"),
        one_of("holder", "file", "clerk", "supervisor", "technician", "accountant"),
        CheckConstraint("(holder = 'technician') = (holder_id IS NOT NULL)", name="technician_named"),
        Index("ix_vouchers_holder", "holder", "held_since"),
        STRICT,
    )
    id: int | None = a_key()
    number: str = a_text()
    unit_id: int = a_link("units.id")
    product_id: int = a_link("products.id")
    holder: str = a_text("file")
    holder_id: int | None = a_link("staff.id", None)
    held_since: datetime = a_moment()
    opened_at_call: bool = a_flag(False)
    version: int = a_number(1)
