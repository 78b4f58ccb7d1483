"""Opening the books: which engine, which SQLite, which journal, and what is refused untouched.

Design §4. SQLite is read and written through one driver module per process, over one kept reading
and one kept writing connection; a writer waits in a fair queue (`flock` on a side file) before BEGIN
IMMEDIATE. PostgreSQL writers take one transaction-level advisory lock instead.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from servicedesk.domain.words import Refused, say
from servicedesk.store.driver import APPLICATION_ID as APPLICATION_ID
from servicedesk.store.driver import SCHEMA as SCHEMA
from servicedesk.store.driver import sqlite_driver as sqlite_driver
from servicedesk.store.faults import Unavailable, WrongBooks, busy, refusal_of
from servicedesk.store.line import Line
from servicedesk.store.prepared import Statements
from servicedesk.store.session import Reading, Writing

ADVISORY_LOCK = 0x53444B31
PATIENCE = 20.0
"""Seconds to wait for the other writers. Fifty who write without a pause wait a quarter of a second and a large import
takes some seconds: after this long somebody's program has been stopped while it held the books."""
MOUNTS = Path("/proc/self/mountinfo")
NETWORK_FILE_SYSTEMS = ("nfs", "cifs", "smb", "9p", "fuse", "ceph", "afs", "vboxsf", "glusterfs", "lustre")


def journal_for(version: tuple[int, ...]) -> str:
    """WAL only where this SQLite cannot corrupt it when several processes write (facts: WAL-reset bug)."""
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return "WAL" if fixed else "TRUNCATE"


def file_system_of(path: Path, table: Path = MOUNTS) -> str:
    """The kind of file system that holds `path`, from the kernel's mount table; empty where unknown."""
    if not table.exists():
        return ""
    wanted = os.path.realpath(path)
    best, kind = "", ""
    for line in table.read_text().splitlines():
        left, _, right = line.partition(" - ")
        mount = left.split()[4].replace("\\040", " ")
        if (wanted == mount or wanted.startswith(mount.rstrip("/") + "/")) and len(mount) >= len(best):
            best, kind = mount, right.split()[0]
    return kind


def database_url(database: str) -> str:
    """A file's path or a PostgreSQL address as SQLAlchemy wants it."""
    if database.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + database.split("://", 1)[1]
    if "://" in database:
        return database
    return f"sqlite:///{Path(database).expanduser().absolute()}"


class Books:
    """The open books of one installation, with one reading and one writing connection.

    A thread takes either connection only for the length of one transaction.
    """

    def __init__(self, database: str, *, patience: float = PATIENCE) -> None:
        """Does not connect yet; the first reading or writing does. `patience` is in seconds."""
        self.patience = patience
        self.url = make_url(database_url(database))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.path = Path(self.url.database or "") if self.is_sqlite else None
        self.engine: Engine = self._engine()
        self._statements = Statements(self.engine.dialect) if self.is_sqlite else None
        self._reader: Connection | None = None
        self._writer: Connection | None = None
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        self._line: Line | None = None
        self.kept: dict[object, tuple[str, Any]] = {}

    def _engine(self) -> Engine:
        if not self.is_sqlite:
            try:
                import psycopg  # noqa: F401  (only to say what to install)
            except ImportError as missing:
                raise Unavailable(
                    say("PostgreSQL needs the extra 'postgres': pip install 'servicedesk[postgres]'.")
                ) from missing
            return create_engine(self.url, poolclass=NullPool, hide_parameters=True)
        driver = sqlite_driver()
        engine = create_engine(
            self.url,
            module=driver,
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={"check_same_thread": False, "timeout": 5.0},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def check_place(self, table: Path = MOUNTS) -> None:
        """Refuse a place where a shared SQLite file is not safe.

        Raises:
            Unavailable: on a network file system.
        """
        if self.path is None:
            return
        kind = file_system_of(self.path.parent, table)
        if kind.startswith(NETWORK_FILE_SYSTEMS):
            raise Unavailable(
                say(
                    "{path} is on a network file system ({kind}), where SQLite loses data. "
                    "Use a local disk, or PostgreSQL: --database postgresql://…",
                    path=str(self.path),
                    kind=kind,
                )
            )

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One short read transaction; what it gives is fetched whole before it ends."""
        with self._reading:
            if self._reader is None:
                self._reader = self._connect()
            with _told(self), self._reader.begin():
                yield Reading(self._reader, self._statements)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """The one write transaction of an act: all of it is kept, or nothing is.

        Raises:
            Unavailable: when the books cannot be written (full, read-only, damaged, unreachable, held for too long).
        """
        with self._writing, _told(self), self._in_queue():
            if self._writer is None:  # in line as well: SQLite lets only one at a time choose the journal of a new file
                self._writer = self._connect().execution_options(writes=True)
            with self._writer.begin():
                if not self.is_sqlite:
                    self._writer.exec_driver_sql(
                        f"SELECT set_config('lock_timeout', '{round(1000 * self.patience)}', true),"
                        f" pg_advisory_xact_lock({ADVISORY_LOCK})"
                    )
                try:
                    yield Writing(self._writer, self._statements)
                except BaseException:
                    self.kept.clear()  # what was read inside a failed act may never have been written
                    raise

    @contextmanager
    def _in_queue(self) -> Iterator[None]:
        """Wait in line with the other writers of this file: the kernel serves them in order."""
        if self.path is None:
            yield
            return
        if self._line is None:
            self._line = Line(Path(f"{self.path}.queue"))
        if not self._line.enter(self.patience):
            raise busy(str(self.path))
        try:
            yield
        finally:
            self._line.leave()

    def _connect(self) -> Connection:
        with _told(self):
            if self.path is not None:
                _must_be_ours(self.path)
            return self.engine.connect()

    def data_version(self) -> int:
        """On SQLite a number that moves when another connection has committed; 0 on PostgreSQL."""
        if not self.is_sqlite:
            return 0
        with self._reading:
            if self._reader is None:
                self._reader = self._connect()
            raw: Any = self._reader.connection.driver_connection
            return int(raw.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """End both connections and leave the queue."""
        with self._writing, self._reading:
            for connection in (self._reader, self._writer):
                if connection is not None:
                    connection.close()
            self._reader = self._writer = None
            if self._line is not None:
                self._line.close()
                self._line = None
            self.engine.dispose()


def _must_be_ours(path: Path) -> None:
    """Look at the file's own header before SQLite does, which would change the journal of a stranger's database.

    Raises:
        WrongBooks: when it is another program's, or no database at all.
    """
    if not path.exists() or path.stat().st_size == 0 or Path(f"{path}-wal").exists():
        return  # new, or the header may still be in the log
    with path.open("rb") as file:
        header = file.read(72)
    if header[:16] == b"SQLite format 3\0" and not any(header[40:44] + header[68:72]):
        return  # nobody's, and never a table in it: another is setting the books up at this moment
    if header[:16] != b"SQLite format 3\0" or int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise WrongBooks(say("{path} is not a servicedesk database; it was not touched.", path=str(path)))


@contextmanager
def _told(books: Books) -> Iterator[None]:
    """Turn the driver's faults into one sentence that says what to do."""
    try:
        yield
    except DBAPIError as fault:
        refusal = refusal_of(fault, books.url.database or str(books.url))
        if refusal is None:
            raise
        raise refusal from fault
    except Refused:
        raise
    except OSError as fault:
        if books.path is None:
            raise
        raise Unavailable(say("{path}: {reason}", path=str(books.path), reason=str(fault.strerror))) from fault


def _prepare_sqlite(raw: Any, _: Any) -> None:
    raw.isolation_level = None
    journal = journal_for(sqlite_driver().sqlite_version_info)
    for pragma in (
        "busy_timeout=5000",
        f"journal_mode={journal}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "temp_store=MEMORY",
        # At most 8 MiB: a page of fifty lines spread over the years, with all that is joined to them, stays in it.
        "cache_size=-8192",
        "journal_size_limit=67108864",
    ):
        raw.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
