"""The program in a terminal that hangs up, stalls, sends broken bytes or is none."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from servicedesk.domain.words import Sentence
from servicedesk.tui.environment import prepare_environment, terminal_refusal
from servicedesk.tui.terminal import PASTE_LIMIT, capped_paste, harmless
from tests.terminal import Terminal

SOON = 3.0
"""Seconds within which a lost terminal must have ended the program."""

PROGRAM = """
import os
import sys
import time
from pathlib import Path
from servicedesk.tui.environment import prepare_environment
prepare_environment()
from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Input, Static
from servicedesk.tui.terminal import RobustApp

HOSTILE = "a\\x1b]52;c;aGk=\\x07b\\x1b[2Jc\\x9bmd\\u202ee\\x00f\\x1b]0;owned\\x07g"


class Probe(RobustApp):
    log_folder = Path(sys.argv[1]) / "log"

    def compose(self) -> ComposeResult:
        yield Static(Text(HOSTILE), id="hostile")
        yield Static("", id="echo", markup=False)
        yield Input(id="typed")

    def on_mount(self) -> None:
        self.query_one(Input).border_title = None
        self.call_after_refresh(lambda: self.query_one("#echo", Static).update("ready"))

    def on_input_changed(self, event: Input.Changed) -> None:
        self.query_one("#echo", Static).update(f"typed {len(event.value)}")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.value == "crash":
            telephone = "13812345678"
            raise ValueError(f"cannot read {telephone}")
        if event.value == "flood":
            self.set_interval(1 / 60, self.refresh)
        if event.value == "stuck":
            os.write(2, b"STUCK")
            time.sleep(60)
        if event.value == "leave":
            self.exit(return_code=7)

    def save_drafts(self) -> None:
        Path(sys.argv[1], "draft").write_text(self.query_one(Input).value)

    def on_unmount(self) -> None:
        Path(sys.argv[1], "unmounted").touch()


sys.exit(Probe().run_to_end())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "program.py").write_text(PROGRAM)
    return tmp_path


def start(folder: Path, *, controlling: bool = True, **env: str) -> Terminal:
    return Terminal(
        [sys.executable, str(folder / "program.py"), str(folder)],
        env={**os.environ, "TERM": "xterm-256color", **env},
        controlling=controlling,
    )


def typed(folder: Path) -> str:
    return (folder / "draft").read_text()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_ends_the_program_with_its_draft_saved(folder: Path, number: int) -> None:
    with start(folder) as terminal:
        terminal.wait("ready")
        terminal.feed("half a")
        terminal.wait("typed 6")
        terminal.signal(number)
        assert terminal.exit_status(timeout=SOON) == 128 + number
    assert typed(folder) == "half a"
    assert (folder / "unmounted").exists()


def test_sigterm_gives_the_terminal_back(folder: Path) -> None:
    with start(folder) as terminal:
        terminal.wait("ready")
        terminal.signal(signal.SIGTERM)
        terminal.exit_status(timeout=SOON)
        raw = bytes(terminal.raw)
    for on, off in ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?1003h", b"\x1b[?1003l"), (b"\x1b[?25l", b"\x1b[?25h")):
        assert raw.rfind(off) > raw.rfind(on) >= 0


@pytest.mark.parametrize("controlling", [True, False])
def test_a_closed_terminal_ends_the_program(folder: Path, controlling: bool) -> None:
    with start(folder, controlling=controlling) as terminal:
        terminal.wait("ready")
        terminal.feed("half")
        terminal.wait("typed 4")
        terminal.hang_up()
        assert terminal.exit_status(timeout=SOON) == 128 + signal.SIGHUP
    assert typed(folder) == "half"


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_stalled_terminal_cannot_hold_the_program(folder: Path, number: int) -> None:
    with start(folder) as terminal:
        terminal.wait("ready")
        terminal.feed("flood\r")
        terminal.wait("typed 5")
        with pytest.raises(AssertionError, match="has not ended"):
            terminal.exit_status(timeout=0.5, read=False)
        terminal.signal(number)
        assert terminal.exit_status(timeout=SOON, read=False) == 128 + number
    assert typed(folder) == "flood"


def test_a_stuck_event_loop_still_gives_the_terminal_back(folder: Path) -> None:
    with start(folder) as terminal:
        terminal.wait("ready")
        terminal.feed("stuck")
        terminal.wait("typed 5")
        terminal.press("enter")
        terminal.wait_raw(b"STUCK")
        terminal.signal(signal.SIGTERM)
        assert terminal.exit_status(timeout=SOON) == 128 + signal.SIGTERM
        assert terminal.raw.rfind(b"\x1b[?1049l") > terminal.raw.rfind(b"\x1b[?1049h")


@pytest.mark.parametrize(
    "data",
    ["陈国强".encode("gbk"), b"\xff\xfe", b"\x9b\x85", b"\xe9\x99 "],
    ids=["gbk", "never in utf-8", "c1", "cut off"],
)
def test_bytes_that_are_not_utf8_are_survived_and_told_of(folder: Path, data: bytes) -> None:
    with start(folder) as terminal:
        terminal.wait("ready")
        terminal.feed(data)
        terminal.wait("not sending UTF-8")
        terminal.press("ctrl+q")
        assert terminal.exit_status() == 0


def test_random_bytes_are_survived(folder: Path) -> None:
    # All but ctrl+q, which ends the program as it should.
    data = random.Random(16).randbytes(3000).replace(b"\x11", b"")
    with start(folder) as terminal:
        terminal.wait("ready")
        terminal.feed(data)
        terminal.settle()
        terminal.signal(signal.SIGTERM)
        assert terminal.exit_status(timeout=SOON) == 128 + signal.SIGTERM


def test_characters_typed_in_utf8_bring_no_complaint(folder: Path) -> None:
    with start(folder) as terminal:
        terminal.wait("ready")
        for byte in "陈国强".encode():
            terminal.feed(bytes([byte]))
        assert "not sending UTF-8" not in terminal.wait("typed 3")


def test_no_control_character_in_data_reaches_the_terminal(folder: Path) -> None:
    with start(folder) as terminal:
        raw = terminal.wait_raw(b"ready")
        assert terminal.text.startswith("a]52;c;aGk=b[2Jcmdef]0;ownedg")
    for leak in (b"\x1b]52", b"\x1b]0;", b"\x1b[2Jc", "\x9b".encode(), "\u202e".encode(), b"\x00"):
        assert leak not in raw


def test_the_kitty_keyboard_protocol_is_not_asked_for(folder: Path) -> None:
    with start(folder) as terminal:
        assert b"\x1b[>" not in terminal.wait_raw(b"ready")


def test_a_crash_shows_one_sentence_and_keeps_the_details_private(folder: Path) -> None:
    with start(folder) as terminal:
        terminal.wait("ready")
        terminal.feed("crash")
        terminal.wait("typed 5")
        terminal.press("enter")
        assert terminal.exit_status() == 1
        shown = terminal.text.replace("\n", " ")
    (log,) = (folder / "log").iterdir()
    assert "The program stopped because of a fault in it." in shown
    assert log.stem.removeprefix("incident-") in shown
    assert "Traceback" not in shown
    assert "13812345678" not in shown
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    trace = log.read_text()
    assert "on_input_submitted" in trace
    assert "ValueError: cannot read #" in trace


def test_the_exit_status_is_the_one_asked_for(folder: Path) -> None:
    with start(folder) as terminal:
        terminal.wait("ready")
        terminal.feed("leave")
        terminal.wait("typed 5")
        terminal.press("enter")
        assert terminal.exit_status() == 7


def test_ctrl_c_does_not_end_the_program_and_ctrl_q_does(folder: Path) -> None:
    with start(folder) as terminal:
        terminal.wait("ready")
        terminal.press("tab", "ctrl+c")
        terminal.feed("x")
        terminal.wait("typed 1")
        terminal.press("ctrl+q")
        assert terminal.exit_status() == 0


def test_a_giant_paste_is_cut_and_says_so(folder: Path) -> None:
    with start(folder) as terminal:
        terminal.wait("ready")
        terminal.feed("\x1b[200~" + "字" * (PASTE_LIMIT + 1) + "\x1b[201~")
        terminal.wait(f"typed {PASTE_LIMIT}")
        terminal.wait(f"Only the first {PASTE_LIMIT}")


def test_a_paste_within_the_limit_is_left_alone() -> None:
    assert capped_paste("x" * PASTE_LIMIT) == ("x" * PASTE_LIMIT, None)
    kept, told = capped_paste("x" * (PASTE_LIMIT + 5))
    assert len(kept) == PASTE_LIMIT
    assert str(told) == "Only the first 20000 of 20005 pasted characters were taken. Paste the rest in parts."


def test_rare_names_and_emoji_pass_the_guard() -> None:
    text = "𠮷野家 \ue863 葛\U000e0100 👨\u200d👩"
    assert harmless(text) == text


@pytest.mark.parametrize(("environ", "refused"), [({"TERM": "dumb"}, True), ({}, True), ({"TERM": "linux"}, False)])
def test_a_terminal_without_screens_is_refused_towards_the_command_line(environ: dict[str, str], refused: bool) -> None:
    sentence = terminal_refusal(environ)
    assert isinstance(sentence, Sentence) is refused
    assert not refused or "servicedesk --help" in str(sentence)


def test_the_environment_is_prepared_without_overruling_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_DISABLE_KITTY_KEY", "0")
    for name in ("TEXTUAL_ANIMATIONS", "TEXTUAL_THEME"):
        monkeypatch.setenv(name, "")  # so that it is put back at the end
        monkeypatch.delenv(name)
    prepare_environment()
    assert os.environ["TEXTUAL_DISABLE_KITTY_KEY"] == "0"
    assert os.environ["TEXTUAL_ANIMATIONS"] == "none"
    assert os.environ["TEXTUAL_THEME"] == "ansi-dark"


def test_without_colours_the_terminals_own_are_not_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_THEME", "")
    monkeypatch.delenv("TEXTUAL_THEME")
    monkeypatch.setenv("NO_COLOR", "1")
    prepare_environment()
    assert "TEXTUAL_THEME" not in os.environ


def test_preparing_the_environment_imports_nothing_heavy() -> None:
    program = "import sys, servicedesk.tui.environment; print({'textual', 'rich', 'sqlmodel'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
