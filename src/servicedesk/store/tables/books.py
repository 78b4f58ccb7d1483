"""The books as a whole."""

from __future__ import annotations

from sqlmodel import SQLModel

from servicedesk.store.columns import STRICT, a_text


class Book(SQLModel, table=True):
    """Facts of these books as a whole: the audit key, the installation, settings of the administrator."""

    __tablename__ = "books"
    __table_args__ = (STRICT,)
    name: str = a_text(primary_key=True)
    value: str = a_text()
