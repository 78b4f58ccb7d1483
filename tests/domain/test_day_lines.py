"""A technician's day: lines as they are typed, and what they leave uncovered (003 Art. 12; forms §3.6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.domain.day_lines import (
    GAP,
    OUTSIDE,
    OVERLAP,
    WORKED,
    Span,
    TypedLine,
    read_line,
    stretches,
    write_line,
)
from servicedesk.domain.words import Refused

_DAY = datetime(2026, 11, 23, tzinfo=UTC)


def _at(clock: int) -> datetime:
    return _DAY + timedelta(hours=clock // 100, minutes=clock % 100)


def _span(begins: int, ends: int) -> Span:
    return Span(_at(begins), _at(ends))


_SHIFT = (_span(830, 1200), _span(1330, 1800))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("930-1015 d parts count", TypedLine(570, 615, "D", "", "parts count")),
        ("９:30～10:15 Ｄ 盘点配件", TypedLine(570, 615, "D", "", "盘点配件")),
        ("930～1015 Ｄ 送件至客户；㎏ — 完", TypedLine(570, 615, "D", "", "送件至客户；㎏ — 完")),
        ("930至1015 ａ Ｋ－０００４ 送件至客户", TypedLine(570, 615, "A", "K-0004", "送件至客户")),
        ("1100-1145 +20 c 0007 换风机电机", TypedLine(660, 705, "C", "0007", "换风机电机", 20)),
        ("1100-1145 a k-0004 starter", TypedLine(660, 705, "A", "K-0004", "starter")),
        ("800-830 b SZ-C-261123-0001", TypedLine(480, 510, "B", "SZ-C-261123-0001", "")),
    ],
)
def test_a_line_is_read_as_it_is_typed(typed: str, meant: TypedLine) -> None:
    assert read_line(typed) == meant


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("parts count", "'parts count' is no line"),
        ("930-900 d x", "'930-900 d x' ends before it begins."),
        ("930-960 d x", "'930-960 d x' is no line"),
        ("930-1000 d", "'930-1000 d': say what was done."),
        ("930-1000 a fan", "'930-1000 a fan': name the call or the repair card after A."),
        ("930-1000 +31 d x", "'930-1000 +31 d x': the way is longer than the whole."),
        ("930-1000 e x", "'930-1000 e x' is no line"),
    ],
)
def test_what_cannot_be_read_says_how_a_line_is_written(typed: str, refusal: str) -> None:
    with pytest.raises(Refused, match="^" + refusal.replace("+", r"\+")):
        read_line(typed)


_MINUTES = st.integers(0, 24 * 60 - 1)


@given(_MINUTES, _MINUTES, st.integers(0, 60), st.sampled_from("ABC"))
def test_a_line_written_is_read_again(one: int, other: int, travel: int, service_type: str) -> None:
    began, ended = min(one, other), max(one, other) + 1
    if ended == 24 * 60:
        ended -= 1
    if began < ended:
        line = TypedLine(began, ended, service_type, "0007", "fan", min(travel, ended - began))
        assert read_line(write_line(line)) == line


def test_gaps_overlaps_and_what_lies_outside_the_shift_are_named() -> None:
    lines = [_span(900, 1000), _span(930, 1100), _span(1700, 1830), _span(2000, 2100)]
    assert stretches(_SHIFT, lines) == (
        (GAP, _at(830), _at(900)),
        (WORKED, _at(900), _at(930)),
        (OVERLAP, _at(930), _at(1000)),
        (WORKED, _at(1000), _at(1100)),
        (GAP, _at(1100), _at(1200)),
        (GAP, _at(1330), _at(1700)),
        (WORKED, _at(1700), _at(1800)),
        (OUTSIDE, _at(1800), _at(1830)),
        (OUTSIDE, _at(2000), _at(2100)),
    )


@given(st.lists(st.tuples(_MINUTES, _MINUTES).map(sorted), max_size=8))
def test_every_minute_of_shift_and_lines_stands_once(pairs: list[list[int]]) -> None:
    lines = [Span(_DAY + timedelta(minutes=pair[0]), _DAY + timedelta(minutes=pair[1])) for pair in pairs]
    found = stretches(_SHIFT, lines)
    minutes = {_DAY + timedelta(minutes=minute): 0 for minute in range(24 * 60)}
    for span in lines:
        for minute in minutes:
            minutes[minute] += span.begins <= minute < span.ends
    for minute, covering in minutes.items():
        kinds = [one.kind for one in found if one.begins <= minute < one.ends]
        within = any(window.begins <= minute < window.ends for window in _SHIFT)
        expected = OVERLAP if covering > 1 else (WORKED if within else OUTSIDE) if covering else GAP if within else None
        assert kinds == ([expected] if expected else [])
