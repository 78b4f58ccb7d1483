"""The two renderings of a paper: 80 columns for a line printer, HTML whose structure a browser prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.domain.text import cells
from servicedesk.domain.words import Sentence, say
from servicedesk.locales import Words
from servicedesk.papers import html, text
from servicedesk.papers.paper import Box, Column, Field, Paper, Table, columns, fields

HOSTILE = '<script>alert("1")</script> [/red] \x1b]52;c;aGk=\x07 \u202egnp.exe'
ENGLISH = Words("en", "Asia/Shanghai")
CHINESE = Words("zh_CN", "Asia/Shanghai")
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def paper(word: str = "王小明", **changed: object) -> Paper:
    made = Paper(
        "voucher",
        "Service voucher",
        "SZ-V-000001",
        "Shenzhen branch",
        fields(("Customer", word), ("Telephone", "138 1234 5678"), Field("Address", word * 9, wide=True)),
        (
            Table(
                columns(("Customer", 3), ("Date", 2), Column("Amount", 1, right=True)),
                ((word, date(2026, 11, 23), "¥80.00"), (word, AT, None)),
                "Jobs",
                blank=2,
            ),
        ),
        (Box("Work done", word), Box("Fault cause")),
        fields(("Total", "¥80.00")),
        (say("{count} lines", count=2),),
        ("Technician", "Accountant", "Service clerk"),
    )
    return Paper(**{name: changed.get(name, getattr(made, name)) for name in made.__dataclass_fields__})  # type: ignore[arg-type]


@dataclass
class Read(HTMLParser):
    """What a browser would make of it: every element must be closed, and text is text."""

    open: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag == "meta":
            return
        self.open.append(tag)
        if tag == "tr":
            self.rows.append(0)
        if tag in ("td", "th"):
            self.rows[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)


def read(document: str) -> Read:
    found = Read()
    found.feed(document)
    found.close()
    assert found.open == []
    return found


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["english", "chinese"])
@pytest.mark.parametrize(
    "word", ["王小明", "宏图伟业科技股份有限公司深圳分公司" * 4, "x" * 200, "a b " * 60, ""], ids=range(5)
)
def test_no_line_is_wider_than_the_printer(words: Words, word: str) -> None:
    for line in text.render([paper(word, stub=paper(word))], words).splitlines():
        assert cells(line) <= text.WIDTH, line


@given(st.text(max_size=120), st.integers(1, 90))
def test_wrapping_loses_no_letter_and_keeps_the_width(words: str, width: int) -> None:
    lines = text.wrapped(words, width)
    assert "".join("".join(lines).split()) == "".join(words.split())
    assert all(cells(line) <= max(width, 2) for line in lines)


def test_text_stands_in_the_papers_order_with_its_empty_lines_to_write_on() -> None:
    lines = text.render([paper()], ENGLISH).splitlines()
    assert lines[0].split() == ["Shenzhen", "branch", "Service", "voucher", "SZ-V-000001"]
    assert [line for line in lines if line.startswith("王小明")] == [
        "王小明                                  23 Nov 2026                       ¥80.00",
        "王小明                                  Mon 23 Nov 09:30",
    ]
    assert sum(set(line) == {"_", " "} for line in lines) == 2
    assert lines[-2].startswith("Technician ___")


def test_a_wide_page_of_a_register_is_stacked_with_labels() -> None:
    names = [f"Column {number}" for number in range(17)]
    table = Table(columns(*names), (tuple(f"value {number}" if number != 3 else "" for number in range(17)),))
    lines = text.render([paper(tables=(table,))], ENGLISH)
    assert "Column 0: value 0  Column 1: value 1" in lines
    assert "Column 3" not in lines


def test_a_reprint_is_marked_in_every_rendering() -> None:
    assert "[COPY]" not in text.render([paper()], ENGLISH)
    assert "[COPY]" in text.render([paper().as_copy()], ENGLISH)
    assert "COPY" not in read(html.render([paper()], CHINESE, ENGLISH)).texts
    assert "COPY" in read(html.render([paper().as_copy()], CHINESE, ENGLISH)).texts


def test_what_people_wrote_is_text_in_every_rendering() -> None:
    document = read(html.render([paper(HOSTILE)], CHINESE, ENGLISH))
    assert "script" not in document.seen
    assert any("<script>" in said for said in document.texts)
    for rendered in (text.render([paper(HOSTILE)], ENGLISH), html.render([paper(HOSTILE)], CHINESE, ENGLISH)):
        assert not {"\x1b", "\x07", "\u202e"} & set(rendered)


def test_the_html_has_a_sheet_a_page_and_every_row_as_many_cells_as_its_heading() -> None:
    document = read(html.render([paper(), paper(stub=paper(), size="A4")], CHINESE, ENGLISH))
    assert document.seen.count("article") == 2
    assert set(document.rows) == {3}
    assert document.seen.count("table") == 3


def test_labels_stand_in_both_languages_and_once_where_they_are_the_same() -> None:
    texts = read(html.render([paper()], CHINESE, ENGLISH)).texts
    assert texts.index(CHINESE("Customer")) < texts.index("Customer")
    assert read(html.render([paper()], ENGLISH, ENGLISH)).texts.count("Total") == 1


def test_the_same_rows_give_the_same_bytes() -> None:
    assert html.render([paper()], CHINESE, ENGLISH) == html.render([paper()], CHINESE, ENGLISH)
    assert text.render([paper()], CHINESE) == text.render([paper()], CHINESE)


def test_a_sentence_in_a_field_is_said_in_the_language_of_the_paper() -> None:
    shown = text.shown(Sentence("Customer"), CHINESE)
    assert shown == CHINESE("Customer") != "Customer"
