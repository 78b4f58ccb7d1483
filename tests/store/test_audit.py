"""The audit log gives away whoever changes it, even one who takes off the triggers first (design §4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from servicedesk.store import audit, people
from servicedesk.store.session import Writing
from tests.world import World

CALL = {
    "customer": "王小明",
    "telephone": "13812345678",
    "address": "深圳市福田区莲花路12号",
    "model_no": "KFR-35GW",
    "symptom": "不制冷",
}
TABLES = ("audit", "audit_details")


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    (number,) = made.do("lin", "calls.log", **CALL).numbers
    made.do("ann", "calls.attach", number, words="还没来")
    made.do("guo", "calls.dispatch", number, technician="chen")
    assert verdict(made).fault is None
    yield made
    made.close()


def verdict(world: World, anchor: str = "") -> audit.Verdict:
    return world.read(audit.verify, anchor)


def fault(world: World, anchor: str = "") -> str:
    return str(verdict(world, anchor).fault or "")


def last(world: World) -> int:
    return world.read(audit.last_number)


def tamper(world: World, *statements: str) -> None:
    """What somebody does who owns the database: the triggers go first."""
    with world.books.writing() as writing:
        for table in TABLES:
            for guard in ("update", "delete", "replace") if writing.is_sqlite else ():
                run(writing, f"DROP TRIGGER {table}_no_{guard}")
            if not writing.is_sqlite:
                run(writing, f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        for statement in statements:
            run(writing, statement)


def run(writing: Writing, statement: str) -> None:
    writing.connection.exec_driver_sql(statement)


def copied(seq: int, column: str = "", value: str = "") -> str:
    """A statement that writes a copy of the last line under another number."""
    names = ("at", "actor", "holder", "act", "outcome", "numbers", "request", "digest", "mac")
    taken = ", ".join(f"'{value}'" if name == column else name for name in names)
    listed = ", ".join(names)
    return f"INSERT INTO audit (seq, {listed}) SELECT {seq}, {taken} FROM audit ORDER BY seq DESC LIMIT 1"


def test_a_whole_chain_tells_its_length_and_its_head(world: World) -> None:
    found = verdict(world)
    with world.books.reading() as reading:
        assert [line.seq for line in audit.lines(reading, count=2)] == list(range(1, found.lines + 1))
        assert found.head == audit.head(reading)
    assert (found.lines, found.head.partition(":")[0]) == (last(world), str(last(world)))
    assert fault(world, found.head) == ""


def test_a_changed_line_is_named_whichever_column_was_changed(world: World) -> None:
    tamper(world, "CREATE TABLE original AS SELECT * FROM audit WHERE seq = 4")
    for column in ("at", "actor", "holder", "act", "outcome", "numbers", "request", "digest", "mac"):
        value = {"at": "2020-01-01T00:00:00+00:00", "digest": "0" * 64, "mac": "0" * 64}.get(column, "other")
        attempt(world, f"UPDATE audit SET {column} = '{value}' WHERE seq = 4")
        assert fault(world) == "Line 4 was changed, removed or inserted.", column
        assert verdict(world).lines == 3
        attempt(world, f"UPDATE audit SET {column} = (SELECT {column} FROM original) WHERE seq = 4")
        assert fault(world) == ""


def test_a_changed_detail_is_named(world: World) -> None:
    seq = last(world) - 1
    tamper(world, f"UPDATE audit_details SET detail = REPLACE(detail, '还没来', '来过了') WHERE seq = {seq}")
    assert fault(world) == f"The detail of line {seq} was changed."


def test_a_detail_is_not_explained_away_with_another_salt(world: World) -> None:
    tamper(world, f"UPDATE audit_details SET salt = '0000' WHERE seq = {last(world)}")
    assert fault(world) == f"The detail of line {last(world)} was changed."


def test_an_erased_detail_leaves_the_chain_whole(world: World) -> None:
    """Retention erases what a line said in full, not that it was written."""
    tamper(world, f"DELETE FROM audit_details WHERE seq = {last(world)}")
    assert fault(world) == ""


def test_a_removed_line_is_missed(world: World) -> None:
    tamper(world, "DELETE FROM audit_details WHERE seq = 5", "DELETE FROM audit WHERE seq = 5")
    assert fault(world) == "Line 5 is missing."


def test_a_removed_line_is_missed_even_when_the_rest_is_numbered_anew(world: World) -> None:
    shift = [f"UPDATE audit SET seq = {seq} WHERE seq = {seq + 1}" for seq in range(5, last(world))]
    tamper(world, "DELETE FROM audit_details WHERE seq >= 5", "DELETE FROM audit WHERE seq = 5", *shift)
    assert fault(world) == "Line 5 was changed, removed or inserted."


def test_an_inserted_line_is_named(world: World) -> None:
    seq = last(world) + 1
    tamper(world, copied(seq, "actor", "dgm"))
    assert fault(world) == f"Line {seq} was changed, removed or inserted."


def test_a_line_inserted_before_the_first_is_named(world: World) -> None:
    tamper(world, copied(0))
    assert fault(world) == "Line 0 was changed, removed or inserted."


def test_a_cut_off_tail_is_named(world: World) -> None:
    kept = last(world) - 1
    tamper(world, f"DELETE FROM audit_details WHERE seq > {kept}", f"DELETE FROM audit WHERE seq > {kept}")
    assert fault(world) == f"Lines after {kept} were cut off or added."


def test_a_tail_cut_off_together_with_the_head_shows_by_an_anchor_kept_elsewhere(world: World) -> None:
    anchor, kept = world.read(audit.head), last(world) - 2
    with world.books.reading() as reading:
        before = next(line for line in audit.lines(reading) if line.seq == kept)
    tamper(
        world,
        f"DELETE FROM audit_details WHERE seq > {kept}",
        f"DELETE FROM audit WHERE seq > {kept}",
        f"UPDATE books SET value = '{kept}:{before.mac}' WHERE name = 'audit_head'",
    )
    assert fault(world) == ""
    assert fault(world, anchor) == f"The anchor {anchor} is not in this log."
    world.do("lin", "customers.enter", name="李大海", telephones="13900000001", address="深圳市")
    world.do("lin", "customers.enter", name="钱三", telephones="13900000002", address="深圳市")
    assert fault(world) == ""
    assert fault(world, anchor) == f"The anchor {anchor} is not in this log."


def test_an_anchor_of_long_ago_is_still_found(world: World) -> None:
    anchor = world.read(audit.head)
    for count in range(3):
        world.do("lin", "customers.enter", name="李大海", telephones=f"1390000000{count}", address="深圳市")
    assert fault(world, anchor) == ""


def test_another_key_does_not_open_the_chain(world: World) -> None:
    """Lines written anew with a key of one's own do not fit an anchor; the key alone breaks the chain."""
    tamper(world, f"UPDATE books SET value = '{'ab' * 32}' WHERE name = 'audit_key'")
    assert fault(world) == "Line 1 was changed, removed or inserted."


@pytest.mark.parametrize("table", TABLES)
def test_the_triggers_refuse_update_delete_and_replacement(world: World, table: str) -> None:
    statements = [
        f"UPDATE {table} SET seq = seq WHERE seq = 1",
        f"DELETE FROM {table} WHERE seq = 1",
        f"DELETE FROM {table}",
    ]
    if world.books.is_sqlite:
        statements += [
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE seq = 1",
            f"REPLACE INTO {table} SELECT * FROM {table} WHERE seq = 1",
            f"INSERT INTO {table} SELECT * FROM {table} WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET seq = seq",
            f"UPDATE OR REPLACE {table} SET seq = 2 WHERE seq = 1",
        ]
    else:
        statements += [
            f"INSERT INTO {table} SELECT * FROM {table} WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET seq = 1",
            f"TRUNCATE {table} CASCADE",
        ]
    before = world.read(audit.head)
    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"):
            attempt(world, statement)
    assert fault(world, before) == ""
    assert verdict(world).head == before


def attempt(world: World, statement: str) -> None:
    with world.books.writing() as writing:
        run(writing, statement)


def test_an_act_that_fails_leaves_no_line_and_no_gap(world: World) -> None:
    before = last(world)
    with pytest.raises(RuntimeError):
        append_and_fail(world)
    assert last(world) == before
    world.do("lin", "customers.enter", name="李大海", telephones="13900000001", address="深圳市")
    assert (last(world), fault(world)) == (before + 1, "")


def append_and_fail(world: World) -> None:
    with world.books.writing() as writing:
        facts = people.facts(writing)
        line: dict[str, Any] = {"actor": "lin", "holder": "", "act": "calls.log", "outcome": "done", "numbers": ()}
        audit.append(writing, at=world.now, request="", detail={}, facts=facts, **line)
        raise RuntimeError
