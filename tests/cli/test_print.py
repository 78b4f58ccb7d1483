"""`servicedesk print`: what is printed, counted, masked and refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from servicedesk.domain.text import cells
from tests.acts.faces import command, open_to_anybody
from tests.acts.rounds import audit_lines, dispatched, done, last_audit, line
from tests.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = open_to_anybody(World(database_url))
    yield made
    made.close()


def prints(world: World) -> list[str]:
    return [line.numbers for line in audit_lines(world) if line.act == "papers.print" and line.outcome == "done"]


def test_a_voucher_is_printed_once_and_then_as_copies_each_in_the_audit_log(world: World) -> None:
    voucher = line(world, done(world)).voucher
    first, second = (command(world, "lin", "print", "voucher", voucher) for _ in range(2))
    assert (first.code, second.code) == (0, 0)
    assert "[COPY]" not in first.out
    assert "[COPY]" in second.out
    assert prints(world) == [voucher, voucher]
    assert last_audit(world)["actor"] == "lin"


def test_a_look_at_the_screen_is_no_print(world: World) -> None:
    voucher = line(world, done(world)).voucher
    shown = command(world, "lin", "print", "voucher", voucher, "--to", "screen")
    assert shown.code == 0
    assert "王小明" in shown.out
    assert prints(world) == []
    assert "[COPY]" not in command(world, "lin", "print", "voucher", voucher).out


def test_the_register_page_has_the_lines_of_the_day_in_their_order(world: World) -> None:
    numbers = [dispatched(world, model_no=f"M-{count}") for count in range(3)]
    world.at("2026-11-24 09:00")
    other = dispatched(world, model_no="M-9")
    page = command(world, "lin", "print", "register", "SZ", "2026-11-23").out
    found = [page.index(number[-9:].lstrip("-")) for number in numbers]
    assert found == sorted(found)
    assert other[-9:].lstrip("-") not in page
    assert all(cells(line) <= 80 for line in page.splitlines())


def test_a_day_pack_has_the_technicians_vouchers_and_his_numbered_blank_sheets(world: World) -> None:
    voucher = line(world, dispatched(world)).voucher
    sheets = world.do("lin", "job_sheets.pack", technician="chen", blanks="2").numbers
    assert sheets == ("SZ-Z-261123-0001", "SZ-Z-261123-0002")
    pack = command(world, "lin", "print", "day_pack", "chen", "2026-11-23").out
    assert pack.split("\f")[1].split("\n")[0].split()[-1] == voucher
    assert [page.split("\n")[0].split()[-1] for page in pack.split("\f")[2:]] == list(sheets)


def test_html_goes_into_a_file_with_the_labels_in_chinese_and_english(world: World, tmp_path: Path) -> None:
    voucher, path = line(world, done(world)).voucher, tmp_path / "voucher.html"
    ran = command(world, "lin", "--lang", "zh_CN", "print", "voucher", voucher, "--to", "html", "-o", str(path))
    assert (ran.code, ran.out) == (0, "")
    written = path.read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in written
    assert '<span class="first">服务凭证</span> <span class="second" lang="en">Service voucher</span>' in written


def test_who_may_not_see_a_telephone_in_full_prints_it_masked(world: World) -> None:
    dispatched(world)
    assert "13812345678" in command(world, "guo", "print", "register", "SZ", "--to", "screen").out
    masked = command(world, "mgr", "print", "register", "SZ", "--to", "screen").out
    assert "13812345678" not in masked
    assert "138****5678" in masked


@pytest.mark.parametrize(
    ("login", "words", "sentence"),
    [
        ("lin", ("voucher", "SZ-V-999999"), "There is no SZ-V-999999 in the books."),
        ("lin", ("newspaper", "1"), "'newspaper' is not one of: voucher, receipt, card,"),
        ("bjclerk", ("register", "SZ"), "Your posts do not show SZ."),
        ("tra", ("register", "HQ"), "Your posts do not allow 'Print a paper' here."),
        ("lin", ("day_pack", "nobody"), "There is no nobody in the books."),
    ],
)
def test_what_cannot_be_printed_says_why_and_prints_nothing(
    world: World, login: str, words: tuple[str, ...], sentence: str
) -> None:
    ran = command(world, login, "print", *words)
    assert (ran.code, ran.out) == (1, "")
    assert sentence in " ".join(ran.err)
    assert prints(world) == []


# Blank job sheets


def test_a_blank_sheet_comes_back_is_voided_or_is_declared_lost_and_only_once(world: World) -> None:
    call = dispatched(world)
    one, two, three = world.do("lin", "job_sheets.pack", technician="chen", blanks="3").numbers
    world.do("lin", "job_sheets.back", one, call_no=call)
    world.do("lin", "job_sheets.void", two, reason="spoilt")
    assert command(world, "lin", "act", "job_sheets.lose", three, "reason=x").code == 1
    world.do("guo", "job_sheets.lose", three, reason="left in the bus")
    for sheet, state in ((one, "back"), (two, "voided"), (three, "declared lost")):
        for act in ("job_sheets.back", "job_sheets.void"):
            ran = command(world, "lin", "act", act, sheet, *(["reason=x"] if act.endswith("void") else []))
            assert ran.code == 1
            assert f"{sheet} is {state}:" in ran.err[0]


def test_more_blank_sheets_than_a_pack_holds_are_refused(world: World) -> None:
    ran = command(world, "lin", "act", "job_sheets.pack", "technician=chen", "blanks=21")
    assert (ran.code, ran.err) == (1, ("blanks: Between 0 and 20 blank sheets.",))
