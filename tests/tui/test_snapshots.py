"""How the screens look: each picture was looked at before it was accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.tui.scenes import SCENES, desk, play


class SnapCompare(Protocol):
    """The fixture of pytest-textual-snapshot, as far as it is used here."""

    def __call__(self, app: App[None], *, terminal_size: tuple[int, int], run_before: object) -> bool: ...


def looks_as_before(snap_compare: SnapCompare, name: str, folder: Path) -> bool:
    scene = SCENES[name]

    async def played(pilot: Pilot[None]) -> None:
        await play(scene, pilot)

    with desk(scene, str(folder / "books.db")) as app:
        return snap_compare(app, terminal_size=scene.size, run_before=played)


def test_call_register(snap_compare: SnapCompare, tmp_path: Path) -> None:
    """The picture of README."""
    assert looks_as_before(snap_compare, "calls", tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "start",
        "start-zh-cn",
        "start-zh-tw",
        "start-technician",
        "start-empty",
        "start-wide",
        "hand-over",
        "hand-over-zh-cn",
        "calls-empty",
        "calls-urgent",
        "calls-wide",
        "calls-zh-cn",
        "calls-zh-tw",
        "log-known",
        "log-chosen",
        "log-zh-cn",
        "finish",
        "call",
        "why",
        "strike-off-refused",
        "dispatch",
        "dispatch-zh-cn",
        "tellings",
        "day",
        "workshop",
        "workshop-zh-cn",
        "workshop-empty",
        "repair-card",
        "goods",
        "money",
        "complaints",
        "complaints-empty",
        "complaints-late",
        "complaints-zh-cn",
        "complaint-serious",
        "complaint-zh-cn",
        "complaint-receive",
        "complaint-acknowledge",
        "complaints-zh-tw",
        "analysis",
        "report",
        "report-zh-cn",
        "reports",
        "supervisor-report",
        "register-day",
        "customer",
    ],
)
def test_the_screen_looks_as_before(snap_compare: SnapCompare, name: str, tmp_path: Path) -> None:
    assert looks_as_before(snap_compare, name, tmp_path)


@pytest.mark.parametrize("name", ["calls", "log-chosen"])
def test_the_screen_without_colours(
    snap_compare: SnapCompare, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert looks_as_before(snap_compare, name, tmp_path)
