"""Who may import whom, what start-up loads, how long a module grows and what lies at the top."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.world import World

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
PACKAGE = "servicedesk"

# The modules of the store that only read: their functions give frozen rows.
READS = {
    "store.requests",
    "store.calls",
    "store.customers",
    "store.dispatch",
    "store.goods",
    "store.repair_cards",
    "store.parts",
    "store.loans",
    "store.custody",
    "store.charges",
    "store.complaint_clocks",
    "store.complaint_figures",
    "store.complaint_history",
    "store.complaints",
    "store.printing",
    "store.register_days",
    "store.reports",
    "store.people",
    "store.places",
    "store.staff",
    "store.units",
    "store.unreported",
}

# Room: what it may import of the program, itself aside.
ALLOWED: dict[str, set[str]] = {
    "domain": set(),
    "locales": {"domain"},
    "config": {"domain", "locales"},
    "store": {"domain"},
    "acts": {"store", "domain"},
    "papers": {"domain", "locales"},
    "tui": {"acts", *READS, "papers", "domain", "locales", "config"},
    "tui.door": {"acts", "store", "domain", "locales", "config"},
    "cli": {"tui", "acts", "store", "papers", "domain", "locales", "config"},
    "__main__": {"cli", "tui", "acts", "store", "papers", "domain", "locales", "config"},
}
STANDARD_LIBRARY_ONLY = {"domain", "locales"}
SQL = {"sqlmodel", "sqlalchemy", "alembic", "psycopg", "pysqlite3", "sqlite3"}
HEAVY = {"textual", "sqlmodel", "sqlalchemy", "alembic", "pydantic", "psycopg"}
TOP = {"README.md", "screens.md", "pyproject.toml", "servicedesk.db.example", "CHANGELOG.md", "LICENSE", "src", "tests"}


@dataclass(frozen=True)
class Import:
    """One imported module; `when` is "start" (runs on import), "later" (in a function) or "typing"."""

    importer: str
    target: str
    when: str

    @property
    def room(self) -> str:
        return room(self.importer)

    def is_of(self, *names: str) -> bool:
        """Whether it is one of these modules of the program or lies beneath one."""
        own = self.target.removeprefix(f"{PACKAGE}.")
        return any(own == name or own.startswith(f"{name}.") for name in names)

    def __str__(self) -> str:
        return f"{self.importer} imports {self.target} ({self.when})"


def room(module: str) -> str:
    return module.removeprefix(f"{PACKAGE}.").partition(".")[0]


def is_own(module: str) -> bool:
    return module.partition(".")[0] == PACKAGE


@cache
def modules() -> dict[str, Path]:
    """Every module of the program by its dotted name."""
    found = {}
    for path in sorted((SOURCE / PACKAGE).rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(module: str, source: str, is_package: bool, known: set[str]) -> list[Import]:
    """What a module imports; a name taken out of a package is the module where there is one of that name."""

    def targets(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
            return
        base = node.module or ""
        if node.level:
            parts = module.split(".")
            parents = parts[: len(parts) - node.level + is_package]
            base = ".".join([*parents, *filter(None, [node.module])])
        for alias in node.names:
            inner = f"{base}.{alias.name}"
            yield inner if inner in known else base

    def walk(node: ast.AST, when: str) -> Iterator[Import]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for target in targets(node):
                yield Import(module, target, when)
        elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for guarded in node.body:
                yield from walk(guarded, "typing")
            for other in node.orelse:
                yield from walk(other, when)
        else:
            inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for child in ast.iter_child_nodes(node):
                yield from walk(child, "later" if inside and when == "start" else when)

    return list(walk(ast.parse(source), "start"))


@cache
def imports() -> tuple[Import, ...]:
    """The import graph of the program."""
    known = set(modules())
    return tuple(
        found
        for name, path in modules().items()
        for found in imports_of(name, path.read_text(encoding="utf-8"), path.name == "__init__.py", known)
    )


def loaded_at_start(*roots: str) -> set[str]:
    """Everything that importing these modules imports, as far as the source tells."""
    graph: dict[str, set[str]] = {}
    for found in imports():
        if found.when == "start":
            graph.setdefault(found.importer, set()).add(found.target)
    reached: set[str] = set()
    ahead = list(roots)
    while ahead:
        module = ahead.pop()
        if module and module not in reached:
            reached.add(module)
            ahead += [module.rpartition(".")[0], *graph.get(module, ())]
    return reached


def loaded_by(program: str, *arguments: str) -> set[str]:
    """The top-level modules that a fresh Python has loaded after running this program."""
    return {name.partition(".")[0] for name in modules_after(program, *arguments)}


def modules_after(program: str, *arguments: str) -> set[str]:
    """Every module that a fresh Python has loaded after running this program."""
    report = "import atexit, json, sys\natexit.register(lambda: print('\\n' + json.dumps(sorted(sys.modules))))\n"
    run = subprocess.run(
        [sys.executable, "-c", report + program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout.splitlines()[-1]))


# The reader of imports


def test_imports_are_read_as_python_reads_them() -> None:
    source = """
from __future__ import annotations
import json, servicedesk.domain.words
from typing import TYPE_CHECKING
from . import tables
from .types import Flag
from ..domain import calls, nothing
if TYPE_CHECKING:
    from servicedesk import acts
def work():
    from servicedesk.tui import app
class Row:
    import decimal
"""
    known = {"servicedesk.store.tables", "servicedesk.domain.calls", "servicedesk.tui.app", "servicedesk.acts"}
    found = {(one.target, one.when) for one in imports_of("servicedesk.store.queries", source, False, known)}
    assert found == {
        ("__future__", "start"),
        ("json", "start"),
        ("typing", "start"),
        ("decimal", "start"),
        ("servicedesk.domain.words", "start"),
        ("servicedesk.store.tables", "start"),
        ("servicedesk.store.types", "start"),
        ("servicedesk.domain.calls", "start"),
        ("servicedesk.domain", "start"),
        ("servicedesk.acts", "typing"),
        ("servicedesk.tui.app", "later"),
    }
    (inside,) = imports_of("servicedesk.store", "from .queries import calls", True, {"servicedesk.store.queries"})
    assert inside.target == "servicedesk.store.queries"


# The rooms


def test_every_module_lies_in_a_room() -> None:
    assert {room(name) for name in modules()} - {PACKAGE} <= ALLOWED.keys()


def test_each_room_imports_only_what_it_may() -> None:
    wrong = [
        str(one)
        for one in imports()
        if is_own(one.target)
        and one.when != "typing"
        and one.room in ALLOWED
        and not one.is_of(one.room, *ALLOWED.get(one.importer.removeprefix(f"{PACKAGE}."), ALLOWED[one.room]), PACKAGE)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", sorted(STANDARD_LIBRARY_ONLY))
def test_the_standard_library_alone(name: str) -> None:
    wrong = [
        str(one)
        for one in imports()
        if one.room == name and not is_own(one.target) and one.target.partition(".")[0] not in sys.stdlib_module_names
    ]
    assert wrong == []


def test_only_the_screens_know_textual() -> None:
    above = {"tui", "cli", "__main__"}
    assert [str(one) for one in imports() if one.target.partition(".")[0] == "textual" and one.room not in above] == []


def test_only_the_store_knows_sql() -> None:
    assert [str(one) for one in imports() if one.target.partition(".")[0] in SQL and one.room != "store"] == []


def test_keys_forms_and_help_never_load_the_store() -> None:
    doors = {"acts", "tui", "cli", "__main__"}
    assert [str(one) for one in imports() if one.room in doors and one.is_of("store") and one.when == "start"] == []


# Start-up


def test_nothing_heavy_is_reached_by_help() -> None:
    command_line = [name for name in modules() if room(name) in {"cli", "__main__"}]
    assert {f"{PACKAGE}.__main__", f"{PACKAGE}.cli"} <= set(command_line)
    assert {name.partition(".")[0] for name in loaded_at_start(*command_line)} & HEAVY == set()


def test_help_loads_nothing_heavy() -> None:
    program = (
        "from servicedesk.__main__ import main\ntry:\n    main()\nexcept SystemExit as end:\n    assert not end.code"
    )
    loaded = loaded_by(program, "--help")
    assert PACKAGE in loaded
    assert loaded & HEAVY == set()


def test_the_screens_load_no_store_and_no_models() -> None:
    loaded = loaded_by("import servicedesk.tui.app")
    assert "textual" in loaded
    assert loaded & ((HEAVY | SQL | {"typer"}) - {"textual"}) == set()


FORM = """
import sys
from datetime import UTC, datetime
from servicedesk.acts.act import find, prepare
from servicedesk.store.migrate import open_books
books = open_books(sys.argv[1])
prepare(books, "lin", find("calls.log"), (), {}, datetime(2026, 11, 23, 6, 20, tzinfo=UTC))
books.close()
"""


def test_the_form_of_a_new_call_waits_for_no_more_than_it_shows(sqlite_url: str) -> None:
    """Who presses F2 before the books are open waits for every module that is imported until the form stands."""
    World(sqlite_url).close()
    loaded = modules_after(FORM, sqlite_url)
    assert f"{PACKAGE}.acts.calls.log" in loaded
    without = {"acts.calls.corrections", "store.calls", "store.customers", "store.search", "store.audit"}
    without |= {f"store.tables.{name}" for name in ("calls", "customers", "complaints", "money", "workshop")}
    assert loaded & {f"{PACKAGE}.{name}" for name in without} == set()
    assert "sqlalchemy.dialects.postgresql" not in loaded


# The house


def test_modules_stay_readable() -> None:
    """Past 400 lines a module holds two ideas; a migration is a record of the past and may be long."""
    lengths = {
        name: len(path.read_text(encoding="utf-8").splitlines())
        for name, path in modules().items()
        if ".migrations.versions." not in name
    }
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_the_top_of_the_repository_is_tidy() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a repository")
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    names = {name.partition("/")[0] for name in listed if name}
    assert {name for name in names if not name.startswith(".")} - TOP == set()


def test_the_script_runs_the_command_that_the_readme_gives() -> None:
    command = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert command.endswith("pytest -n auto")
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")
