"""The terminal as it is: it hangs up, stalls, sends broken bytes, and obeys whatever control characters reach it."""

from __future__ import annotations

import _thread
import asyncio
import contextlib
import os
import re
import selectors
import signal
import termios
import time
import traceback
from codecs import getincrementaldecoder
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Any

from rich.cells import get_character_cell_size
from rich.segment import Segment
from rich.text import Text
from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.color import Color
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import LineFilter
from textual.worker import WorkerFailed

from servicedesk.domain.words import Sentence, say

PASTE_LIMIT = 20_000
"""The most characters one paste may bring; a text area takes 13 s for five million."""

_LAST_CHANCE = 2.0
"""Seconds after which the process ends whatever the event loop does."""

_LEAVE_SCREEN = (
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?2048l\x1b[?1004l\x1b[?7h\x1b[?1049l\x1b[?25h"
)
"""Mouse, paste and focus reports off, lines wrap, the main screen again, the cursor shown."""

_BROKEN = "\N{REPLACEMENT CHARACTER}"

_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters, overrides of the writing direction, invisible tags and lone surrogates."""

_LONG_NUMBER = re.compile(r"\d{5,}")


def _blank(match: re.Match[str]) -> str:
    return " " * max(0, get_character_cell_size(match[0]))


def harmless(text: str) -> str:
    """The text without control characters and direction overrides, as wide as before."""
    return _CONTROL.sub(_blank, text) if _CONTROL.search(text) else text


class ControlFilter(LineFilter):
    """The last guard before the terminal: no control character that came in data ever reaches it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Clean the text of each segment; `background` is not used."""
        if not any(_CONTROL.search(text) for text, _, control in segments if control is None):
            return segments
        return [
            segment if segment.control is not None else Segment(harmless(segment.text), segment.style)
            for segment in segments
        ]


def capped_paste(text: str) -> tuple[str, Sentence | None]:
    """At most `PASTE_LIMIT` characters of a pasted text, and the sentence to show when some were left out."""
    if len(text) <= PASTE_LIMIT:
        return text, None
    return text[:PASTE_LIMIT], say(
        "Only the first {kept} of {pasted} pasted characters were taken. Paste the rest in parts.",
        kept=PASTE_LIMIT,
        pasted=len(text),
    )


def record_incident(error: BaseException, folder: Path | None) -> Sentence:
    """Write the trace of a fault to a file only its owner can read, and return the one sentence to show.

    The trace has no local variables and no long numbers: both may be a customer's data.
    """
    number = os.urandom(4).hex().upper()
    trace = "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
    lines = (_LONG_NUMBER.sub("#", line) for line in trace.split("\n"))
    told = say(
        "The program stopped because of a fault in it. What was saved is kept. "
        "Tell your administrator: incident {number}.",
        number=number,
    )
    if folder is None:
        return told
    path = folder / f"incident-{number}.log"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write("\n".join(_CONTROL.sub(lambda match: ascii(match[0]), line) for line in lines))
    except OSError:
        return told
    return say(
        "The program stopped because of a fault in it. What was saved is kept. "
        "Tell your administrator: incident {number}, recorded in {path}.",
        number=number,
        path=str(path),
    )


def guard_signals(app: App[Any], save_drafts: Callable[[], None], restore: Callable[[], None]) -> Callable[[int], None]:
    """End the app on SIGHUP and SIGTERM within seconds, drafts saved, even while the terminal takes no bytes.

    Call it in the main thread while the loop runs. `restore` brings the terminal back when the app cannot;
    it must not block. Returns what ends the app as the given signal would; it may be called from any thread.
    """
    loop = asyncio.get_running_loop()
    ending = _thread.allocate_lock()
    saving = _thread.allocate_lock()

    def save() -> None:
        if saving.acquire(blocking=False):
            save_drafts()

    def save_late() -> None:
        # The loop may be stuck behind a terminal that nobody reads.
        time.sleep(_LAST_CHANCE / 2)
        save()

    def give_up(number: int) -> None:
        time.sleep(_LAST_CHANCE)
        restore()
        os._exit(128 + number)

    def leave(number: int) -> None:
        try:
            save()
        finally:
            app.exit(return_code=128 + number)

    def end(number: int) -> None:
        if not ending.acquire(blocking=False):
            return
        # Not threading.Thread: its locks may be held by the very code a signal has interrupted.
        _thread.start_new_thread(give_up, (number,))
        _thread.start_new_thread(save_late, ())
        if number == signal.SIGHUP:
            _let_go_of_terminal()
        loop.call_soon_threadsafe(leave, number)

    def on_signal(number: int, frame: FrameType | None) -> None:
        end(number)

    signal.signal(signal.SIGHUP, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    return end


def _let_go_of_terminal() -> None:
    """Put /dev/null where the lost terminal was, so that nothing waits for it or fails on it."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


class SafeDriver(LinuxDriver):
    """Textual's driver, except that broken bytes do not stop it and a hang-up does."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if not isinstance(app, RobustApp):
            raise TypeError("SafeDriver drives a RobustApp only")
        self._robust = app
        if isinstance(self._file, TextIOWrapper):
            self._file.reconfigure(encoding="utf-8", errors="replace")
        self._end = guard_signals(app, app.save_drafts, self._restore_terminal)
        self._broken_bytes_told = False

    def run_input_thread(self) -> None:
        """Read keys until the driver stops or the terminal is gone."""
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        parser = XTermParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    data = self._read()
                    if not data:
                        # No SIGHUP comes under nohup or without a controlling terminal.
                        self._end(signal.SIGHUP)
                        return
                    text = decode(data)
                    self._notice_broken_bytes(data, text)
                    # A part of a character decodes to nothing yet, and nothing would end the parser.
                    for message in parser.feed(text) if text else ():
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            # EIO: what Linux answers for a terminal that is gone.
            return b""

    def _notice_broken_bytes(self, data: bytes, text: str) -> None:
        if self._broken_bytes_told or _BROKEN not in text or _BROKEN.encode() in data:
            return
        self._broken_bytes_told = True
        self._app.call_later(self._robust.terminal_is_not_utf8)

    def _restore_terminal(self) -> None:
        # A descriptor of its own: O_NONBLOCK on the shared one would outlive the process in the user's shell.
        with contextlib.suppress(OSError, termios.error):
            terminal = os.open("/dev/tty", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
            if self.attrs_before is not None:
                termios.tcsetattr(terminal, termios.TCSANOW, self.attrs_before)
            os.write(terminal, _LEAVE_SCREEN)


class RobustApp(App[None]):
    """An app that survives its terminal: see the module. `run_to_end` runs it and gives the exit status."""

    ENABLE_COMMAND_PALETTE = False  # Textual's own offers a screenshot, which writes customers' data to disk.

    log_folder: Path | None = None
    """Where traces of faults are written; None writes none."""

    def __init__(self) -> None:
        super().__init__()
        self.animation_level = "none"
        self._control_filter = ControlFilter()
        self._incident_told = False

    def words(self, sentence: Sentence) -> str:
        """The sentence in the user's language; English here."""
        return str(sentence)

    def save_drafts(self) -> None:
        """Save what is being typed, because the program is about to end; nothing here.

        It may be called from another thread while the event loop stands still.
        """

    def tell(self, sentence: Sentence) -> None:
        """Show a sentence at the edge of the screen for a few seconds."""
        self.notify(self.words(sentence), markup=False)

    def run_to_end(self, *, mouse: bool = True) -> int:
        """Run the app and return the exit status of the process: 0, 1 after a fault, 128 + n after signal n."""
        try:
            self.run(mouse=mouse)
        finally:
            # The handlers speak to a loop that is closed now.
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        return 1 if self.return_code is None else self.return_code

    def get_driver_class(self) -> type[Driver]:
        """Our driver where Textual would take its own for terminals."""
        driver = super().get_driver_class()
        return SafeDriver if driver is LinuxDriver else driver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, then the last guard."""
        return [*super().get_line_filters(), self._control_filter]

    def terminal_is_not_utf8(self) -> None:
        """Called once, when the terminal has sent bytes that are not UTF-8."""
        sentence = say(
            "Your terminal is not sending UTF-8, so what you type may be wrong. "
            "Set its character encoding to UTF-8, then sign in again."
        )
        # Longer than other messages: it is said only once.
        self.notify(self.words(sentence), severity="warning", timeout=20, markup=False)

    async def on_event(self, event: events.Event) -> None:
        """Cut a giant paste before any field sees it."""
        if isinstance(event, events.Paste):
            event.text, cut = capped_paste(event.text)
            if cut is not None:
                self.tell(cut)
        await super().on_event(event)

    def action_help_quit(self) -> None:
        """Ctrl+C says how to leave; it never ends anything."""
        self.tell(say("Press Ctrl+Q to leave the program."))

    def panic(self, *renderables: Any) -> None:
        """End with what Textual has to say, and never with the exit status of success."""
        self._return_code = 1
        super().panic(*renderables)

    def _fatal_error(self) -> None:
        # In place of Textual's traceback, which prints local variables. The first fault tells; others follow from it.
        error: BaseException | None = self._exception
        if error is not None and not self._incident_told:
            self._incident_told = True
            if isinstance(error, WorkerFailed):
                # It does not carry the trace of the fault itself.
                error = error.error
            self._exit_renderables[:] = [Text(self.words(record_incident(error, self.log_folder)))]
        self._close_messages_no_wait()
