"""What the analysis reckons without the books: shares, the order of a Pareto, periods, whose units are counted."""

from __future__ import annotations

from datetime import date

import pytest

from servicedesk.domain.complaint_figures import (
    PERIODS,
    Analysis,
    Figures,
    Period,
    Share,
    analysed,
    days_between,
    pareto,
    period,
)
from servicedesk.domain.rights import Actor, Post
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Refused

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 23))


def line(key: str, count: int) -> Figures:
    return Figures(key, "", count)


def test_the_pareto_is_the_greatest_first_with_shares_that_add_up() -> None:
    lines = pareto([line("late", 2), line("use", 5), line("charge", 2), line("", 1)])
    assert [each.figures.key for each in lines] == ["use", "charge", "late", ""]
    assert [each.share.percent for each in lines] == ["50.0 %", "20.0 %", "20.0 %", "10.0 %"]
    assert [each.cumulative.percent for each in lines] == ["50.0 %", "70.0 %", "90.0 %", "100.0 %"]
    assert pareto([]) == ()


@pytest.mark.parametrize(
    ("share", "percent"),
    [(Share(1, 3), "33.3 %"), (Share(2, 3), "66.7 %"), (Share(1, 2000), "0.1 %"), (Share(7, 8), "87.5 %")],
)
def test_shares_are_rounded_by_half_a_tenth(share: Share, percent: str) -> None:
    assert share.percent == percent


def test_no_data_is_neither_nothing_nor_everything() -> None:
    assert (Share(0, 0).tenths, Share(0, 0).percent, str(Share(0, 0).said())) == (None, "", "no data")
    assert str(Share(0, 4).said()) == "0.0 % (0/4)"
    assert Analysis("cause", NOVEMBER, line("", 3), (), 0).per_hundred == ""
    assert Analysis("cause", NOVEMBER, line("", 3), (), 800).per_hundred == "0.38"


def test_the_named_periods_end_today_but_last_month_is_whole() -> None:
    today = date(2026, 3, 15)
    assert [period(name, today) for name in PERIODS] == [
        Period(date(2026, 3, 1), today),
        Period(date(2026, 2, 1), date(2026, 2, 28)),
        Period(date(2025, 12, 16), today),
        Period(date(2026, 1, 1), today),
    ]


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        days_between(date(2026, 3, 2), date(2026, 3, 1))
    assert refusal.value.field == "last"


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("analyst", ["SZ", "BJ"]),
        ("deputy_gm", ["SZ", "BJ"]),
        ("agent", ["SZ", "BJ"]),
        ("clerk", ["SZ"]),
        ("supervisor", ["SZ"]),
        ("technician", None),
        ("branch_manager", None),
        ("accountant", None),
        ("auditor", None),
    ],
)
def test_whose_posts_show_which_units(role: str, seen: list[str] | None) -> None:
    units = [UnitRow(nth, code, code, "branch", "UTC", "CN", "CNY", 0, 0, 0) for nth, code in enumerate(("SZ", "BJ"))]
    actor = Actor(1, "somebody", "", "SZ", (Post(role, "SZ"),))
    if seen is not None:
        assert [unit.code for unit in analysed(actor, units)] == seen
        return
    with pytest.raises(Refused) as refusal:
        analysed(actor, units)
    assert refusal.value.kind == "rights"
