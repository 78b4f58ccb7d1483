"""Units with their calendars and districts; staff with posts, stand-ins, absences and shifts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from servicedesk.domain.clocks import Window, WorkingCalendar, due
from servicedesk.domain.rights import Post
from servicedesk.domain.units import DistrictRow, UnitRow
from servicedesk.domain.words import Refused
from servicedesk.store import audit, people, staff, units
from tests.world import PASSPHRASE, SHANGHAI, World

OFF_2026 = [("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7)]
MAKE_UP_2026 = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
ORDINARY_DAY = (Window(510, 720), Window(810, 1080))


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url)
    yield world
    world.close()


def unit(world: World, code: str = "SZ") -> UnitRow:
    found = world.read(units.unit, code)
    assert found is not None
    return found


def calendar(world: World, code: str = "SZ") -> WorkingCalendar:
    with world.books.reading() as reading:
        return people.calendar(world.books, reading, people.facts(reading), code)


def posts(world: World, login: str) -> tuple[Post, ...]:
    with world.books.reading() as reading:
        facts = people.facts(reading)
        return people.actor(world.books, reading, facts, login, world.now.astimezone(UTC)).posts


def last_line(world: World) -> audit.AuditLine:
    with world.books.reading() as reading:
        *_, last = audit.lines(reading)
        assert audit.verify(reading).fault is None
    return last


def refused(world: World, login: str, name: str, /, *numbers: str, **typed: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        world.do(login, name, *numbers, **typed)
    return refusal.value


# Calendars


def test_a_new_unit_works_ordinary_hours_on_the_published_calendar(world: World) -> None:
    done = world.do("adm", "units.enter", code="gz", name="Guangzhou", kind="service_centre", timezone="Asia/Shanghai")
    assert done.numbers == ("GZ",)
    assert "2026" in str(done.sentence)
    assert "2027" not in str(done.sentence)
    closed: set[date] = set()
    opened: set[date] = set()
    for row in world.read(units.calendar_days, unit(world, "GZ"), 2026):
        (opened if row.windows else closed).add(row.day)
        assert row.windows in ((), ORDINARY_DAY)
        assert row.note
    assert closed == {
        date.fromisoformat(f"2026-{day}") + timedelta(days=step) for day, length in OFF_2026 for step in range(length)
    }
    assert opened == {date.fromisoformat(f"2026-{day}") for day in MAKE_UP_2026}
    year = [date(2026, 1, 1) + timedelta(days=step) for step in range(365)]
    assert sum(bool(calendar(world, "GZ").windows(day)) for day in year) == 248
    assert calendar(world, "GZ").note(date(2026, 2, 18)) == "春节"
    assert calendar(world, "GZ").note(date(2026, 10, 6)) == "国庆节"


@pytest.mark.parametrize(
    ("called", "hours", "expected"),
    [
        ("2026-11-23 09:00", 6, "2026-11-23 16:30"),
        ("2026-11-23 12:30", 6, "2026-11-24 10:00"),
        ("2026-11-27 16:00", 6, "2026-11-30 14:00"),
        ("2026-02-13 16:00", 6, "2026-02-14 14:00"),
        ("2026-02-14 16:00", 7, "2026-02-24 15:00"),
        ("2026-09-30 17:00", 6, "2026-10-08 15:00"),
        ("2026-10-09 17:00", 7, "2026-10-10 16:00"),
    ],
)
def test_due_times_by_the_calendar_in_the_books_are_the_worked_examples(
    world: World, called: str, hours: int, expected: str
) -> None:
    start, end = (datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in (called, expected))
    assert due(calendar(world), start, hours * 60) == end


def test_a_year_without_published_make_up_days_stays_missing(world: World) -> None:
    assert not world.read(units.calendar_missing, unit(world), 2026)
    assert world.read(units.calendar_missing, unit(world), 2027)
    refusal = refused(world, "adm", "calendar.fill", "SZ", year="2027")
    assert refusal.field == "year"
    assert "make-up days of 2027 are not known" in str(refusal)
    assert world.read(units.calendar_missing, unit(world), 2027)
    world.do("adm", "calendar.fill", "SZ", year="2027", statutory="yes")
    assert calendar(world).windows(date(2027, 10, 1)) == ()


def test_filling_again_follows_new_hours_and_keeps_days_set_by_hand(world: World) -> None:
    before = calendar(world)
    world.do("adm", "calendar.set", "SZ", day="2026-12-24", state="open", hours="09:00-12:00", note="Inventory")
    world.do("adm", "calendar.set", "SZ", day="2026-10-10", state="closed", note="Move")
    world.do("adm", "units.hours", "SZ", hours="mon-fri 09:00-17:00; sat 09:00-12:00")
    assert calendar(world).windows(date(2026, 2, 14)) == ORDINARY_DAY
    world.do("adm", "calendar.fill", "SZ", year="2026")
    after = calendar(world)
    assert after.windows(date(2026, 2, 14)) == (Window(540, 1020),)
    assert after.windows(date(2026, 12, 24)) == (Window(540, 720),)
    assert after.note(date(2026, 12, 24)) == "Inventory"
    assert after.windows(date(2026, 10, 10)) == ()
    assert after.windows(date(2026, 11, 28)) == (Window(540, 720),)
    assert after.windows(date(2026, 10, 3)) == ()
    assert calendar(world, "BJ").windows(date(2026, 12, 24)) == before.windows(date(2026, 12, 24))


def test_a_day_opened_by_hand_has_the_hours_of_the_first_working_weekday(world: World) -> None:
    world.do("adm", "calendar.set", "SZ", day="2026-11-28", state="open")
    assert calendar(world).windows(date(2026, 11, 28)) == ORDINARY_DAY


def test_a_calendar_is_imported_whole_or_not_at_all(world: World, tmp_path: Path) -> None:
    file = tmp_path / "calendar.csv"
    file.write_text("日期,上班时间,说明\n2027-02-06,,春节\n2027-02-20,08:30-12:00 13:30-18:00,调休上班日\n", "utf-8")
    world.do("adm", "calendar.import", "SZ", file=str(file))
    assert calendar(world).note(date(2027, 2, 6)) == "春节"
    assert calendar(world).windows(date(2027, 2, 20)) == ORDINARY_DAY
    assert not world.read(units.calendar_missing, unit(world), 2027)
    assert '"digest"' in (last_line(world).detail or "")
    file.write_text("day,hours,note\n2027-05-01,closed,x\n2027-05-32,closed,x\n", "utf-8")
    refusal = refused(world, "adm", "calendar.import", "SZ", file=str(file))
    assert str(refusal).startswith("Line 3:")
    assert refusal.field == "file"
    file.write_text("day,hours,note\n2027-05-01,closed,x\n2027-05-01,,y\n", "utf-8")
    assert "twice" in str(refused(world, "adm", "calendar.import", "SZ", file=str(file)))
    assert len(world.read(units.calendar_days, unit(world), 2027)) == 2


# Units and districts


def test_a_new_limit_for_cash_holds_from_its_day(world: World) -> None:
    world.do("adm", "units.correct", "SZ", fee_limit="300", limit_from="2027-01-01")
    row = unit(world)
    assert row.name == "Shenzhen branch"
    assert row.fee_limit_on(date(2026, 12, 31)) == 20_000
    assert row.fee_limit_on(date(2027, 1, 1)) == 30_000
    assert refused(world, "adm", "units.correct", "SZ", fee_limit="400", limit_from="2026-01-01").field == "limit_from"
    assert refused(world, "adm", "units.correct", "SZ", fee_limit="a lot").field == "fee_limit"
    world.do("adm", "units.correct", "SZ", name="Shenzhen")
    assert unit(world).fee_limit_from == date(2027, 1, 1)


def test_a_limit_is_read_in_the_unit_s_own_currency(world: World) -> None:
    taipei = {"name": "Taipei", "kind": "branch", "timezone": "Asia/Taipei", "country": "TW", "currency": "TWD"}
    world.do("adm", "units.enter", code="TP", fee_limit="NT$900", **taipei)
    assert unit(world, "TP").fee_limit == 900
    world.do("adm", "units.correct", "TP", name="Taipei branch")
    assert unit(world, "TP").fee_limit == 900


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("code", "S1"),
        ("code", "SZ"),
        ("timezone", "Shenzhen"),
        ("country", "QQ"),
        ("kind", "shop"),
        ("urban_minutes", "0"),
        ("currency", "EUR"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_on_its_field(world: World, field: str, typed: str) -> None:
    values = {"code": "GZ", "name": "Guangzhou", "kind": "branch", "timezone": "Asia/Shanghai", field: typed}
    assert refused(world, "adm", "units.enter", **values).field == field
    assert world.read(units.unit, "GZ") is None


def test_a_district_gives_the_zone_and_picks_the_unit(world: World) -> None:
    assert len(world.read(units.districts, unit(world))) == 10
    assert world.read(units.district, "龙岗区") == DistrictRow("龙岗区", "suburban", "SZ")
    world.do("adm", "districts.set", name="龙岗区", zone="urban", unit="bj")
    assert world.read(units.district, "龙岗区") == DistrictRow("龙岗区", "urban", "BJ")
    assert [row.name for row in world.read(units.districts, unit(world, "BJ"))] == ["龙岗区"]
    assert refused(world, "adm", "districts.set", name="x", zone="urban", unit="XX").field == "unit"
    assert world.read(units.district, "龙岗") is None


# Staff


def test_a_person_gets_a_passphrase_told_once_and_never_logged(world: World) -> None:
    done = world.do("adm", "staff.enter", login="Hu", name="胡一", unit="SZ", roles="clerk, Technician", request="one")
    assert done.numbers == ("hu",)
    told = dict(done.sentence.values)["more"].values[0][1]
    assert len(told) == 19
    line = last_line(world)
    assert told not in (line.detail or "")
    assert "胡一" in (line.detail or "")
    assert "technician" in (line.detail or "")
    again = world.do("adm", "staff.enter", login="Hu", name="胡一", unit="SZ", roles="clerk", request="one")
    assert again.already
    assert told not in str(again.sentence)
    person = world.read(staff.person, "hu")
    assert person is not None
    assert (person.unit, person.roles, person.active) == ("SZ", ("clerk", "technician"), True)
    assert posts(world, "hu") == (Post("clerk", "SZ"), Post("technician", "SZ"))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("login", "x"),
        ("login", "lin"),
        ("login", "两个"),
        ("unit", "XX"),
        ("roles", "clerk, boss"),
        ("roles", " , "),
        ("os_user", "taken"),
        ("passphrase", "too short"),
        ("passphrase", "Hu-Yi ServiceDesk 2026"),
        ("passphrase", "x" * 129),
    ],
)
def test_a_person_who_cannot_be_is_refused_on_the_field(world: World, field: str, typed: str) -> None:
    world.do("adm", "staff.correct", "lin", os_user="taken")
    values = {"login": "hu", "name": "Hu Yi", "unit": "SZ", "roles": "clerk", field: typed}
    assert refused(world, "adm", "staff.enter", **values).field == field
    assert world.read(staff.person, "hu") is None


def test_who_has_left_can_do_nothing_at_once(world: World) -> None:
    typed = {"begins": "2026-11-24 08:00", "ends": "2026-11-25 08:00", "reason": "leave"}
    world.do("guo", "staff.absence", "chen", **typed)
    world.do("adm", "staff.correct", "guo", active="no")
    refusal = refused(world, "guo", "staff.absence", "liu", **typed)
    assert "no active person" in str(refusal)
    assert [row.login for row in world.read(staff.staff_list, "SZ") if not row.active] == ["guo"]
    world.do("adm", "staff.correct", "guo", active="yes")
    world.do("guo", "staff.absence", "liu", **typed)


def test_a_correction_changes_what_was_typed_and_says_what_it_was(world: World) -> None:
    world.do("adm", "staff.correct", "lin", unit="BJ", roles=["clerk", "agent"], language="zh_TW", os_user="linx")
    person = world.read(staff.person, "lin")
    assert person is not None
    assert (person.name, person.unit, person.roles, person.os_user) == ("林小雨", "BJ", ("clerk", "agent"), "linx")
    assert posts(world, "lin") == (Post("clerk", "BJ"), Post("agent", "BJ"))
    assert '"unit": ["SZ", "BJ"]' in (last_line(world).detail or "")
    world.do("adm", "staff.correct", "lin", os_user="-")
    person = world.read(staff.person, "lin")
    assert person is not None
    assert person.os_user == ""
    assert refused(world, "adm", "staff.correct", "nobody", name="x").field is None


def test_the_last_administrator_stays(world: World) -> None:
    assert refused(world, "adm", "staff.correct", "adm", active="no").field == "active"
    assert refused(world, "adm", "staff.correct", "adm", roles="clerk").field == "roles"
    world.do("adm", "staff.correct", "sm", roles="service_manager, administrator")
    world.do("adm", "staff.correct", "adm", active="no")
    assert refused(world, "sm", "staff.correct", "sm", active="no").field == "active"


def test_only_the_administrator_keeps_staff_and_calendar(world: World) -> None:
    refusal = refused(world, "guo", "staff.correct", "lin", name="X")
    assert refusal.kind == "rights"
    line = last_line(world)
    assert (line.actor, line.act, line.outcome) == ("guo", "staff.correct", "refused")
    assert refused(world, "guo", "calendar.set", "SZ", day="2026-11-24", state="closed").kind == "rights"
    assert refused(world, "sm", "districts.set", name="x", zone="urban", unit="SZ").kind == "rights"


# Stand-ins, absences, shifts


def test_a_stand_in_holds_the_post_on_its_days_only(world: World) -> None:
    world.do("guo", "staff.stand_in", "guo", role="supervisor", stand_in="chen", begins="2026-11-24", ends="2026-11-25")
    own = (Post("technician", "SZ"),)
    assert posts(world, "chen") == own
    world.at("2026-11-24 00:30")
    assert posts(world, "chen") == (*own, Post("supervisor", "SZ", "guo"))
    world.do("chen", "staff.shift", "liu", day="2026-11-26", hours="12:00-20:00")
    line = last_line(world)
    assert (line.actor, line.holder) == ("chen", "guo")
    world.at("2026-11-25 23:59")
    assert len(posts(world, "chen")) == 2
    world.at("2026-11-26 00:00")
    assert posts(world, "chen") == own
    assert refused(world, "chen", "staff.shift", "liu", day="2026-11-27", hours="12:00-20:00").kind == "rights"


def test_a_stand_in_is_replaced_and_taken_back(world: World) -> None:
    named = {"role": "supervisor", "stand_in": "chen"}
    world.do("guo", "staff.stand_in", "guo", **named, begins="2026-11-23", ends="2026-11-30")
    world.do("guo", "staff.stand_in", "guo", **named, begins="2026-11-23", ends="2026-11-24")
    assert [row.ends for row in world.read(staff.stand_ins, "guo")] == [date(2026, 11, 24)]
    assert len(posts(world, "chen")) == 2
    world.do("guo", "staff.stand_in", "guo", **named, begins="2026-11-23", ends="2026-11-23", withdrawn="yes")
    assert len(posts(world, "chen")) == 1
    again = {**named, "begins": "2026-11-23", "ends": "2026-11-23", "withdrawn": "yes"}
    assert refused(world, "guo", "staff.stand_in", "guo", **again).field == "withdrawn"


@pytest.mark.parametrize(
    ("holder", "changed", "field"),
    [
        ("guo", {"role": "accountant"}, "role"),
        ("mgr", {"role": "branch_manager"}, "role"),
        ("guo", {"stand_in": "guo"}, "stand_in"),
        ("guo", {"stand_in": "nobody"}, "stand_in"),
        ("guo", {"ends": "2026-11-22"}, "ends"),
        ("guo", {"begins": "2026-11-01", "ends": "2026-11-02"}, "ends"),
    ],
)
def test_a_stand_in_that_cannot_be_is_refused(world: World, holder: str, changed: dict[str, str], field: str) -> None:
    typed = {"role": "supervisor", "stand_in": "lin", "begins": "2026-11-23", "ends": "2026-11-24", **changed}
    assert refused(world, "guo", "staff.stand_in", holder, **typed).field == field
    assert world.read(staff.stand_ins, holder) == []


def test_a_supervisor_keeps_the_own_unit_an_administrator_every_post(world: World) -> None:
    typed = {"begins": "2026-11-23", "ends": "2026-11-24", "stand_in": "lin"}
    assert refused(world, "bjsup", "staff.stand_in", "guo", role="supervisor", **typed).kind == "rights"
    assert refused(world, "bjsup", "staff.shift", "chen", day="2026-11-24", hours="12:00-20:00").kind == "rights"
    world.do("adm", "staff.stand_in", "mgr", role="branch_manager", **typed)
    assert posts(world, "lin")[1] == Post("branch_manager", "SZ", "mgr")


def test_the_board_sees_who_is_away_and_on_shift(world: World) -> None:
    world.do("guo", "staff.absence", "chen", begins="2026-11-24 13:30", ends="2026-11-25 18:00", reason="leave")
    world.do("guo", "staff.shift", "liu", day="2026-11-24", hours="1200-2000")
    found = {row.login: row for row in world.read(staff.technicians, unit(world), date(2026, 11, 24))}
    assert sorted(found) == ["chen", "liu", "sun", "wu", "zhao"]
    assert [row.reason for row in found["chen"].absences] == ["leave"]
    assert found["liu"].shift == Window(720, 1200)
    assert found["wu"].absences == ()
    assert found["wu"].shift is None
    on_day = {row.login: row for row in world.read(staff.technicians, unit(world), date(2026, 11, 26))}
    assert not any(row.absences or row.shift for row in on_day.values())
    world.do("guo", "staff.absence", "chen", begins="2026-11-24 13:30", ends="2026-11-24 18:00", reason="doctor")
    found = {row.login: row for row in world.read(staff.technicians, unit(world), date(2026, 11, 25))}
    assert found["chen"].absences == ()
    world.do("guo", "staff.absence", "chen", begins="2026-11-24 8:00", ends="2026-11-24 18:00", withdrawn="y")
    world.do("guo", "staff.shift", "liu", day="2026-11-24", withdrawn="y")
    found = {row.login: row for row in world.read(staff.technicians, unit(world), date(2026, 11, 24))}
    assert not any(row.absences or row.shift for row in found.values())


def test_absences_and_shifts_that_cannot_be_are_refused(world: World) -> None:
    away = {"begins": "2026-11-24 13:30", "ends": "2026-11-24 18:00", "reason": "leave"}
    assert "not a technician" in str(refused(world, "guo", "staff.absence", "lin", **away))
    assert refused(world, "guo", "staff.absence", "chen", **{**away, "reason": ""}).field == "reason"
    assert refused(world, "guo", "staff.absence", "chen", **{**away, "ends": "2026-11-24 13:30"}).field == "ends"
    two = "08:00-12:00 13:00-18:00"
    assert refused(world, "guo", "staff.shift", "chen", day="2026-11-24", hours=two).field == "hours"
    assert refused(world, "guo", "staff.shift", "chen", day="2026-11-24").field == "hours"


# Passphrases


def test_one_s_own_passphrase_is_changed_by_the_old_one(world: World) -> None:
    new = "seven small copper bells"
    refusal = refused(world, "lin", "staff.passphrase", current="not this one at all", passphrase=new)
    assert refusal.field == "current"
    assert last_line(world).outcome == "refused"
    assert refused(world, "lin", "staff.passphrase", current=PASSPHRASE, passphrase="lin").field == "passphrase"
    world.do("lin", "staff.passphrase", current=PASSPHRASE, passphrase=new)
    line = last_line(world)
    assert (line.act, line.numbers) == ("staff.passphrase", "lin")
    assert new not in (line.detail or "")
    assert PASSPHRASE not in (line.detail or "")
