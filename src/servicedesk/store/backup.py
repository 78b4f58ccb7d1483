"""Copies of the SQLite books that are known to be good: backup, restore, upgrade, and the check of the books.

A copy is made through the driver (never by copying the file), verified before it gets its name, and readable by its
owner only. PostgreSQL has its own tools.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from servicedesk.domain.words import Refused, say
from servicedesk.store import audit, migrate
from servicedesk.store.engine import APPLICATION_ID, SCHEMA, Books, sqlite_driver
from servicedesk.store.faults import Unavailable, WrongBooks, refusal_of_driver

SIDES = ("", "-wal", "-shm", "-journal")
"""What belongs together: the file and what SQLite keeps beside it."""

_HEAD = "SELECT value FROM books WHERE name = 'audit_head'"


@dataclass(frozen=True, slots=True)
class Copy:
    """A verified copy: where, how big in bytes, the schema and the head of its audit log."""

    path: Path
    size: int
    schema: int
    head: str


def backup(books: Books, target: Path) -> Copy:
    """Copy the books while others go on working; the copy is one consistent moment.

    Raises:
        Refused: on PostgreSQL, where `target` exists, or where the copy is not whole.
    """
    source = _file_of(books)
    target = target.absolute()
    _must_be_free(target)
    with _partial(target) as partial:
        with books.reading() as desk:
            head = audit.head(desk)  # begins the snapshot that is copied
            raw: Any = desk.connection.connection.driver_connection
            schema = _copied(raw, partial, target)
        _verify(partial, source, head)
        _keep(partial, target)
    return Copy(target, target.stat().st_size, schema, head)


def restore(database: Path, source: Path, now: datetime) -> tuple[Copy, list[Path]]:
    """Put a backup in the place of the books; what stood there is moved aside, all of it, and kept.

    Args:
        database: the books' file.
        source: the backup.
        now: for the names of what is moved aside.

    Raises:
        Refused: while others have the books open, or where `source` is no whole backup of this program.
    """
    if not source.is_file():
        raise Refused(say("There is no backup {path}.", path=source))
    if source.resolve() == database.resolve():
        raise Refused(say("{path} is the database itself: name a backup.", path=source))
    with _nobody_else(database), _partial(database) as partial:
        schema, head = _taken_over(source, partial, database)
        aside = _moved_aside(database, now)
        try:
            os.rename(partial, database)
        except OSError:
            for old in aside:
                os.rename(old, database.parent / old.name.replace(_mark(now), "", 1))
            raise
        database.chmod(0o660)
        _sync_folder(database.parent)
    return Copy(database, database.stat().st_size, schema, head), aside


def upgrade(books: Books, now: datetime) -> tuple[int, int, Copy | None]:
    """Bring older books forward, after a backup beside them (SQLite); gives the schema before and after.

    Raises:
        Refused: for books that are not ours or newer than this program.
    """
    before = migrate.schema_of(books)
    if before == 0 or before > SCHEMA:
        raise WrongBooks(say("{path} is no older servicedesk database; it was not touched.", path=name_of(books)))
    kept = None
    if before < SCHEMA and books.path is not None:
        name = f"{books.path.name}.schema-{before}-{now:%Y%m%d-%H%M%S}"
        kept = backup(books, books.path.with_name(name))
    migrate.upgrade(books)
    return before, SCHEMA, kept


def name_of(books: Books) -> str:
    """The file, or the address without its password."""
    return str(books.path) if books.path is not None else books.url.render_as_string(hide_password=True)


def _file_of(books: Books) -> Path:
    if books.path is None:
        sentence = say(
            "PostgreSQL has its own tools: pg_dump --format=custom --file=FILE {url}, and pg_restore.",
            url=name_of(books),
        )
        raise Refused(sentence)
    return books.path


def _must_be_free(target: Path) -> None:
    if os.path.lexists(target):
        raise Refused(say("{path} exists: give another name, nothing is overwritten.", path=target))
    if not target.parent.is_dir():
        raise Refused(say("There is no folder {path}.", path=target.parent))


@contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """A file beside the target that is taken away again unless it was kept under the target's name."""
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as fault:
        raise Unavailable(say("{path} cannot be made: {reason}.", path=target, reason=fault.strerror or "")) from fault
    try:
        yield partial
    finally:
        for side in SIDES:
            Path(f"{partial}{side}").unlink(missing_ok=True)


@contextmanager
def _driver_told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite_driver().Error as fault:
        refusal = refusal_of_driver(fault, str(path))
        if refusal is None:
            raise
        raise refusal from fault


def _copied(raw: Any, partial: Path, target: Path) -> int:
    """All pages in one step (with more steps it begins anew at every foreign write); gives the schema."""
    with _driver_told(target), closing(sqlite_driver().connect(str(partial))) as copy:
        raw.backup(copy, pages=-1)
        # One file without companions: a backup is carried about.
        copy.execute("PRAGMA journal_mode=DELETE")
        return int(copy.execute("PRAGMA user_version").fetchone()[0])


def _verify(partial: Path, source: Path, head: str) -> None:
    """Read the copy again from the disk."""
    with _driver_told(partial), closing(sqlite_driver().connect(str(partial))) as copy:
        sound = copy.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        if not sound or copy.execute(_HEAD).fetchone() != (head,):
            raise WrongBooks(say("The copy of {path} is not whole; run 'servicedesk db check'.", path=source))


def _keep(partial: Path, target: Path) -> None:
    handle = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    _must_be_free(target)
    os.rename(partial, target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _taken_over(source: Path, partial: Path, database: Path) -> tuple[int, str]:
    """Copy and verify a backup beside the books it is to replace; gives its schema and audit head."""
    address = f"{source.absolute().as_uri()}?mode=ro"
    with _driver_told(source), closing(sqlite_driver().connect(address, uri=True)) as raw:
        if raw.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise WrongBooks(say("{path} is not a servicedesk database; it was not touched.", path=source))
        schema = _copied(raw, partial, database)
        head = str(raw.execute(_HEAD).fetchone()[0])
    if schema > SCHEMA:
        raise WrongBooks(say("{path} was written by a newer servicedesk: update the program.", path=source))
    _verify(partial, source, head)
    copy = Books(str(partial))
    try:
        with copy.reading() as desk:
            fault = audit.verify(desk).fault
    finally:
        copy.close()
        Path(f"{partial}.queue").unlink(missing_ok=True)
    if fault is not None:
        raise WrongBooks(say("The audit log of {path} is not whole: {fault}", path=source, fault=fault))
    return schema, head


@contextmanager
def _nobody_else(database: Path) -> Iterator[None]:
    """Hold the writers' queue, and be sure that no other program has the file open.

    Raises:
        Unavailable: when somebody has.
    """
    busy = Unavailable(say("{path} is in use: let everybody sign out, then restore.", path=database))
    if not database.exists():
        yield
        return
    queue = os.open(f"{database}.queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    try:
        try:
            fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise busy from None
        if _is_open_elsewhere(database):
            raise busy
        yield
    finally:
        os.close(queue)


def _is_open_elsewhere(database: Path) -> bool:
    """Whoever has a WAL database open holds its shared lock all the time, so that no exclusive one is to be had."""
    driver = sqlite_driver()
    with closing(driver.connect(str(database), timeout=0.0, isolation_level=None)) as raw:
        try:
            raw.execute("PRAGMA locking_mode=EXCLUSIVE")
            raw.execute("BEGIN EXCLUSIVE")
            raw.execute("ROLLBACK")
        except driver.Error as fault:
            # Books that cannot be read at all are what a backup is restored for.
            return getattr(fault, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return False


def _mark(now: datetime) -> str:
    return f".before-restore-{now:%Y%m%d-%H%M%S}"


def _moved_aside(database: Path, now: datetime) -> list[Path]:
    moved = []
    for side in SIDES:
        old = Path(f"{database}{side}")
        with suppress(FileNotFoundError):
            moved.append(old.rename(f"{database}{_mark(now)}{side}"))
    return moved
