"""Sheets: reading the CSV files people export from Excel, and reporting the lines that cannot be taken.

What a file's lines mean is in `sheet_lines`; here they are only cut into cells that know their line number.
"""

from __future__ import annotations

import codecs
import csv
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from servicedesk.domain.exports import harmless
from servicedesk.domain.text import clean
from servicedesk.domain.words import Refused, RefusedFields, Sentence, label, say

LARGEST_SHEET = 32 * 1024 * 1024
"""The largest file that is read, in bytes."""

Record = TypeVar("Record")
Progress = Callable[[int, int], None]
"""Told now and then how many lines of the file are read, and how many it has."""

_DELIMITERS = (",", ";", "\t")
_PROGRESS_EVERY = 500
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# So many three-byte characters before the first fault do not come about by chance in GB 18030.
_SURELY_UTF8 = 8

_REPORT_HEADER = (label("Line"), label("Column"), label("Reason"), label("Text of the line"))


@dataclass(frozen=True)
class SheetColumn:
    """A column that is looked for: its field, and the headers it goes by in any of the three languages."""

    field: str
    names: tuple[str, ...]
    required_header: bool = False


@dataclass(frozen=True)
class SheetLine:
    """One record of the file. `number` is the line of the file where it begins, counted from 1; `raw` its very text."""

    number: int
    cells: Mapping[str, str]
    raw: str

    def cell(self, field: str) -> str:
        """Return the text under a field as it stands in the file, cleaned; empty where there is none."""
        return clean(self.cells.get(field, ""))


class LineRefusal(NamedTuple):
    """Why a line cannot be taken, and the field it belongs to."""

    field: str
    reason: Sentence


@dataclass(frozen=True)
class LineProblem:
    """A refused line for the report; `column` is the header as it stands in the file."""

    number: int
    field: str
    column: str
    reason: Sentence
    raw: str


@dataclass(frozen=True)
class Sheet:
    """A file that was read: its lines in order, the headers nobody asked for, and lines of the wrong shape."""

    headers: Mapping[str, str]
    ignored: tuple[str, ...]
    lines: tuple[SheetLine, ...]
    problems: tuple[LineProblem, ...]

    def problem(self, line: SheetLine, refusal: LineRefusal) -> LineProblem:
        """Return what the report says of a refused line."""
        column = self.headers.get(refusal.field, refusal.field)
        return LineProblem(line.number, refusal.field, column, refusal.reason, line.raw)


@dataclass(frozen=True)
class Sorted(Generic[Record]):
    """The lines that can be taken, with their line numbers, and what is wrong with the others."""

    taken: tuple[tuple[int, Record], ...]
    problems: tuple[LineProblem, ...]

    @property
    def refused_lines(self) -> int:
        """How many lines cannot be taken; one line may have several problems."""
        return len({problem.number for problem in self.problems})


def read_sheet(path: Path, columns: Sequence[SheetColumn], progress: Progress | None = None) -> Sheet:
    """Read a CSV file in UTF-8, UTF-16 with its mark, or GB 18030, divided by commas, semicolons or tabs.

    Headers are found by name, in any order, without regard to case, width, spaces and signs; others are listed in
    `ignored`. Blank lines are passed over. Refuses a file that cannot be read, with the line where there is one, and
    one whose headers lack a required column or have it twice.
    """
    text = _decoded(_bytes_of(path))
    delimiter = _delimiter(text, columns)
    header, *records = _records(text, delimiter, progress) or [_Record(1, [], "")]
    fields = _fields(header.cells, columns)
    lines: list[SheetLine] = []
    problems: list[LineProblem] = []
    for record in records:
        if any(cell.strip() for cell in record.cells[len(fields) :]):
            reason = say(
                "This line has {found} cells under {expected} headers. Put cells that hold a comma in quotation marks.",
                found=len(record.cells),
                expected=len(fields),
            )
            problems.append(LineProblem(record.number, "", "", reason, record.raw))
            continue
        cells = {field: cell for field, cell in zip(fields, record.cells, strict=False) if field}
        lines.append(SheetLine(record.number, cells, record.raw))
    headers = {field: clean(name) for field, name in zip(fields, header.cells, strict=True) if field}
    ignored = [clean(name) for field, name in zip(fields, header.cells, strict=True) if not field]
    return Sheet(headers, tuple(filter(None, ignored)), tuple(lines), tuple(problems))


def sort_lines(sheet: Sheet, read_line: Callable[[SheetLine], Record | list[LineRefusal]]) -> Sorted[Record]:
    """Divide a sheet's lines into those that can be taken and those that cannot, by the function of their kind."""
    taken: list[tuple[int, Record]] = []
    problems = list(sheet.problems)
    for line in sheet.lines:
        outcome = read_line(line)
        if isinstance(outcome, list):
            problems += [sheet.problem(line, refusal) for refusal in outcome]
        else:
            taken.append((line.number, outcome))
    return Sorted(tuple(taken), tuple(sorted(problems, key=lambda problem: problem.number)))


def write_report(path: Path, problems: Iterable[LineProblem], words: Callable[[str | Sentence], str]) -> None:
    """Write the refused lines to a new CSV file that only its owner may read; no cell of it is a formula.

    Refuses where the file exists already or cannot be written; an unfinished file is taken away again.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise Refused(
            say("The file {path} is there already. Choose another name for the report.", path=str(path))
        ) from None
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with open(descriptor, "w", encoding="utf-8-sig", newline="", errors="replace") as file:
            report = csv.writer(file)
            report.writerow([words(title) for title in _REPORT_HEADER])
            for problem in problems:
                cells = (str(problem.number), problem.column, words(problem.reason), problem.raw)
                report.writerow([harmless(clean(cell)) for cell in cells])
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unwritable(path, error) from error
        raise


def header_key(name: str) -> str:
    """Return what is compared of a header: letters and digits only, in small letters and normal width."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if character.isalnum())


class _Record(NamedTuple):
    number: int
    cells: list[str]
    raw: str


def _unwritable(path: Path, error: OSError) -> Refused:
    return Refused(
        say(
            "The report {path} cannot be written: {reason}. Choose another place.",
            path=str(path),
            reason=error.strerror,
        )
    )


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise Refused(say("There is no file {path}.", path=str(path)))
        with path.open("rb") as file:
            data = file.read(LARGEST_SHEET + 1)
    except OSError as error:
        raise Refused(
            say(
                "The file {path} cannot be read: {reason}.",
                path=str(path),
                reason=error.strerror or type(error).__name__,
            )
        ) from error
    if len(data) > LARGEST_SHEET:
        raise Refused(
            say("The file is larger than {limit} MB. Divide it and import the parts.", limit=LARGEST_SHEET >> 20)
        )
    if data.startswith(_WORKBOOK_MARKS):
        raise Refused(say("This is an Excel workbook. Save it in Excel as “CSV UTF-8” and import that file."))
    if not data.strip():
        raise Refused(say("The file is empty."))
    return data


def _decoded(data: bytes) -> str:
    if data.startswith(_UTF16_MARKS):
        return _decoded_as(data, "utf-16")
    if data.startswith(codecs.BOM_UTF8):
        return _decoded_as(data.removeprefix(codecs.BOM_UTF8), "utf-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        as_utf8 = error
    # One bad byte must not turn a whole UTF-8 file into wrong characters.
    if sum(character >= "\u0800" for character in data[: as_utf8.start].decode("utf-8")) >= _SURELY_UTF8:
        raise _undecodable(as_utf8)
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        # What was read further is more likely what the file is in.
        raise _undecodable(max(as_utf8, error, key=lambda fault: fault.start)) from error


def _decoded_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(error) from error


def _undecodable(error: UnicodeDecodeError) -> Refused:
    before = error.object[: error.start].decode(error.encoding, errors="replace")
    return Refused(
        say(
            "Line {line} of the file holds bytes that are not text. Save the file as “CSV UTF-8” and import that.",
            line=len(re.findall("\r\n|\r|\n", before)) + 1,
        )
    )


def _physical_lines(text: str) -> list[str]:
    # str.splitlines would also cut at form feeds and U+2028, which stand inside cells.
    return re.findall("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)


def _delimiter(text: str, columns: Sequence[SheetColumn]) -> str:
    """The delimiter by which most of the wanted headers are found."""
    wanted = {header_key(name) for column in columns for name in column.names}
    start = text.lstrip("\r\n")[:20_000]

    def known_headers(delimiter: str) -> int:
        header = next(csv.reader(_physical_lines(start), delimiter=delimiter), [])
        return len(wanted.intersection(map(header_key, header)))

    return max(_DELIMITERS, key=known_headers)


def _records(text: str, delimiter: str, progress: Progress | None) -> list[_Record]:
    """All records that are not blank, the header first."""
    lines = _physical_lines(text)
    consumed: list[str] = []

    def feed() -> Iterator[str]:
        for line in lines:
            consumed.append(line)
            yield line

    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    records: list[_Record] = []
    while True:
        number = reader.line_num + 1
        consumed.clear()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Refused(
                say("The quotation marks in line {line} of the file do not match. Correct the line.", line=number)
            ) from error
        if progress and (cells is None or len(records) % _PROGRESS_EVERY == 0):
            progress(reader.line_num, len(lines))
        if cells is None:
            return records
        if any(cell.strip() for cell in cells):
            records.append(_Record(number, cells, "".join(consumed).rstrip("\r\n")))


def _fields(header: Sequence[str], columns: Sequence[SheetColumn]) -> list[str]:
    """The field of each header, empty where it is not known."""
    by_name = {header_key(name): column.field for column in columns for name in column.names}
    fields = [by_name.get(header_key(name), "") for name in header]
    refusals: dict[str, Sentence] = {}
    for column in columns:
        if fields.count(column.field) > 1:
            refusals[column.field] = say(
                "Two columns of the file could be “{column}”. Rename or remove one of them.", column=column.names[0]
            )
        elif column.required_header and column.field not in fields:
            refusals[column.field] = say(
                "The file has no column “{column}”. Its header may be any of: {names}.",
                column=column.names[0],
                names=tuple(column.names),
            )
    if refusals:
        raise RefusedFields(refusals)
    return fields
