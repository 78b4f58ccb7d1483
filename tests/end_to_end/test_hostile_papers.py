"""Text from people at its worst on the papers of the day's end, and in the files of every register that is exported."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from servicedesk.cli.export import EXPORTED
from servicedesk.domain.text import cells
from servicedesk.papers.text import WIDTH
from tests.acts.faces import command
from tests.cli.test_export import FORMULA as BEGINS_FORMULA
from tests.cli.test_export import read_xlsx
from tests.end_to_end.hostile import FORMULA, LEAKS
from tests.end_to_end.hostile_books import Ends
from tests.world import World

PAPERS = {
    "technician_report": "report",
    "supervisor_report": "summary",
    "closing_sheet": "closed",
    "transmittal": "closed",
}
"""The papers of the day's end, each with what it is printed of."""


@pytest.mark.parametrize("language", ["en", "zh_CN", "zh_TW"])
@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_prints_it_as_text(
    hostile_department: tuple[World, Ends], tmp_path: Path, paper: str, language: str
) -> None:
    world, ends = hostile_department
    words, page = ("--lang", language, "print", paper, getattr(ends, PAPERS[paper])), tmp_path / "paper.html"
    printed = command(world, "guo", *words, "--to", "screen")
    assert printed.code == 0, printed.err
    assert all(cells(line) <= WIDTH for line in printed.out.splitlines())
    assert command(world, "guo", *words, "--to", "html", "-o", str(page)).code == 0
    for shown in (printed.out, page.read_text(encoding="utf-8")):
        assert FORMULA in shown
        assert "１２３" in shown
        assert not [leak for leak in LEAKS if leak.decode() in shown]


@pytest.mark.parametrize("register", EXPORTED)
def test_an_export_has_it_as_text(hostile_department: tuple[World, Ends], tmp_path: Path, register: str) -> None:
    world, _ = hostile_department
    files = {form: tmp_path / f"some.{form}" for form in ("csv", "xlsx", "json")}
    for form, path in files.items():
        ran = command(
            world, "xu" if register == "job_sheets" else "sm", "export", register, "--format", form, "-o", str(path)
        )
        assert ran.code == 0, ran.err
    with files["csv"].open(encoding="utf-8-sig", newline="") as written:
        rows = list(csv.reader(written))
    kept = json.loads(files["json"].read_text(encoding="utf-8"))
    assert kept
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(rows) == 1 + len(kept)
    told = [cell for row in rows for cell in row]
    assert register in ("job_sheets", "receipts", "custody") or any(FORMULA in cell for cell in told)
    assert not [cell for cell in told if BEGINS_FORMULA.match(cell)]
    read_xlsx(files["xlsx"])
