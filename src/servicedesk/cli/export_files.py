"""The files of an export: each is written line by line, and stands under its name when it is whole, or not at all."""

from __future__ import annotations

import csv
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Protocol, Self

from servicedesk.cli.export_columns import Amount
from servicedesk.domain.exports import CSV, JSON, XLSX
from servicedesk.domain.words import Refused, say

Line = tuple[Any, ...]

_BUFFER = 1 << 18
_ENDINGS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_SIGNALLED = 128


class Sheet(Protocol):
    """A file that takes lines; nothing of it is whole before the `with` block has ended."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def write(self, lines: Iterable[Line]) -> None:
        """Some more lines."""


class _TextFile:
    def __init__(self, path: Path, encoding: str) -> None:
        self._file = path.open("w", _BUFFER, encoding=encoding, newline="")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._end()
        finally:
            self._file.close()

    def _end(self) -> None:
        """What stands after the last line."""


class CsvFile(_TextFile):
    """RFC 4180, as UTF-8 with a byte order mark, by which spreadsheets know it."""

    def __init__(self, path: Path, names: Sequence[str], headings: Sequence[str]) -> None:
        super().__init__(path, "utf-8-sig")
        self._writer = csv.writer(self._file)
        self._writer.writerow(headings)

    def write(self, lines: Iterable[Line]) -> None:
        """See `Sheet`."""
        self._writer.writerows(lines)


class JsonFile(_TextFile):
    """One array, a line an object whose keys are the names of the fields."""

    def __init__(self, path: Path, names: Sequence[str], headings: Sequence[str]) -> None:
        super().__init__(path, "utf-8")
        self._names = names
        self._encoded = json.JSONEncoder(ensure_ascii=False, default=str).encode
        self._before = "[\n"

    def write(self, lines: Iterable[Line]) -> None:
        """See `Sheet`."""
        written = ",\n".join([self._encoded(dict(zip(self._names, line, strict=True))) for line in lines])
        if written:
            self._file.write(self._before + written)
            self._before = ",\n"

    def _end(self) -> None:
        self._file.write("[]\n" if self._before == "[\n" else "\n]\n")


class XlsxFile:
    """A workbook with numbers, amounts, days and times as such, times in the unit's zone.

    A full sheet is followed by another. Every text is written as text, whatever it begins with.
    """

    MOST_LINES = 1_048_576
    """So many a sheet holds, its heading included."""

    def __init__(self, path: Path, names: Sequence[str], headings: Sequence[str]) -> None:
        from xlsxwriter import Workbook

        # What waits to be packed lies beside the file, and goes with it.
        options = {"constant_memory": True, "tmpdir": str(path.parent), "use_zip64": True}
        self._book: Any = Workbook(str(path), options)
        self._heading = self._book.add_format({"bold": True})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._amounts = {decimals: self._book.add_format({"num_format": form}) for decimals, form in _DECIMALS.items()}
        self._headings = headings
        self._sheet: Any = None
        self._next = self.MOST_LINES

    def __enter__(self) -> Self:
        self._turn()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._book.close()
            return
        for sheet in self._book.worksheets():
            sheet.row_data_fh.close()

    def write(self, lines: Iterable[Line]) -> None:
        """See `Sheet`."""
        for line in lines:
            if self._next == self.MOST_LINES:
                self._turn()
            for place, value in enumerate(line):
                if value.__class__ is str:
                    self._text(place, value)
                elif value is not None:
                    self._typed(place, value)
            self._next += 1

    def _turn(self) -> None:
        """Begin a sheet."""
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(self._headings) - 1, 18)
        for place, heading in enumerate(self._headings):
            self._sheet.write_string(0, place, heading, self._heading)
        self._next = 1

    def _text(self, place: int, value: str) -> None:
        # Such a text the writer takes for its own marks, and would put it into the sheet unescaped.
        plain = "'" + value if value.startswith("<r>") and value.endswith("</r>") else value
        if plain and self._sheet.write_string(self._next, place, plain):
            raise Refused(say("A text is too long for a cell of a workbook: export as csv or json."))

    def _typed(self, place: int, value: Any) -> None:
        if isinstance(value, datetime):
            self._sheet.write_datetime(self._next, place, value, self._moment)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._next, place, value, self._day)
        elif isinstance(value, Amount):
            self._sheet.write_number(self._next, place, value.value, self._amounts[value.decimals])
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._next, place, value)
        else:
            self._sheet.write_number(self._next, place, value)


_DECIMALS = {0: "#,##0", 2: "#,##0.00"}

FILES: Mapping[str, Callable[[Path, Sequence[str], Sequence[str]], Sheet]] = {
    CSV: CsvFile,
    XLSX: XlsxFile,
    JSON: JsonFile,
}
"""Each form of `domain.exports.FORMATS`; made with the path, the names of the fields and the headings."""


@contextmanager
def whole(target: Path | None, *, force: bool) -> Iterator[Path]:
    """A path to write to, which only its owner reads; at the end the file gets its name, or goes to standard output.

    It lies in a folder of its own beside the target, which is gone afterwards in every case.

    Raises:
        Refused: where it cannot be written, or another file has the name and is not to be replaced.
    """
    shown = str(target) if target is not None else "-"
    try:
        _must_be_free(target, force)
        beside = None if target is None else target.absolute().parent
        with _ended_by_signals(), tempfile.TemporaryDirectory(prefix=".export-", dir=beside) as folder:
            path = Path(folder) / "whole"
            path.touch(mode=0o600)
            yield path
            if target is None:
                _to_standard_output(path)
                return
            with path.open("rb") as file:
                os.fsync(file.fileno())
            _must_be_free(target, force)
            path.replace(target)
    except BrokenPipeError:
        raise
    except OSError as fault:
        raise Refused(say("{path} cannot be written: {reason}.", path=shown, reason=fault.strerror or "")) from fault


def _must_be_free(target: Path | None, force: bool) -> None:
    if target is not None and not force and os.path.lexists(target):
        raise Refused(say("The file {path} is there already: choose another name, or --force.", path=str(target)))


def _to_standard_output(path: Path) -> None:
    sys.stdout.flush()
    with path.open("rb") as file:
        while portion := file.read(_BUFFER):
            sys.stdout.buffer.write(portion)
    sys.stdout.buffer.flush()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let whoever stops the program stop it as Ctrl+C does, so that it cleans up behind itself."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(_SIGNALLED + number)

    before = {number: signal.signal(number, end) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
