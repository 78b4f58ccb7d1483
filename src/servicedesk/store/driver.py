"""SQLite's driver, and what tells our books from others; nothing here needs SQLAlchemy."""

from __future__ import annotations

import importlib
from types import ModuleType

APPLICATION_ID = 0x53444B31
SCHEMA = 6
"""The number a database must carry in `user_version` (SQLite) or `books.schema` (PostgreSQL)."""


def sqlite_driver() -> ModuleType:
    """The SQLite module of this process: pysqlite3 where it is installed, else Python's own."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")
