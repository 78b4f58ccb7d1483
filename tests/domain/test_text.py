"""Cleaning on entry and measuring in terminal cells."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from servicedesk.domain.text import cells, clean, clip, within
from servicedesk.domain.words import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  plain  ", "plain"),
        ("\u3000王小明\u3000", "王小明"),
        ("red\x1b[31m", "red[31m"),
        ("c1\x9b31m", "c131m"),
        ("nul\x00 del\x7f bell\x07", "nul del bell"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("zero\u200bwidth\u2066\u2069\ufeff\u200d\u061c", "zerowidth"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("half \ud83d", "half"),
        ("two\r\nlines\tand\u2028more\x85end", "two lines and more end"),
        ("[b]not markup[/b] %s {name}", "[b]not markup[/b] %s {name}"),
    ],
)
def test_what_steers_a_terminal_or_hides_is_dropped(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("name", ["\ue000", "葛\U000e0100", "\U000323af", "\uf9dc", "e\u0301", "☎\ufe0f", "𠮷野家"])
def test_rare_names_are_kept_as_typed(name: str) -> None:
    assert clean(name) == name


def test_lines_are_kept_where_allowed() -> None:
    assert clean("\n one\r\ntwo\rthree\tfour\x0b\x00\r\x00\nfive \n", lines=True) == "one\ntwo\nthree\tfour\n\nfive"


@given(st.text(st.characters() | st.sampled_from("\x00\x1b\r\n\t\u202e\u200b\x85\u2028 ")), st.booleans())
def test_clean_text_is_clean(typed: str, lines: bool) -> None:
    kept = clean(typed, lines=lines)
    assert clean(kept, lines=lines) == kept
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in kept if character not in "\n\t")
    assert lines or not {"\n", "\t"} & set(kept)
    kept.encode()


def test_a_limit_is_refused_with_both_numbers() -> None:
    assert within("四个字符", 4) == "四个字符"
    with pytest.raises(Refused, match="5 characters, at most 4") as refusal:
        within("12345", 4, field="name")
    assert (refusal.value.field, refusal.value.kind) == ("name", "field")


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("王小明", 6),
        ("不制冷，外机", 12),
        ("ＡＢ", 4),
        ("e\u0301", 1),
        ("…①—", 3),
        ("𠮷", 2),
        ("ｱ", 1),
    ],
)
def test_cells_as_the_screen_counts_them(text: str, width: int) -> None:
    assert cells(text) == width == cell_len(text)


@given(st.text(st.characters(max_codepoint=0x3FFFF, exclude_categories=["Cc", "Cs", "Cf", "Cn"]), max_size=12))
def test_han_and_latin_text_is_measured_as_the_screen_does(text: str) -> None:
    text = "".join(c for c in text if c.isascii() or unicodedata.name(c, "").startswith(("CJK", "LATIN", "FULLWIDTH")))
    assert cells(text) == cell_len(text)


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("宏图伟业科技股份有限公司", 17, "宏图伟业科技股份…"),
        ("宏图伟业科技股份有限公司", 16, "宏图伟业科技股…"),
        ("宏图伟业", 8, "宏图伟业"),
        ("Rebecca Fleming", 10, "Rebecca F…"),
        ("Rebecca", 7, "Rebecca"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("王", 1, "…"),
        ("王", 0, ""),
    ],
)
def test_clipping(text: str, width: int, shown: str) -> None:
    assert clip(text, width) == shown


@given(st.text(max_size=60), st.integers(0, 40))
def test_clipped_text_fits_and_is_a_beginning(text: str, width: int) -> None:
    shown = clip(text, width)
    assert cells(shown) <= width
    assert shown == text or text.startswith(shown.removesuffix("…"))
    assert (shown == text) or cells(text) > width
    assert clip(shown, width) == shown
