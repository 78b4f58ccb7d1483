"""The line in which the writers of one SQLite file wait: the kernel serves them in order, and nobody waits for ever."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path


class Line:
    """A lock on a side file (`flock`), taken by one thread of this program at a time.

    The kernel can wait for it in order, or not at all, but not for so many seconds. So where others are before us a
    thread of its own waits in the kernel; who has waited too long leaves it there, and who comes next finds the place
    in line kept.
    """

    def __init__(self, path: Path) -> None:
        """Opens the side file, and makes it where there is none yet."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        self._state = threading.Condition()
        self._is_waiting = False
        self._is_ours = False
        self._is_wanted = False
        self._is_closed = False

    def enter(self, seconds: float) -> bool:
        """Wait until it is our turn; False where it was not within so many seconds."""
        with self._state:
            if not self._is_waiting:
                try:
                    fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    self._is_waiting = True
                    threading.Thread(target=self._wait, name="line", daemon=True).start()
                else:
                    return True
            self._is_wanted = True
            try:
                self._state.wait_for(lambda: self._is_ours, seconds)
            finally:
                self._is_wanted = False
            entered, self._is_ours = self._is_ours, False
            return entered

    def leave(self) -> None:
        """Let the next one in."""
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give up the place in line."""
        with self._state:
            self._is_closed = True
            if not self._is_waiting:
                os.close(self._file)

    def _wait(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        with self._state:
            self._is_waiting = False
            if self._is_closed:
                os.close(self._file)
            elif self._is_wanted:
                self._is_ours = True
                self._state.notify()
            else:
                self.leave()
