"""Setting books up and bringing them forward; Alembic is imported only here and only when needed."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from servicedesk.domain.words import say
from servicedesk.store.engine import APPLICATION_ID, SCHEMA, Books
from servicedesk.store.faults import Unavailable, WrongBooks
from servicedesk.store.session import Writing


def open_books(database: str) -> Books:
    """The books, ready to work: set up where the path is empty, refused where they are not for this program.

    Raises:
        Unavailable: not reachable, not writable, on a network file system.
        WrongBooks: not ours, damaged, older ("run db upgrade") or newer than the program.
    """
    books = Books(database)
    books.check_place()
    if books.path is not None and (not books.path.exists() or books.path.stat().st_size == 0):
        create(database, books)
        return books
    try:
        schema, is_empty = _look(books)
        if is_empty:
            create(database, books)
        elif schema == 0:
            raise WrongBooks(say("{path} is not a servicedesk database; it was not touched.", path=_name(books)))
        elif schema > SCHEMA:
            raise WrongBooks(
                say(
                    "{path} was written by a newer servicedesk (schema {schema}, this program knows {known}): "
                    "update the program. Nothing was touched.",
                    path=_name(books),
                    schema=schema,
                    known=SCHEMA,
                )
            )
        elif schema < SCHEMA:
            raise WrongBooks(
                say("{path} is from an older servicedesk: run 'servicedesk db upgrade'.", path=_name(books))
            )
    except BaseException:
        books.close()
        raise
    return books


def create(database: str, books: Books | None = None) -> None:
    """Set up new books at an empty place; safe when two start it at once."""
    # Here, since books that stand are opened without it.
    from servicedesk.store import audit

    opened = books or Books(database)
    try:
        if opened.path is not None:
            _make_file(opened.path)
        with opened.writing() as desk:
            if _has_books(desk.connection):
                return
            _run_alembic(desk.connection)
            audit.begin(desk)
            _sign(desk, opened)
    finally:
        if books is None:
            opened.close()


def upgrade(books: Books) -> tuple[int, int]:
    """Bring older books forward in one transaction; gives the schema before and after."""
    before = schema_of(books)
    if before == SCHEMA:
        return before, before
    with books.writing() as desk:
        _run_alembic(desk.connection)
        _sign(desk, books)
    return before, SCHEMA


def schema_of(books: Books) -> int:
    """The schema number the books carry; 0 when they are not ours."""
    return _look(books)[0]


def _look(books: Books) -> tuple[int, bool]:
    """The schema number, and whether nothing stands there yet: both of one moment, for another may be setting up."""
    with books.reading() as desk:
        connection = desk.connection
        if books.is_sqlite and connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID:
            return int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0), False
        names = inspect(connection).get_table_names()
        if books.is_sqlite or "books" not in names:
            return 0, not names
        return int(connection.execute(text("SELECT value FROM books WHERE name = 'schema'")).scalar() or 0), False


def _sign(desk: Writing, books: Books) -> None:
    connection = desk.connection
    if books.is_sqlite:
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")
    connection.execute(text("DELETE FROM books WHERE name = 'schema'"))
    connection.execute(text("INSERT INTO books (name, value) VALUES ('schema', :number)"), {"number": str(SCHEMA)})


def _make_file(path: Path) -> None:
    """0660 from the start: SQLite itself would shut the second agent out under a strict umask."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o660)
    except FileExistsError:
        return
    except OSError as fault:
        raise Unavailable(
            say("{path} cannot be made: {reason}.", path=str(path), reason=fault.strerror or "")
        ) from fault
    os.fchmod(handle, 0o660)
    os.close(handle)


def _has_books(connection: Connection) -> bool:
    return inspect(connection).has_table("books")


def _name(books: Books) -> str:
    return str(books.path) if books.path is not None else books.url.render_as_string(hide_password=True)


def _run_alembic(connection: Connection) -> None:
    from alembic import command

    command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> Any:
    """Alembic over one connection of ours; `%` is doubled because its reader interpolates."""
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
