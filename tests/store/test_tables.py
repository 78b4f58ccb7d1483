"""The tables are declared a register at a time; whoever needs all of them gets all of them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlmodel import SQLModel

from servicedesk.store import tables


def test_every_table_named_is_found_and_every_one_declared_is_named() -> None:
    assert tables.METADATA is SQLModel.metadata
    named = {getattr(tables, name).__tablename__ for name in tables.__all__ if name != "METADATA"}
    assert named == set(tables.METADATA.tables)
    with pytest.raises(AttributeError):
        tables.__getattr__("Absent")


def test_a_partial_index_has_its_condition_on_both_engines() -> None:
    partial = [
        index
        for table in tables.METADATA.tables.values()
        for index in table.indexes
        if index.dialect_kwargs.get("sqlite_where") is not None
    ]
    assert partial
    for index in partial:
        assert str(index.dialect_kwargs["postgresql_where"]) == str(index.dialect_kwargs["sqlite_where"])


def test_reading_calls_declares_neither_the_workshop_nor_postgresql() -> None:
    program = "import sys, servicedesk.store.people, servicedesk.store.calls; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert "servicedesk.store.tables.calls" in loaded
    assert "servicedesk.store.tables.workshop" not in loaded
    assert "sqlalchemy.dialects.postgresql" not in loaded
