"""The department of `tests.world`, set up once by each worker on each engine and copied from then on."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url

from servicedesk.store.engine import Books

_FILES: list[bytes] = []
_SERVERS: set[str] = set()
_NAME = "department"


def copied(database: str) -> bool:
    """Put the department into a fresh prepared database; whether one was kept to be copied."""
    path = _path(database)
    if path is not None:
        if _FILES:
            path.write_bytes(_FILES[0])
            path.chmod(0o660)
        return bool(_FILES)
    url = make_url(database)
    if _server(url) not in _SERVERS:
        return False
    # Dropping takes longer than most tests: the empty one goes with its server.
    _execute(url, f"alter database {url.database} rename to {url.database}_empty")
    _execute(url, f"create database {url.database} template {_NAME}")
    return True


def keep(database: str) -> None:
    """Keep the department that was just set up; nobody has its database open."""
    path = _path(database)
    if path is not None:
        _FILES.append(path.read_bytes())
        return
    url = make_url(database)
    _execute(url, f"create database {_NAME} template {url.database}")
    _SERVERS.add(_server(url))


def _path(database: str) -> Path | None:
    return Books(database).path


def _server(url: URL) -> str:
    return str(url.set(database="postgres"))


def _execute(url: URL, statement: str) -> None:
    import psycopg

    server = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())
