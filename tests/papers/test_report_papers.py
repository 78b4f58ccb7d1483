"""The papers of the day's end: technician and supervisor report, closing sheet, transmittal (003 Art. 12-15, 20)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from servicedesk.domain.calls import STATES
from servicedesk.domain.numbering import short
from servicedesk.domain.printing import Sheet
from servicedesk.domain.register_days import UNATTENDED, DayRow, DifferenceRow, PageLineRow
from servicedesk.domain.reports import ReportLineRow, ReportRow, SupervisorReportRow, TechnicianFigures
from servicedesk.domain.text import cells
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Sentence, say
from servicedesk.locales import Words
from servicedesk.papers import html, text
from servicedesk.papers.made import made
from servicedesk.papers.paper import Paper, Table
from servicedesk.papers.report_forms import closing_sheet, supervisor_report, technician_report, transmittal
from servicedesk.store import register_days
from tests.acts import days, reporting
from tests.acts.faces import Ran, command, open_to_anybody
from tests.acts.reporting import figures, report, reviewed, submitted, summary
from tests.acts.rounds import DONE, arrived, logged
from tests.papers.test_renderings import HOSTILE, Read, read
from tests.world import World

ENGLISH, SIMPLIFIED, TRADITIONAL = (Words(language, "Asia/Shanghai") for language in ("en", "zh_CN", "zh_TW"))
UNIT = UnitRow(1, "SZ", "深圳分公司", "branch", "Asia/Shanghai", "CN", "CNY", 0, 360, 420)
AT = datetime(2026, 11, 23, 10, 20, tzinfo=UTC)
DAY = AT.date()
T_NUMBER, B_NUMBER, D_NUMBER = (f"SZ-{letter}-261123-0001" for letter in "TBD")

COLUMNS_OF_THE_REGISTER = (
    "No. Called at Channel Customer Caller Telephone Address Zone Model Serial no. Fault as told Type Voucher "
    "Appointment Due Dispatched at Technician Arrived Finished Result Struck off Remarks"
)
"""The columns of the register in paper order (forms §3.1)."""


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def a_day(world: World) -> tuple[str, str]:
    """Two calls, one of them done; every report reviewed but zhao's; compiled, signed and closed. B and D number."""
    done = arrived(world, "liu")
    world.at("2026-11-23 10:15")
    world.do("liu", "calls.finish", done, **DONE, fees="labour 120")
    logged(world, customer="赵大明", model_no="XQG-70", telephone="075525556666", symptom="漏水")
    world.at(days.EVENING)
    reviewed(world, *(login for login in reporting.TECHNICIANS if login != "zhao"), lines="1330-1400 d 点料")
    summed = world.do("guo", "supervisor_reports.compile", absentees="zhao: 病假", remarks="一件顺延").numbers[0]
    world.do("guo", "supervisor_reports.sign", summed)
    return summed, days.closed(world)


def shown(world: World, login: str, *words: str) -> Ran:
    """What this person sees of a paper, without printing it."""
    return command(world, login, "print", *words, "--to", "screen")


def as_html(world: World, tmp_path: Path, *words: str) -> Read:
    path = tmp_path / "paper.html"
    assert command(world, "guo", "--lang", "zh_CN", "print", *words, "--to", "html", "-o", str(path)).code == 0
    return read(path.read_text(encoding="utf-8"))


def in_order(said: str, *parts: str) -> None:
    places = [said.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


# From the books


def test_a_technician_report_has_its_lines_and_its_foot(world: World, tmp_path: Path) -> None:
    a_day(world)
    number = "SZ-T-261123-0002"
    assert report(world, number).technician == "liu"
    ran = shown(world, "liu", "technician_report", number)
    assert ran.code == 0
    foot = ("C free service", "D general administrative work")
    in_order(
        ran.out, number, "刘洋", "08:30-12:00 13:30-18:00", "郭强 Mon 23 Nov 18:20", "王小明", "加氟", "点料", *foot
    )
    assert "SZ-C-261123-0001" in ran.out
    assert "From: 09:00  To: 10:15" in ran.out
    in_order(
        ran.out, "Jobs in all  1", "Minutes in all  105", "Fees  ¥120.00", "Technician ___", "Service supervisor ___"
    )
    sheet = as_html(world, tmp_path, "technician_report", number)
    assert sheet.rows == [12] * 3 + [3] * 5
    assert sheet.seen.count("article") == 1


def test_a_technician_reads_his_own_report_and_no_other(world: World) -> None:
    number = submitted(world)
    assert shown(world, "chen", "technician_report", number).code == 0
    for login in ("liu", "lin", "bjsup", "acc"):
        assert shown(world, login, "technician_report", number).err == (f"Your posts do not show {number}.",)
    for login in ("guo", "mgr", "xu", "sm"):
        assert shown(world, login, "technician_report", number).code == 0


def test_a_supervisor_report_has_everybody_the_day_block_and_who_has_signed(world: World, tmp_path: Path) -> None:
    number, _ = a_day(world)
    ran = shown(world, "guo", "supervisor_report", number)
    names = ("陈明", "刘洋", "孙静", "吴刚", "赵磊", "病假", "Total")
    in_order(ran.out, number, "郭强", *names, "Calls logged", "Fees charged", "一件顺延", "Signed")
    row, lines = summary(world, number), figures(world, number)
    total = next(line for line in ran.out.splitlines() if line.startswith("Total")).split()[1:]
    sums = [
        sum(getattr(line, name) for line in lines)
        for name in ("jobs_a", "minutes_a", "jobs_b", "minutes_b", "jobs_c", "minutes_c", "minutes_d")
    ]
    assert list(map(int, total)) == [*sums, sum(sums[1::2]) + sums[6]]
    for name, figure in (("Calls logged", row.calls), ("Calls dispatched", row.dispatched), ("Done on site", 1)):
        assert f"{name} {figure}" in " ".join(ran.out.split())
    assert "Branch manager (read) ___" in ran.out
    assert ran.out.count("郭强") == 2
    world.do("mgr", "supervisor_reports.manager_sign", number)
    assert "马国荣 Mon 23 Nov 18:20" in shown(world, "xu", "supervisor_report", number).out
    sheet = as_html(world, tmp_path, "supervisor_report", number)
    assert sheet.rows == [10] * 7
    for login in ("chen", "lin", "bjsup", "acc"):
        assert shown(world, login, "supervisor_report", number).err == (f"Your posts do not show {number}.",)


def test_a_closing_sheet_bears_the_audit_head_and_what_differed(world: World, tmp_path: Path) -> None:
    _, number = a_day(world)
    row = world.read(register_days.DAYS.one, number)
    assert row is not None
    assert row.audit_head
    said = " ".join(shown(world, "lin", "closing_sheet", number).out.split())
    assert row.audit_head in said.replace(" ", "").replace("Headoftheauditlog", "")
    in_order(said, number, "Calls on the page 2", "Carried over undispatched 1", "¥120.00", "林小雨", "logged 1")
    for one in world.read(register_days.differences, row.id):
        assert one.paper in said
        assert one.explanation in said
    in_order(said, "Undispatched on this page", "SZ-C-261123-0002", "赵大明", "Service clerk ___")
    sheet = as_html(world, tmp_path, "closing_sheet", number)
    assert sheet.seen.count("table") == 3


def test_the_transmittal_is_the_page_as_it_was_closed_whatever_happens_then(world: World, tmp_path: Path) -> None:
    _, number = a_day(world)
    before = shown(world, "lin", "transmittal", number).out
    in_order(before, number, "1123-0001", "王小明", "1123-0002", "赵大明", "075525556666", "漏水", "logged")
    world.at("2026-11-24 09:00")
    second = "SZ-C-261123-0002"
    world.do("lin", "calls.correct", second, symptom="漏电", telephone="13900000000", reason="听错")
    world.do("guo", "calls.dispatch", second, technician="chen")
    assert shown(world, "lin", "transmittal", number).out == before
    assert "漏电" in shown(world, "lin", "register", "SZ 2026-11-23").out
    world.do("lin", "days.transmit", number)
    sent = shown(world, "lin", "transmittal", number).out
    assert "林小雨 Tue 24 Nov 09:00" in sent
    assert "漏水" in sent
    sheet = as_html(world, tmp_path, "transmittal", number)
    assert sheet.rows == [22] * 3


def test_telephone_and_address_are_masked_on_the_transmittal_for_who_does_not_work_on_them(world: World) -> None:
    _, number = a_day(world)
    for login in ("lin", "guo"):
        assert "13812345678" in shown(world, login, "transmittal", number).out
    for login in ("mgr", "xu", "sm"):
        said = shown(world, login, "transmittal", number).out
        assert "王小明" in said
        assert not {"13812345678", "075525556666"} & set(said.split())
        assert "莲花路12号" not in said
    for login in ("chen", "bjclerk", "acc"):
        assert shown(world, login, "transmittal", number).err == (f"Your posts do not show {number}.",)


@pytest.mark.parametrize("paper", ["closing_sheet", "transmittal"])
def test_a_day_that_is_not_closed_has_no_paper_yet(world: World, paper: str) -> None:
    logged(world)
    number = days.reconciled(world)
    ran = shown(world, "lin", paper, number)
    assert (ran.code, ran.err) == (1, (f"{number} is not closed yet: close the day first.",))


@pytest.mark.parametrize("paper", ["technician_report", "supervisor_report", "closing_sheet", "transmittal"])
def test_a_paper_that_is_not_there_is_said_to_be_missing(world: World, paper: str) -> None:
    letter = {"technician_report": "T", "supervisor_report": "B"}.get(paper, "D")
    assert shown(world, "guo", paper, "9").err == (f"There is no SZ-{letter}-261123-0009 in the books.",)


def test_each_is_printed_once_and_then_as_a_copy(world: World) -> None:
    summed, closed = a_day(world)
    papers = {
        "technician_report": T_NUMBER,
        "supervisor_report": summed,
        "closing_sheet": closed,
        "transmittal": closed,
    }
    for paper, number in papers.items():
        first, second = (command(world, "guo", "print", paper, number).out for _ in range(2))
        assert "[COPY]" not in first, paper
        assert "[COPY]" in second, paper


# From rows


def rows_of_a_report(word: str) -> tuple[ReportRow, list[ReportLineRow]]:
    hours = "08:30-12:00 13:30-18:00"
    row = ReportRow(
        1, T_NUMBER, 1, "SZ", "reviewed", DAY, "chen", "陈明", hours, 1, 75, 0, 0, 2, 90, 30, 20, 12000, 3,
        word, AT, AT, "郭强", word, "", "", None, 1, 1,
    )  # fmt: skip
    line = ReportLineRow(1, "visit", "SZ-C-261123-0001", word, "A", word, AT, AT, 75, 20, word, 12000, word)
    return row, [line, line._replace(service_type="D", paper="", customer_name="", fee=0, travel=0)]


def rows_of_a_summary(word: str, kind: str = "branch") -> tuple[SupervisorReportRow, list[TechnicianFigures]]:
    row = SupervisorReportRow(
        1, B_NUMBER, 1, "SZ", kind, "signed", DAY, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 98765,
        32, word, AT, "郭强", AT, word, None, "", None, "", None, "", "", "", None, 1,
    )  # fmt: skip
    line = TechnicianFigures("chen", word, T_NUMBER, 1, 10, 2, 20, 3, 30, 40, "")
    return row, [line, TechnicianFigures("liu", "刘洋", "", 0, 0, 0, 0, 0, 0, 0, word)]


def rows_of_a_day(word: str) -> tuple[DayRow, list[DifferenceRow], list[PageLineRow]]:
    row = DayRow(
        1, D_NUMBER, 1, "SZ", "day_closed", DAY, 2, 1, 1, 0, "12:abc", AT, "", AT, "", None, "", None, "",
        "", "", None, 1,
    )  # fmt: skip
    line = PageLineRow(
        1, "SZ-C-261123-0001", "logged", AT, "telephone", word, word, "13812345678", word, "urban", word, word, word,
        "A", "SZ-V-000001", None, AT, None, "", None, None, None, "", 0, word,
    )  # fmt: skip
    done = line._replace(line=2, number="SZ-C-261123-0002", state="struck_off", struck_off_at=AT, struck_off_by="lin")
    return row, [DifferenceRow("voucher_out", "SZ-V-000001", UNATTENDED)], [line, done]


def every_paper(word: str) -> list[Paper]:
    row, differences, lines = rows_of_a_day(word)
    contacts = {line.number: (line.telephone, line.address) for line in lines}
    return [
        technician_report(UNIT, *rows_of_a_report(word)),
        supervisor_report(UNIT, *rows_of_a_summary(word)),
        closing_sheet(UNIT, row, differences, lines),
        transmittal(UNIT, row, lines, contacts),
    ]


@pytest.mark.parametrize("words", [ENGLISH, SIMPLIFIED, TRADITIONAL], ids=lambda words: words.language)
@pytest.mark.parametrize(
    "word", ["陈明", "宏图伟业科技股份有限公司深圳分公司" * 3, "x" * 120, "a b " * 40, ""], ids=range(5)
)
def test_no_line_is_wider_than_the_printer(words: Words, word: str) -> None:
    for line in text.render(every_paper(word), words).splitlines():
        assert cells(line) <= text.WIDTH, line


def test_what_people_wrote_is_text_in_every_rendering() -> None:
    document = html.render(every_paper(HOSTILE), SIMPLIFIED, ENGLISH)
    assert "script" not in read(document).seen
    for rendered in (document, text.render(every_paper(HOSTILE), ENGLISH)):
        assert not {"\x1b", "\x07", "\u202e"} & set(rendered)


def test_a_line_of_an_earlier_day_and_a_report_that_came_late_are_marked() -> None:
    row, (line, *_) = rows_of_a_report("x")
    paper = technician_report(UNIT, row, [line._replace(began_at=AT - timedelta(days=2)), line])
    assert isinstance(paper.body[0], Table)
    assert [told[-1] for told in paper.body[0].rows] == [
        say("of {day}, after its report", day=f"{DAY - timedelta(days=2):%m-%d}"),
        "x",
    ]
    late = row._replace(number="SZ-T-261124-0009", technician="liu")
    summed, lines = rows_of_a_summary("x")
    for number, absent, said in (
        ("SZ-T-261124-0002", "", "SZ-T-261124-0002, with SZ-T-261124-0009 of 23 Nov 2026"),
        (late.number, "病假", "病假, with SZ-T-261124-0009 of 23 Nov 2026"),
        (late.number, "", "SZ-T-261124-0009 of 23 Nov 2026"),
    ):
        figures_of_liu = lines[1]._replace(report=number, absent=absent)
        table = supervisor_report(UNIT, summed, [lines[0], figures_of_liu], [late]).body[0]
        assert isinstance(table, Table)
        beside, told = table.rows[0][-1], table.rows[1][-1]
        assert isinstance(told, Sentence | str)
        assert (beside, ENGLISH(told)) == (T_NUMBER, said)


def test_the_transmittal_has_the_columns_of_the_register_in_paper_order() -> None:
    paper = every_paper("x")[3]
    assert " ".join(column.label for column in paper.tables[0].columns) == COLUMNS_OF_THE_REGISTER
    assert paper.size == "A4L"
    assert paper.signatures == ("Service clerk", "Service supervisor", "Customer Department (received)")
    assert [row[0] for row in paper.tables[0].rows] == [short(f"SZ-C-261123-000{nth}") for nth in (1, 2)]


def test_every_figure_of_the_day_block_stands_beside_its_own_label() -> None:
    document = text.render([supervisor_report(UNIT, *rows_of_a_summary("x"))], ENGLISH)
    said = " ".join(document.split())
    labels = (
        "Calls logged",
        "Calls dispatched",
        "Undispatched, first tomorrow",
        "Late arrivals, urban",
        "Late arrivals, suburban",
        "Done on site",
        "Carried back for repair",
        "In the shop",
        "Cards past their promise",
        "Assistance asked for",
        "Complaints received",
    )
    for figure, name in enumerate(labels, start=20):
        assert f"{name} {figure}" in said
    assert "Fees charged ¥987.65" in said
    assert "Invoices issued 32" in said


def test_a_service_centre_has_no_line_for_a_manager() -> None:
    paper = supervisor_report(UNIT, *rows_of_a_summary("x", "service_centre"))
    assert paper.signatures == ("Service supervisor", "Customer Department (received)")
    assert "manager" not in text.render([paper], ENGLISH)


def test_what_the_program_wrote_by_itself_is_said_in_the_language_of_the_paper() -> None:
    row, differences, lines = rows_of_a_day("x")
    table = closing_sheet(UNIT, row, differences, lines).body[1]
    assert isinstance(table, Table)
    assert table.rows == (("SZ-V-000001", Sentence("the voucher is not in file"), Sentence(UNATTENDED)),)
    kept = closing_sheet(UNIT, row, [differences[0]._replace(explanation="技术员明早交回")], lines).body[1]
    assert isinstance(kept, Table)
    assert kept.rows[0][2] == "技术员明早交回"


def test_the_page_by_result_names_only_what_there_is() -> None:
    row, differences, lines = rows_of_a_day("x")
    table = closing_sheet(UNIT, row, differences, lines).body[0]
    assert isinstance(table, Table)
    assert table.rows == ((Sentence(STATES["logged"]), "1"), (Sentence(STATES["struck_off"]), "1"))


def test_each_kind_is_made_by_its_form() -> None:
    row, differences, lines = rows_of_a_day("x")
    contacts = {line.number: ("", "") for line in lines}
    sheets = [
        Sheet("technician_report", T_NUMBER, (UNIT, *rows_of_a_report("x"))),
        Sheet("supervisor_report", B_NUMBER, (UNIT, *rows_of_a_summary("x"))),
        Sheet("closing_sheet", D_NUMBER, (UNIT, row, differences, lines)),
        Sheet("transmittal", D_NUMBER, (UNIT, row, lines, contacts)),
    ]
    assert [(paper.kind, paper.number) for paper in made(sheets, times=1)] == [(one.form, one.number) for one in sheets]
