"""A program in a real pseudo-terminal, and a person in front of it."""

from __future__ import annotations

import fcntl
import os
import select
import signal as signals
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte

from servicedesk.domain.text import cells

PATIENCE = 60.0
"""Seconds after which a program on a loaded machine is taken to hang."""

KEYS: Mapping[str, bytes] = {
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "enter": b"\r",
    "tab": b"\t",
    "shift+tab": b"\x1b[Z",
    "escape": b"\x1b",
    "space": b" ",
    "backspace": b"\x7f",
    "delete": b"\x1b[3~",
    "f1": b"\x1bOP",
    "f2": b"\x1bOQ",
    "f3": b"\x1bOR",
    "f4": b"\x1bOS",
    "f5": b"\x1b[15~",
    "f6": b"\x1b[17~",
    "f7": b"\x1b[18~",
    "f8": b"\x1b[19~",
    "f9": b"\x1b[20~",
    "f10": b"\x1b[21~",
    "f11": b"\x1b[23~",
    "f12": b"\x1b[24~",
}


class Terminal:
    """Runs `argv` in a pseudo-terminal of `size` (columns, rows); use it in a `with`.

    `env` is the program's whole environment; without it, ours with TERM=xterm-256color.

    `controlling=False` starts the program without a controlling terminal, so that no SIGHUP comes when it closes.
    Every wait has a deadline in seconds and fails with what stands on the screen.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        size: tuple[int, int] = (80, 24),
        controlling: bool = True,
    ) -> None:
        columns, rows = size
        self.raw = bytearray()
        """Every byte the program has written."""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._master, slave = os.openpty()
        self._set_size(size)
        self._process = subprocess.Popen(
            argv,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm-256color"} if env is None else dict(env),
            start_new_session=True,
            preexec_fn=_take_terminal if controlling else None,
        )
        os.close(slave)
        os.set_blocking(self._master, False)
        self._ended = os.pidfd_open(self._process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def text(self) -> str:
        """The screen, one line a row, blanks at the ends of lines left out."""
        return "\n".join(self._line(row).rstrip() for row in range(self._screen.lines))

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0."""
        return self._screen.cursor.x, self._screen.cursor.y

    @property
    def process_id(self) -> int:
        """The number of the program's process."""
        return self._process.pid

    def feed(self, data: str | bytes) -> None:
        """Type these characters, or send these very bytes, reading meanwhile so that neither side blocks."""
        rest = data.encode() if isinstance(data, str) else data
        deadline = time.monotonic() + PATIENCE
        while rest:
            readable, writable, _ = select.select([self._master], [self._master], [], _left(deadline))
            if readable:
                self._read()
            if writable:
                rest = rest[os.write(self._master, rest[:1024]) :]
            if not readable and not writable:
                raise AssertionError(f"the program does not read what is typed\n{self.text}")

    def press(self, *keys: str) -> None:
        """Press keys by name (`KEYS`, `ctrl+q`) or by the character itself."""
        for key in keys:
            if key.startswith("ctrl+"):
                self.feed(bytes([ord(key[-1].upper()) - 64]))
            else:
                self.feed(KEYS.get(key, key.encode()))

    def wait(self, wanted: str | Callable[[str], object], *, timeout: float = PATIENCE) -> str:
        """Wait until the screen has the text, or fulfils the predicate, and return the screen."""
        fulfilled = wanted if callable(wanted) else lambda text: wanted in text
        self._wait(lambda: bool(fulfilled(self.text)), timeout, wanted)
        return self.text

    def wait_raw(self, wanted: bytes | Callable[[bytes], bool], *, timeout: float = PATIENCE) -> bytes:
        """Wait until the bytes written so far have these in them, or fulfil the predicate, and return them."""
        fulfilled = wanted if callable(wanted) else lambda raw: wanted in raw
        self._wait(lambda: fulfilled(bytes(self.raw)), timeout, wanted)
        return bytes(self.raw)

    def settle(self, quiet: float = 0.3, *, timeout: float = PATIENCE) -> str:
        """Read until the program has written nothing for `quiet` seconds, and return the screen."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and select.select([self._master], [], [], quiet)[0]:
            if not self._read():
                break
        return self.text

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the program gets SIGWINCH."""
        self._screen.resize(rows, columns)
        self._set_size((columns, rows))

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    def hang_up(self) -> None:
        """Close the terminal, as a dropped line does."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def exit_status(self, *, timeout: float = PATIENCE, read: bool = True) -> int:
        """Wait for the program's end and return its status; with `read=False` nobody reads what it writes."""
        deadline = time.monotonic() + timeout
        while True:
            watched = [self._ended, self._master] if read and self._master >= 0 else [self._ended]
            ready, _, _ = select.select(watched, [], [], _left(deadline))
            if self._ended in ready:
                if read and self._master >= 0:
                    self.settle(0)
                return self._process.wait()
            if not ready:
                raise AssertionError(f"the program has not ended within {timeout} s\n{self.text}")
            if not self._read():
                read = False

    def close(self) -> None:
        """End the program if it still runs, and let go of the terminal."""
        if self._process.poll() is None:
            self._process.send_signal(signals.SIGKILL)
        self._process.wait()
        self.hang_up()
        os.close(self._ended)

    def _wait(self, fulfilled: Callable[[], bool], timeout: float, wanted: object) -> None:
        deadline = time.monotonic() + timeout
        while not fulfilled():
            alive = bool(select.select([self._master], [], [], _left(deadline))[0]) and self._read()
            if not alive and not fulfilled():
                raise AssertionError(f"{wanted!r} did not come within {timeout} s\n{self.text}")

    def _line(self, row: int) -> str:
        """One row; what is left of a wide character whose first half was written over is a blank, as on a terminal."""
        line = self._screen.buffer[row]
        shown, is_second_half = [], False
        for column in range(self._screen.columns):
            written = line[column].data
            if not is_second_half:
                shown.append(written or " ")
            is_second_half = not is_second_half and cells(written) == 2
        return "".join(shown)

    def _read(self) -> bool:
        try:
            data = os.read(self._master, 65536)
        except BlockingIOError:
            return True
        except OSError:
            # EIO: the program has closed its side.
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    def _set_size(self, size: tuple[int, int]) -> None:
        columns, rows = size
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
