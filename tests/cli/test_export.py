"""`export`: the whole register and nothing but what the posts show, whole or not at all, in three forms."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text, update
from typer.testing import CliRunner

from servicedesk.cli.export import EXPORTED, columns_of, dated
from servicedesk.cli.export_columns import LocalTimes
from servicedesk.cli.export_files import FILES, XlsxFile, whole
from servicedesk.cli.program import app, run
from servicedesk.domain.exports import MOST_IN_CLEAR, SIGNS, harmless
from servicedesk.domain.words import Refused
from servicedesk.locales import Words
from servicedesk.store import tables
from servicedesk.store.session import table_of
from tests.acts import days, reporting
from tests.acts.faces import command, open_to_anybody
from tests.acts.rounds import cancelled, carried_back, dispatched, done, last_audit, logged, struck_off
from tests.acts.shop import CARD_IN_STATE
from tests.cli.test_paper_registers import READERS
from tests.store.test_exports import copied
from tests.terminal import Terminal
from tests.world import SHANGHAI, World

TELEPHONE, ADDRESS = "13812345678", "深圳市福田区莲花路12号"
MASKED = ("138****5678", "深圳市福田区莲花路***")
HOSTILE = (
    '=HYPERLINK("http://example.com","click")',
    "+1+2",
    "-2+3|cmd",
    "@SUM(A1)",
    "＝1＋1",
    "﹢1",
    "  =1+1",
    "\u3000＠SUM(A1)",
    'a "quoted", cell; and\nanother line',
    "<r><t>bold</t></r>",
    "</t></is></c><c><f>1+1</f></c>",
    "_x003D_1+1",
    "'=1",
    "𠮷 🛠 e\u0301",
)
FORMULA = re.compile("[\\s\0]*[=+\\-@＝＋－＠﹢﹣﹦﹫−]|[\t\r\n\0]")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = open_to_anybody(World(sqlite_url))
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    yield made
    made.close()


def exported(world: World, login: str, *words: str) -> list[dict[str, str]]:
    """What `export` wrote as CSV."""
    ran = command(world, login, "export", *words, "-o", "some.csv", "--force")
    assert (ran.code, ran.out) == (0, "some.csv\n"), ran.err
    return read_csv(Path("some.csv"))


def read_csv(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(raw.decode("utf-8-sig").splitlines(keepends=True)))


def read_xlsx(path: Path) -> list[list[Any]]:
    """Every cell of every sheet: text, a number with its style, or nothing; there may be no formula."""
    found = []
    with zipfile.ZipFile(path) as book:
        for name in sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet")):
            sheet = ElementTree.fromstring(book.read(name))
            assert sheet.find(f".//{SHEET}f") is None
            found += [list(map(cell_of, row)) for row in sheet.iter(f"{SHEET}row")]
    return found


def cell_of(cell: ElementTree.Element) -> Any:
    if cell.get("t") == "inlineStr":
        shown = "".join(part.text or "" for part in cell.iter(f"{SHEET}t"))
        return re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), shown)
    value = cell.find(f"{SHEET}v")
    return None if value is None or value.text is None else (float(value.text), cell.get("s"))


def column(rows: Sequence[Mapping[str, str]], name: str) -> list[str]:
    return [row[name] for row in rows]


def numbered_remarks(world: World, remarks: Sequence[str]) -> None:
    """Lines with these remarks, put into the books past every door that cleans them."""
    calls = table_of(tables.Call)
    for nth, remark in enumerate(remarks):
        number = logged(world, customer=f"客{nth}", telephone=f"139000{nth:05}", model_no=f"M-{nth}")
        with world.books.writing() as writing:
            writing.connection.execute(update(calls).where(calls.c.number == number).values(remarks=remark))


# The whole set


def test_an_export_is_what_plain_sql_finds(database_url: str, tmp_path: Path) -> None:
    world = open_to_anybody(World(database_url))
    for make in (logged, dispatched, carried_back, cancelled):
        make(world, model_no=f"M-{make.__name__}")
    done(world, model_no="M-done", fees="callout 120", collected="y")
    struck_off(world, model_no="M-struck")
    logged(world, "bjclerk", customer="钱三", telephone="13900001111", model_no="B-2")
    ran = command(world, "sm", "export", "calls", "-o", str(tmp_path / "calls.csv"))
    assert ran.code == 0, ran.err
    rows = read_csv(tmp_path / "calls.csv")
    raw = world.read(lambda reading: reading.all(text(PLAIN)))
    assert len(rows) == len(raw) == 7
    for row, kept in zip(rows, raw, strict=True):
        assert (row["Number"], row["Unit"], row["Customer"], row["Model"]) == (kept[0], kept[1], kept[2], kept[3])
        times = [row[name] for name in ("Called at", "Logged at", "Due", "Dispatched", "Arrived", "Finished")]
        assert times == [local(at) for at in kept[4:10]]
        assert row["State"] == kept[10].replace("_", " ")
        assert (row["Technician"], row["Voucher"]) == (kept[11] or "", kept[12])
        assert (row["Fee"], row["Currency"]) == (f"{kept[13] / 100:.2f}", kept[14])
        assert (row["Visits"], row["Symptom"], row["Type"]) == (str(kept[15]), kept[16], kept[17])
    assert [row["Fee"] for row in rows].count("120.00") == 1
    world.close()


PLAIN = """
SELECT c.number, u.code, c.customer_name, c.model_no, c.called_at, c.logged_at, c.judged_by, c.dispatched_at,
    c.arrived_at, c.finished_at, c.state, s.name, v.number, c.fee, u.currency, c.visits, c.symptom, c.service_type
FROM calls c JOIN units u ON u.id = c.unit_id JOIN vouchers v ON v.id = c.voucher_id
LEFT JOIN staff s ON s.id = c.technician_id ORDER BY c.id
"""


def local(at: str | None) -> str:
    return "" if at is None else datetime.fromisoformat(at).astimezone(SHANGHAI).isoformat()


OF_THE_DAY: Mapping[str, Callable[[World], Any]] = {
    "reports": reporting.handed_in_late,
    "supervisor_reports": reporting.received,
    "days": days.received,
}


@pytest.mark.parametrize("name", EXPORTED)
def test_every_register_has_its_columns_in_every_form_alike(world: World, name: str) -> None:
    CARD_IN_STATE["returned"](world)
    CARD_IN_STATE["in_repair"](world, model_no="Z-9")
    world.do("lin", "job_sheets.pack", technician="chen", blanks="1")
    if name in OF_THE_DAY:
        OF_THE_DAY[name](world)
    login = READERS.get(name, "lin")
    columns = columns_of(EXPORTED[name])
    fields = [cell.name for cell in columns.values()]
    assert len(set(fields)) == len(fields)
    for form in FILES:
        ran = command(world, login, "export", name, "--format", form)
        assert (ran.code, ran.out) == (0, f"{name}.{form}\n"), ran.err
    rows, data, sheet = (
        read_csv(Path(f"{name}.csv")),
        json.loads(Path(f"{name}.json").read_text()),
        read_xlsx(Path(f"{name}.xlsx")),
    )
    listed = json.loads(command(world, login, "list", name, "--json", "--limit", "99").out)
    assert len(rows) == len(data) == len(sheet) - 1 == len(listed)
    assert rows or name not in OF_THE_DAY
    assert sheet[0] == list(columns)
    for row, values, shown in zip(rows, data, reversed(listed), strict=True):
        assert list(row) == list(columns)
        assert list(values) == fields
        for heading, cell in columns.items():
            kept = values[cell.name]
            if cell.kind in ("text", "day"):
                assert row[heading] == ("" if kept is None else str(kept))
            if cell.kind == "named":
                assert row[heading] == cell.labels.get(kept, kept)
            if cell.kind != "moment" and cell.name in shown and cell.name not in ("telephone", "address"):
                assert kept == shown[cell.name]
            if cell.kind == "moment" and kept is not None:
                assert kept.endswith("+08:00")
                assert datetime.fromisoformat(kept) == datetime.fromisoformat(shown[cell.name])


def test_days_are_those_of_the_registers_own_date_and_both_are_in_it(world: World) -> None:
    for day in ("2026-11-23 09:00", "2026-11-24 00:00", "2026-11-24 23:59", "2026-11-25 00:00"):
        world.at(day)
        logged(world, model_no=day)
    one_day = ("--from", "2026-11-24", "--to", "2026-11-24")
    assert column(exported(world, "lin", "calls", *one_day), "Model") == ["2026-11-24 00:00", "2026-11-24 23:59"]
    assert len(exported(world, "lin", "calls", "--from", "2026-11-24")) == 3
    assert len(exported(world, "lin", "calls", "--to", "2026-11-24")) == 3
    assert len(exported(world, "lin", "calls")) == 4


@pytest.mark.parametrize("name", OF_THE_DAY)
def test_papers_of_a_day_go_by_it_and_not_by_when_they_were_written(world: World, name: str) -> None:
    """Written in the evening of Monday, and what was late on Tuesday."""
    OF_THE_DAY[name](world)
    login = READERS.get(name, "lin")
    every = exported(world, login, name)
    assert set(column(every, "Day")) == {"2026-11-23"}
    for period in (("--from", "2026-11-23"), ("--to", "2026-11-23")):
        assert exported(world, login, name, *period) == every
    for period in (("--from", "2026-11-24"), ("--to", "2026-11-22")):
        assert exported(world, login, name, *period) == []


def test_each_register_has_the_date_of_its_paper() -> None:
    found = {name: dated(listed) for name, listed in EXPORTED.items()}
    assert found["calls"] == "called_at"
    assert (found["cards"], found["goods"], found["receipts"]) == ("came_in_at", "came_in_at", "issued_at")
    assert (found["charges"], found["custody"], found["parts"]) == ("done_at", "since", "")
    assert {found[name] for name in OF_THE_DAY} == {"day"}


def test_a_view_narrows(world: World) -> None:
    logged(world)
    struck_off(world, model_no="B-2")
    world.at("2027-03-01 09:00")
    logged(world, model_no="C-3")
    assert column(exported(world, "lin", "calls", "--view", "late"), "Model") == ["KFR-35GW"]


def test_words_and_headings_are_in_the_persons_language(world: World) -> None:
    cancelled(world)
    assert in_chinese(world, "export", "calls") == 0
    (row,) = read_csv(Path("calls.csv"))
    words = Words("zh_CN")
    assert list(row) == [words(heading) for heading in columns_of(EXPORTED["calls"])]
    assert row[words("State")] == words("cancelled") != "cancelled"
    assert row[words("Channel")] == words("telephone") != "telephone"


def in_chinese(world: World, *words: str) -> int:
    return run(["--database", world.database, "--lang", "zh_CN", "--as", "lin", *words], lambda: world.now)


# Whose


def test_rows_are_those_the_posts_show(world: World) -> None:
    dispatched(world)
    logged(world, model_no="B-2")
    logged(world, "bjclerk", customer="钱三", telephone="13900001111", model_no="B-3")
    for login, count in (("lin", 2), ("chen", 1), ("liu", 0), ("mgr", 2), ("bjclerk", 1), ("ann", 3), ("xu", 3)):
        assert len(exported(world, login, "calls")) == count, login
    assert len(exported(world, "xu", "calls", "--unit", "bj")) == 1


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("reports", {"chen": 1, "guo": 5, "mgr": 5, "bjsup": 0, "xu": 5, "lin": None, "aud": None}),
        ("supervisor_reports", {"guo": 1, "mgr": 1, "bjsup": 0, "xu": 1, "chen": None, "lin": None, "aud": None}),
        ("days", {"lin": 1, "guo": 1, "mgr": 1, "bjclerk": 0, "xu": 1, "chen": None, "aud": None}),
    ],
)
def test_papers_of_a_day_are_those_the_posts_show(world: World, name: str, counts: Mapping[str, int | None]) -> None:
    OF_THE_DAY[name](world)
    for login, count in counts.items():
        if count is None:
            ran = command(world, login, "export", name)
            assert (ran.code, ran.err) == (1, ("Your posts do not show this register.",)), login
        else:
            assert len(exported(world, login, name)) == count, login


@pytest.mark.parametrize(
    ("login", "clear"),
    [("lin", True), ("guo", True), ("chen", True), ("acc", True), ("ann", True), ("mgr", False), ("xu", False)],
)
def test_telephones_and_addresses_are_masked_as_the_rights_say(world: World, login: str, clear: bool) -> None:
    dispatched(world, telephone=TELEPHONE, address=ADDRESS)
    (row,) = exported(world, login, "calls")
    assert (row["Telephone"], row["Address"]) == ((TELEPHONE, ADDRESS) if clear else MASKED)
    assert last_audit(world)["changed"] == {"calls": {"clear": clear, "rows": 1}}
    for form in ("json", "xlsx"):
        assert command(world, login, "export", "calls", "--format", form, "--force").code == 0
    assert json.loads(Path("calls.json").read_text())[0]["telephone"] == (TELEPHONE if clear else MASKED[0])
    assert (TELEPHONE in read_xlsx(Path("calls.xlsx"))[1]) == clear


def test_the_job_of_a_colleague_stays_masked_for_a_technician_who_stands_in_elsewhere(world: World) -> None:
    """A manager's post shows the unit masked, the own jobs are clear: line by line."""
    world.do("adm", "staff.correct", "chen", roles="technician, branch_manager")
    dispatched(world, telephone=TELEPHONE)
    dispatched(world, "liu", telephone=TELEPHONE, model_no="B-2")
    assert column(exported(world, "chen", "calls"), "Telephone") == [TELEPHONE, MASKED[0]]


def test_many_lines_at_once_show_nobodys_telephone(world: World) -> None:
    copied(world, logged(world, telephone=TELEPHONE, address=ADDRESS), 2 * MOST_IN_CLEAR)
    ran = command(world, "lin", "export", "calls")
    assert ran.err[0].startswith("More than 1000 lines: telephones and addresses are masked.")
    rows = read_csv(Path("calls.csv"))
    assert len(rows) > MOST_IN_CLEAR
    assert {(row["Telephone"], row["Address"]) for row in rows} == {MASKED}
    assert last_audit(world)["changed"]["calls"] == {"clear": False, "rows": len(rows)}
    assert {row["Telephone"] for row in exported(world, "lin", "calls", "--to", "2026-11-23")} == {TELEPHONE}


@pytest.mark.parametrize(("login", "said"), [("tra", "It is for: "), ("adm", "It is for: "), ("aud", "do not show")])
def test_without_the_right_nothing_is_written_but_the_refusal(world: World, login: str, said: str) -> None:
    logged(world)
    ran = command(world, login, "export", "calls")
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err[0]
    assert os.listdir() == []
    assert said in last_audit(world)["refused"]


def test_another_units_register_is_refused(world: World) -> None:
    ran = command(world, "bjclerk", "export", "calls", "--unit", "SZ")
    assert (ran.code, ran.err) == (1, ("Your posts do not show this register.",))


# Written down


def test_the_audit_line_says_what_left_the_books(world: World) -> None:
    logged(world, telephone=TELEPHONE)
    command(world, "lin", "export", "calls", "--from", "2026-11-01", "--to", "2026-11-30", "--unit", "SZ")
    line = last_audit(world)
    assert (line["act"], line["actor"], line["outcome"], line["numbers"]) == ("exports.write", "lin", "done", "calls")
    assert {name: line[name] for name in ("entered", "changed")} == {
        "entered": {
            "book": "calls",
            "format": "csv",
            "first": "2026-11-01",
            "last": "2026-11-30",
            "unit": "SZ",
        },
        "changed": {"calls": {"rows": 1, "clear": True}},
    }


def test_the_act_alone_writes_no_line(world: World) -> None:
    ran = command(world, "lin", "act", "exports.write", "book=calls", "format=csv")
    assert (ran.code, ran.err) == (1, ("A register is exported by 'servicedesk export'.",))


# Hostile text


def test_hostile_text_is_harmless_and_whole_in_csv(world: World) -> None:
    numbered_remarks(world, HOSTILE)
    told = column(exported(world, "lin", "calls"), "Remarks")
    assert [
        cell.removeprefix("'") if FORMULA.match(text) else cell for cell, text in zip(told, HOSTILE, strict=True)
    ] == [*HOSTILE]
    assert not [cell for row in read_csv(Path("some.csv")) for cell in row.values() if FORMULA.match(cell)]


def test_hostile_text_is_text_and_whole_in_a_workbook(world: World) -> None:
    numbered_remarks(world, HOSTILE)
    assert command(world, "lin", "export", "calls", "--format", "xlsx").code == 0
    heading, *lines = read_xlsx(Path("calls.xlsx"))
    told = [line[heading.index("Remarks")] for line in by_heading(Path("calls.xlsx"))]
    assert len(lines) == len(HOSTILE)
    assert told == ["'" + text if text.startswith("<r>") else text for text in HOSTILE]


def by_heading(path: Path) -> list[list[Any]]:
    """The lines with every cell in its column: empty ones are left out of a workbook."""
    with zipfile.ZipFile(path) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    found = []
    for row in list(sheet.iter(f"{SHEET}row"))[1:]:
        cells = {place(cell.get("r") or ""): cell_of(cell) for cell in row}
        found.append([cells.get(nth, "") for nth in range(40)])
    return found


def place(reference: str) -> int:
    nth = 0
    for letter in reference.rstrip("0123456789"):
        nth = 26 * nth + ord(letter) - 64
    return nth - 1


def test_hostile_text_is_whole_in_json(world: World) -> None:
    numbered_remarks(world, HOSTILE)
    assert command(world, "lin", "export", "calls", "--format", "json").code == 0
    assert [row["remarks"] for row in json.loads(Path("calls.json").read_text())] == list(HOSTILE)


def test_every_sign_that_begins_a_formula_is_looked_at() -> None:
    starts = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    assert {sign for sign in starts if harmless(sign + "=1") != sign + "=1"} == SIGNS


# Typed cells


def test_numbers_amounts_and_times_are_typed_in_a_workbook(world: World) -> None:
    done(world, fees="callout 120", collected="y")
    assert command(world, "lin", "export", "calls", "--format", "xlsx").code == 0
    heading = read_xlsx(Path("calls.xlsx"))[0]
    (line,) = by_heading(Path("calls.xlsx"))
    cell = {name: line[nth] for nth, name in enumerate(heading)}
    day, style = cell["Called at"]
    assert datetime(1899, 12, 30) + timedelta(days=day) == datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001
    assert cell["Fee"][0] == 120.0
    assert cell["Visits"][0] == 1
    assert style != cell["Fee"][1] != cell["Visits"][1]
    assert cell["Serial no."] == cell["Struck off"] == ""
    assert cell["Customer no."] == "000001"


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("reports", {"A jobs": 1, "Fee": 120.0, "D min": 210}),
        ("supervisor_reports", {"Calls logged": 1, "Done on site": 1, "Fees charged": 120.0}),
        ("days", {"Calls on the page": 2, "Carried over": 1, "Differences found": 3}),
    ],
)
def test_the_figures_of_a_day_are_typed_in_a_workbook(world: World, name: str, numbers: Mapping[str, float]) -> None:
    done(world, fees="callout 120", collected="y")
    OF_THE_DAY[name](world)
    assert command(world, READERS.get(name, "lin"), "export", name, "--format", "xlsx").code == 0
    heading = read_xlsx(Path(f"{name}.xlsx"))[0]
    cell = {one: by_heading(Path(f"{name}.xlsx"))[-1][nth] for nth, one in enumerate(heading)}
    day, style = cell["Day"]
    assert datetime(1899, 12, 30) + timedelta(days=day) == datetime(2026, 11, 23)  # noqa: DTZ001
    assert {one: cell[one][0] for one in numbers} == numbers
    assert style not in {cell[one][1] for one in numbers}


def test_a_full_sheet_is_followed_by_another(tmp_path: Path) -> None:
    class Small(XlsxFile):
        MOST_LINES = 3

    with Small(tmp_path / "a.xlsx", ["n"], ["Number"]) as file:
        file.write([(nth,) for nth in range(5)])
    shown = [row[0] if isinstance(row[0], str) else row[0][0] for row in read_xlsx(tmp_path / "a.xlsx")]
    assert shown == ["Number", 0, 1, "Number", 2, 3, "Number", 4]


def test_a_text_too_long_for_a_cell_is_refused_and_not_cut(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="too long for a cell"), XlsxFile(tmp_path / "a.xlsx", ["n"], ["N"]) as file:
        file.write([("x" * 40_000,)])


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"])
def test_local_times_are_those_of_the_zone(zone: str) -> None:
    begins = datetime(2026, 10, 30, tzinfo=UTC)
    texts = [(begins + timedelta(minutes=37 * nth)).isoformat() for nth in range(400)]
    told = LocalTimes(zone).of([*texts, None])
    assert told == [*(datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).isoformat() for at in texts), None]


# Whole or not at all


def test_a_file_that_is_there_is_not_written_over_without_force(world: World) -> None:
    Path("calls.csv").write_text("mine")
    ran = command(world, "lin", "export", "calls")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == ("The file calls.csv is there already: choose another name, or --force.",)
    assert Path("calls.csv").read_text() == "mine"
    assert command(world, "lin", "export", "calls", "--force").code == 0
    assert stat.S_IMODE(Path("calls.csv").stat().st_mode) == 0o600
    assert os.listdir() == ["calls.csv"]


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("stopped", ["ctrl+c", "SIGTERM", "disk"])
def test_an_interrupted_export_leaves_nothing(tmp_path: Path, form: str, stopped: str) -> None:
    target = tmp_path / f"calls.{form}"
    before = signal.getsignal(signal.SIGTERM)
    expected = {"ctrl+c": KeyboardInterrupt, "SIGTERM": SystemExit, "disk": Refused}[stopped]
    with pytest.raises(expected):
        _begin(target, form, stopped)
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == before


def _begin(target: Path, form: str, stopped: str) -> None:
    with whole(target, force=False) as path, FILES[form](path, ["n"], ["Number"]) as file:
        file.write([(nth,) for nth in range(1000)])
        assert len(list(target.parent.iterdir())) == 1
        if stopped == "ctrl+c":
            raise KeyboardInterrupt
        if stopped == "disk":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.kill(os.getpid(), signal.SIGTERM)


def test_a_disk_that_is_full_leaves_nothing_and_says_why(world: World, tmp_path: Path) -> None:
    copied(world, logged(world), 1500)
    world.close()
    words = ["--database", world.database, "--as", "lin", "export", "calls", "-o", "calls.csv"]
    ran = subprocess.run(
        [sys.executable, "-m", "servicedesk", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "calls.csv cannot be written: File too large." in ran.stderr
    assert os.listdir() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing",), "There is no register 'nothing': calls, "),
        (("calls", "--from", "never"), "from: “never” is not a date"),
        (("calls", "--from", "2026-11-24", "--to", "2026-11-23"), "to: The period ends before it begins."),
        (("parts", "--from", "2026-11-24"), "from: This register has no date"),
        (("cards", "--view", "nonsense"), "view: 'nonsense' is not one of: late,"),
        (("calls", "--unit", "XX"), "unit: There is no unit XX."),
        (("calls", "-o", "no/such/folder.csv"), "no/such/folder.csv cannot be written: No such file"),
    ],
)
def test_what_cannot_be_done_is_said(world: World, words: tuple[str, ...], said: str) -> None:
    ran = command(world, "xu", "export", *words)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err[0].startswith(said)
    assert os.listdir() == []


# Talk and data


def test_standard_output_is_the_file_alone(world: World) -> None:
    logged(world)
    assert command(world, "lin", "export", "calls").code == 0
    for form in FILES:
        words = ["--database", world.database, "--lang", "en", "--as", "lin", "export", "calls", "--format", form]
        ran = CliRunner().invoke(app, [*words, "-o", "-"], catch_exceptions=False)
        assert ran.exit_code == 0
        assert ran.stderr == "1 lines are exported.\n"
        if form == "csv":
            assert ran.stdout_bytes == Path("calls.csv").read_bytes()
    assert os.listdir() == ["calls.csv"]


def test_on_a_terminal_a_bar_shows_how_far_it_is(world: World) -> None:
    copied(world, logged(world), 1500)
    argv = [sys.executable, "-m", "servicedesk", "--database", world.database, "--as", "lin", "export", "calls"]
    with Terminal(argv) as terminal:
        terminal.wait("calls.csv")
    assert b"Export " in terminal.raw
    assert b"%" in terminal.raw
