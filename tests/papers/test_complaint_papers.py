"""The papers of a complaint: the letter in the customer's language, the sheet, the submission (003 Art. 22)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from servicedesk.domain.complaint_lines import LetterRow
from servicedesk.domain.complaints import MEASURES, SERIOUS
from servicedesk.domain.text import cells
from servicedesk.domain.units import UnitRow
from servicedesk.locales import Words
from servicedesk.papers import html, text
from servicedesk.papers.letters import letter
from tests.acts.complaining import FOUND, complaint, investigating, result_told, visited, with_deputy
from tests.acts.faces import command, open_to_anybody
from tests.acts.rounds import audit_lines
from tests.world import World

HOSTILE = '<script>alert("1")</script> [/red] \x1b]52;c;aGk=\x07 \u202egnp.exe {name}'
ENGLISH, SIMPLIFIED, TRADITIONAL = (Words(language, "Asia/Shanghai") for language in ("en", "zh_CN", "zh_TW"))
UNIT = UnitRow(1, "SZ", "深圳分公司", "branch", "Asia/Shanghai", "CN", "CNY", 0, 360, 420)
LETTER = LetterRow(
    number="SZ-L-261124-0001",
    language="zh_CN",
    words="款项三日内汇出",
    written_at=datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
    written_by_name="徐丽",
    complaint="SZ-P-261123-0001",
    addressee="王小明",
    received_at=datetime(2026, 11, 22, 17, 0, tzinfo=UTC),
    content="修了两次还是不制冷",
    cause="没有查漏",
    measure="compensation",
    solution="补偿六百元",
    compensation=60000,
    ask_for="徐丽",
)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


@dataclass
class Sheet(HTMLParser):
    """What a browser would make of a document: fields, frames, quoted paragraphs, rows, languages; all tags closed."""

    open: list[str] = field(default_factory=list)
    languages: list[tuple[str, str]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.seen.append(tag)
        self.classes += told.get("class", "").split()
        if "lang" in told:
            self.languages.append((tag, told["lang"]))
        if tag == "meta":
            return
        self.open.append(tag)
        self.texts.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style" and data.strip():
            self.texts.append((self.open[-1], data))

    def of(self, tag: str) -> list[str]:
        """The texts that stand directly in such elements."""
        return [said for where, said in self.texts if where == tag and said]


def read(document: str) -> Sheet:
    found = Sheet()
    found.feed(document)
    found.close()
    assert found.open == []
    return found


def as_html(row: LetterRow = LETTER, reader: Words = ENGLISH) -> Sheet:
    return read(html.render([letter(UNIT, row, "莲花路12号")], reader, ENGLISH))


def as_text(row: LetterRow = LETTER, reader: Words = ENGLISH) -> str:
    return text.render([letter(UNIT, row, "莲花路12号")], reader)


def handled(world: World) -> str:
    """A serious complaint with something in every column of the sheet; gives the number."""
    number = with_deputy(world, email="wang@example.com", remedy="退机")
    world.do("dgm", "complaints.decide", number, decision="referred", referred_to="售后部", words="从速查办")
    world.do("xu", "complaints.assign", number, handler="guo")
    world.do("xu", "complaints.involve", number, departments="物流部: 延误两日")
    world.do("xu", "complaints.answer", number, department="物流部", answer="车坏了")
    world.at("2026-11-24 10:00")
    world.do("xu", "complaints.urge", number, whom="郭强", words="请今日答复")
    world.do("xu", "complaints.investigate", number, **FOUND)
    world.do("xu", "complaints.propose", number, amount="800", because="两次未果")
    world.do("dgm", "complaints.approve", number, amount="600", words="六百为限")
    world.do("xu", "complaints.offer", number, solution="补偿并查漏")
    world.do("guo", "complaints.carry_out", number, carried_out="已查漏")
    world.do("xu", "complaints.evidence", number, lines="通话录音: 三号柜")
    world.do("xu", "complaints.tell", number, words="款项三日内汇出")
    world.do("xu", "complaints.follow_up", number, satisfaction="3", reaction="可以", plan="下月回访")
    visited(world, number)
    world.at("2026-11-24 15:00")
    world.do("dgm", "complaints.close", number, difficulty="hard", summary="漏点未查", improvement="先查漏再加氟")
    return number


# The letter


def test_the_letter_is_in_the_customers_language_whatever_the_readers(world: World, tmp_path: Path) -> None:
    number = result_told(world, gravity=SERIOUS)
    numbered, path = complaint(world, number).letter, tmp_path / "letter.html"
    assert numbered == "SZ-L-261123-0001"
    ran = command(world, "lin", "--lang", "en", "print", "letter", numbered, "--to", "html", "-o", str(path))
    assert ran.code == 0
    sheet = read(path.read_text(encoding="utf-8"))
    assert sheet.languages == [("html", "en"), ("article", "zh-CN")]
    assert "second" not in sheet.classes, "a customer is written to in one language"
    assert sheet.of("blockquote") == ["修了两次还是不制冷", FOUND["cause"], "免费查漏并加氟", "已免费修好"]
    said = " ".join(sheet.of("p"))
    assert numbered in said
    assert "2026年11月23日" in said


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW"])
def test_a_chinese_letter_says_nin(language: str) -> None:
    said = as_text(LETTER._replace(language=language))
    assert said.count("您") >= 5
    assert "你" not in said
    assert "王小明" in said
    assert not {"Dear", "Yours", "Address", "complaint"} & set(said.split())


def test_an_english_letter_stands_in_paper_order() -> None:
    said = as_text(LETTER._replace(language="en"), SIMPLIFIED)
    parts = (
        "SZ-L-261124-0001",
        "24 Nov 2026",
        "SZ-P-261123-0001",
        "Dear 王小明,",
        "On 23 Nov 2026 you told us",
        "修了两次还是不制冷",
        "We are sorry",
        "没有查漏",
        "We compensate you:",
        "¥600.00",
        "补偿六百元",
        "款项三日内汇出",
        "please ring us, ask for 徐丽",
        "Yours faithfully,",
        "For the Customer Department ___",
    )
    found = [said.find(part) for part in parts]
    assert -1 not in found, parts[found.index(-1)]
    assert found == sorted(found)


def test_each_measure_is_told_in_words_of_its_own_and_only_a_compensation_has_an_amount() -> None:
    letters = {measure: as_text(LETTER._replace(language="en", measure=measure)) for measure in MEASURES}
    assert len(set(letters.values())) == len(MEASURES)
    assert [measure for measure, said in letters.items() if "¥600.00" in said] == ["compensation"]


def test_what_is_told_stands_once_where_it_is_the_solution() -> None:
    assert as_html(LETTER._replace(words=LETTER.solution)).of("blockquote")[-1] == "补偿六百元"
    assert as_text(LETTER._replace(words=LETTER.solution)).count("补偿六百元") == 1


def test_the_address_stands_on_a_letter_that_is_sent_or_for_who_reads_it_in_full(world: World) -> None:
    numbered = complaint(world, result_told(world, gravity=SERIOUS)).letter
    assert "深圳市福田区莲花路12号" in command(world, "lin", "print", "letter", numbered, "--to", "screen").out
    masked = command(world, "xu", "print", "letter", numbered, "--to", "screen")
    assert masked.code == 0
    assert "莲花路" not in masked.out
    # A print is written down, so the letter that goes out is addressed.
    assert "深圳市福田区莲花路12号" in command(world, "xu", "print", "letter", numbered).out


def test_a_letter_is_printed_once_and_then_as_copies(world: World) -> None:
    numbered = complaint(world, result_told(world, gravity=SERIOUS)).letter
    first, second = (command(world, "lin", "print", "letter", numbered) for _ in range(2))
    assert SIMPLIFIED("COPY") not in first.out
    assert f"[{SIMPLIFIED('COPY')}]" in second.out
    printed = [line.numbers for line in audit_lines(world) if line.act == "papers.print"]
    assert printed == [numbered, numbered]


def test_a_letter_keeps_its_words_when_the_sheet_is_corrected(world: World) -> None:
    number = result_told(world, gravity=SERIOUS)
    numbered = complaint(world, number).letter
    before = command(world, "xu", "print", "letter", numbered, "--to", "screen").out
    world.do("lin", "complaints.correct", number, customer_name="王晓明", content="另有原因")
    assert command(world, "xu", "print", "letter", numbered, "--to", "screen").out == before


# The handling sheet and the submission


COLUMNS = (
    "Channel",
    "Received at",
    "Taken down by",
    "Complainant",
    "Telephone",
    "Customer no.",
    "Contract",
    "Call-in no.",
    "Model",
    "Serial no.",
    "What is complained of: 修了两次",
    "Remedy asked for: 退机",
    "Nature",
    "Gravity",
    "Urgency",
    "Scope of impact",
    "Priority",
    "Responsible departments",
    "车坏了",
    "Person responsible",
    "Acknowledged at",
    "Investigation: 第二次加氟未查漏",
    "Class of the cause",
    "Cause found: 没有查漏",
    "Solution: 补偿并查漏",
    "¥600.00",
    "Handled by",
    "Carried out so far: 已查漏",
    "Difficulty of the case hard",
    "Site handler     郭强",
    "Agreed on site: 周三复查",
    "Instruction of the deputy general manager: 从速查办",
    "Passed on to     售后部",
    "Result told      letter",
    "SZ-L-261124-0001",
    "What was told: 款项三日内汇出",
    "Customer's opinion: 可以",
    "Customer's satisfaction 3 satisfied",
    "Follow-up plan: 下月回访",
    "Time limits",
    "Escalations",
    "Hours taken      30.0",
    "case closed",
    "Urge log",
    "请今日答复",
    "Contact and event log",
    "Suggested improvement: 先查漏再加氟",
    "Summary of the case: 漏点未查",
    "Summed up by     丁国民",
    "Malicious",
    "通话录音",
    "Deputy general manager ___",
)
"""What the sheet says, in the order of the paper (forms §3.11)."""


def test_the_sheet_has_every_column_in_paper_order(world: World) -> None:
    said = command(world, "lin", "print", "complaint", handled(world), "--to", "screen").out
    at = 0
    for column in COLUMNS:
        found = said.find(column, at)
        assert found >= 0, column
        at = found
    assert "13812345678" in said


def test_the_clocks_and_the_escalations_stand_on_the_sheet(world: World, tmp_path: Path) -> None:
    number, path = handled(world), tmp_path / "sheet.html"
    command(world, "xu", "--lang", "en", "print", "complaint", number, "--to", "html", "-o", str(path))
    sheet = read(path.read_text(encoding="utf-8"))
    told = sheet.of("td")
    first = told.index("acknowledgement")
    assert told[first + 1 : first + 5] == ["Mon 23 Nov 09:00", "Mon 23 Nov 10:00", "Mon 23 Nov 09:00", "in time"]
    half = told.index("50 %")
    assert told[half - 1 : half + 3] == ["solution", "50 %", "Customer Department", "Tue 24 Nov 10:00"]
    assert sheet.languages == [("html", "en"), ("article", "en")]


def test_who_may_not_see_a_telephone_in_full_prints_it_masked_in_the_log_as_well(world: World) -> None:
    number = with_deputy(world, email="wang@example.com")
    world.do("lin", "complaints.correct", number, telephone="13987654321")
    masked = command(world, "xu", "print", "complaint", number, "--to", "screen").out
    clear = command(world, "lin", "print", "complaint", number, "--to", "screen").out
    for private in ("13812345678", "13987654321", "wang@example.com", "莲花路12号"):
        assert private in clear
        assert private not in masked
    assert "139****4321" in masked


def test_the_submission_has_the_case_and_room_for_the_instruction(world: World) -> None:
    number = with_deputy(world)
    said = command(world, "xu", "print", "submission", number, "--to", "screen").out
    frame = said[said.index("Instruction of the deputy general manager: ___") :].splitlines()
    assert set(frame[1]) == set(frame[2]) == {"_"}
    assert "Submitted at     Mon 23 Nov 09:00" in said
    assert "What is complained of: 修了两次还是不制冷" in said
    assert "Compensation proposed" not in said


def test_a_proposal_is_submitted_as_well_and_nothing_else_is(world: World) -> None:
    number = investigating(world)
    ran = command(world, "xu", "print", "submission", number)
    assert (ran.code, ran.err) == (1, (f"{number} was not submitted to the deputy general manager.",))
    world.do("xu", "complaints.propose", number, amount="900", because="两次未果")
    said = command(world, "xu", "print", "submission", number, "--to", "screen").out
    assert "Compensation proposed ¥900.00" in said
    assert "Reason of the proposal 两次未果" in said


def test_after_reopening_the_sheet_tells_the_earlier_round(world: World) -> None:
    number = handled(world)
    world.do("xu", "complaints.reopen", number, reason="又不制冷")
    said = command(world, "lin", "print", "complaint", number, "--to", "screen").out
    earlier = said[said.index("Earlier rounds") :]
    assert "补偿并查漏" in earlier
    assert "补偿并查漏" not in said[: said.index("Contact and event log")]
    assert "又不制冷" in said
    assert f"Repeat complaint of {number}" in said


@pytest.mark.parametrize("kind", ["complaint", "submission", "letter"])
def test_what_is_not_there_or_not_to_be_seen_is_not_printed(world: World, kind: str) -> None:
    number = result_told(world, gravity=SERIOUS)
    paper = complaint(world, number).letter if kind == "letter" else number
    unknown = paper.replace("0001", "0999")
    assert command(world, "lin", "print", kind, unknown).err == (f"There is no {unknown} in the books.",)
    assert command(world, "bjclerk", "print", kind, paper).err == (f"Your posts do not show {paper}.",)
    assert command(world, "lin", "print", kind, paper.rpartition("-")[2], "--to", "screen").code == 0, (
        "its short number"
    )


# Every rendering


@pytest.mark.parametrize("reader", [ENGLISH, SIMPLIFIED, TRADITIONAL], ids=["en", "zh_CN", "zh_TW"])
@pytest.mark.parametrize(
    "word", ["宏图伟业科技股份有限公司" * 9, "x" * 200, HOSTILE], ids=["long", "unbroken", "hostile"]
)
def test_what_people_wrote_is_text_and_no_line_is_wider_than_the_printer(reader: Words, word: str) -> None:
    row = LETTER._replace(
        language=reader.language,
        addressee=word,
        content=word,
        cause=word,
        solution=word,
        words=word + ".",
        ask_for=word,
    )
    assert all(cells(line) <= text.WIDTH for line in as_text(row, reader).splitlines())
    sheet = as_html(row, reader)
    assert "script" not in sheet.seen
    assert len(sheet.of("blockquote")) == 5
    for rendered in (as_text(row, reader), html.render([letter(UNIT, row, word)], reader, ENGLISH)):
        assert not {"\x1b", "\x07", "\u202e"} & set(rendered)


@pytest.mark.parametrize("kind", ["complaint", "submission"])
def test_a_hostile_complaint_is_text_on_every_paper(world: World, tmp_path: Path, kind: str) -> None:
    number, path = with_deputy(world, content=HOSTILE, remedy=HOSTILE, contact=HOSTILE), tmp_path / "paper.html"
    for language in ("en", "zh_TW"):
        ran = command(world, "lin", "--lang", language, "print", kind, number, "--to", "screen")
        assert all(cells(line) <= text.WIDTH for line in ran.out.splitlines())
        command(world, "lin", "--lang", language, "print", kind, number, "--to", "html", "-o", str(path))
        sheet = read(path.read_text(encoding="utf-8"))
        assert "script" not in sheet.seen
        assert any("<script>" in said for said in sheet.of("p"))
