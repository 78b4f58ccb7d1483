"""A paper as plain text of 80 columns, for the screen and a line printer; a wide character counts two cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from servicedesk.domain.text import cells, clean, clip
from servicedesk.domain.words import Sentence
from servicedesk.locales import Words
from servicedesk.papers.paper import COPY, Box, Field, Group, Paper, Part, Table, Value, in_its_language

WIDTH = 80
_HALF = WIDTH // 2
_LABEL = 16
_MARGIN = 4
_MOST_COLUMNS = 10
"""More do not stand side by side in 80 cells."""


def render(papers: Sequence[Paper], words: Words) -> str:
    """The sheets one after the other, a form feed between them; each line at most 80 cells wide."""
    return "\f".join("\n".join(_sheet(paper, in_its_language(paper, words))) + "\n" for paper in papers)


def shown(value: Value, words: Words) -> str:
    """A value as text: times in the zone of the words, text from people cleaned."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return words.moment(value)
    if isinstance(value, date):
        return words.day(value)
    # A sentence may hold text from people as well.
    return clean(words(value) if isinstance(value, Sentence) else value, lines=True)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken at blanks where there are any, else between characters."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in _words_of(paragraph):
            if cells(line + word.rstrip()) > width and line.strip():
                lines.append(line.rstrip())
                line = ""
            while cells(word.rstrip()) > width:
                head = _fitting(word, width)
                lines.append(head)
                word = word[len(head) :]
            line += word
        lines.append(line.rstrip())
    return lines


def _words_of(text: str) -> Iterator[str]:
    """Pieces between which a line may break: after a blank, around a wide character."""
    piece = ""
    for character in text:
        if cells(character) == 2:
            if piece:
                yield piece
            piece = ""
            yield character
            continue
        piece += character
        if character == " ":
            yield piece
            piece = ""
    if piece:
        yield piece


def _fitting(text: str, width: int) -> str:
    end = 0
    while end < len(text) and cells(text[: end + 1]) <= width:
        end += 1
    return text[: max(end, 1)]


def _sheet(paper: Paper, words: Words) -> Iterator[str]:
    title = words(paper.title) + (f"  [{words(COPY)}]" if paper.copy else "")
    unit = clean(paper.unit)
    if cells(unit) + cells(title) + cells(paper.number) + 2 > WIDTH:
        yield from wrapped(unit, WIDTH)
        unit = ""
    yield _between(unit, title, paper.number)
    yield "=" * WIDTH
    yield from _header(paper.header, words)
    for part in (*paper.body, *paper.tables, *paper.boxes):
        yield from _part(part, words)
    if paper.totals:
        yield "-" * WIDTH
        for total in paper.totals:
            yield _padded(f"{words(total.label)}  {shown(total.value, words)}", WIDTH, right=True)
    for note in paper.notes:
        yield from wrapped(words(note), WIDTH)
    yield from _signatures(paper.signatures, words)
    if paper.stub is not None:
        yield ""
        yield "- " * _HALF
        yield from _sheet(paper.stub, words)


def _part(part: Part, words: Words) -> Iterator[str]:
    if isinstance(part, Group):
        yield "-" * WIDTH
        yield from _header(part.fields, words)
    elif isinstance(part, Table):
        yield from _table(part, words)
    elif isinstance(part, Box):
        yield from _box(part, words)
    else:
        yield ""
        margin = " " * (_MARGIN if part.quoted else 0)
        yield from (margin + line for line in wrapped(shown(part.text, words), WIDTH - 2 * len(margin)))


def _between(left: str, middle: str, right: str) -> str:
    """One at each edge, one in the middle."""
    gap = WIDTH - cells(left) - cells(middle) - cells(right)
    before = max(1, (WIDTH - cells(middle)) // 2 - cells(left))
    return f"{left}{' ' * before}{middle}{' ' * max(1, gap - before)}{right}".rstrip()


def _header(header: Sequence[Field], words: Words) -> Iterator[str]:
    """Two fields a line, wide ones alone."""
    waiting = ""
    for field in header:
        label = _padded(words(field.label), _LABEL) + " "
        text = (label + shown(field.value, words)).rstrip()
        if field.wide or cells(text) >= _HALF or "\n" in text:
            if waiting:
                yield waiting
                waiting = ""
            first, *others = wrapped(shown(field.value, words), WIDTH - cells(label))
            yield (label + first).rstrip()
            yield from (" " * cells(label) + other for other in others)
        elif waiting:
            yield _padded(waiting, _HALF) + text
            waiting = ""
        else:
            waiting = text
    if waiting:
        yield waiting


def _table(table: Table, words: Words) -> Iterator[str]:
    if len(table.columns) > _MOST_COLUMNS:
        yield from _stacked(table, words)
        return
    shares = sum(column.share for column in table.columns)
    spare = WIDTH - (len(table.columns) - 1)
    widths = [spare * column.share // shares for column in table.columns]
    widths[-1] += spare - sum(widths)
    yield "-" * WIDTH
    if table.title:
        yield words(table.title)
    yield from _row([words(column.label) for column in table.columns], table, widths)
    for row in table.rows:
        yield from _row([shown(value, words) for value in row], table, widths)
    yield from [_line(["_" * width for width in widths], table, widths)] * table.blank


def _stacked(table: Table, words: Words) -> Iterator[str]:
    """A wide page of a register: each entry a paragraph of its labelled columns, empty ones left out."""
    for row in table.rows:
        yield "-" * WIDTH
        pairs = zip(table.columns, [shown(value, words) for value in row], strict=True)
        parts = [f"{words(column.label)}: {value}" for column, value in pairs if value]
        yield from _packed(parts)


def _packed(parts: Sequence[str]) -> Iterator[str]:
    """As many parts a line as fit; one that is too long for a line goes on below."""
    line = ""
    for part in parts:
        if line and cells(line) + 2 + cells(part) > WIDTH:
            yield line
            line = ""
        first, *others = wrapped(f"{line}  {part}" if line else part, WIDTH - 2)
        line = first
        for other in others:
            yield line
            line = "  " + other
    yield line


def _row(values: Sequence[str], table: Table, widths: Sequence[int]) -> Iterator[str]:
    """One entry of the table; what does not fit its column goes on below."""
    parts = [wrapped(value, width) for value, width in zip(values, widths, strict=True)]
    for number in range(max(map(len, parts))):
        yield _line([part[number] if number < len(part) else "" for part in parts], table, widths)


def _line(values: Sequence[str], table: Table, widths: Sequence[int]) -> str:
    padded = (
        _padded(clip(value, width), width, right=column.right)
        for value, width, column in zip(values, widths, table.columns, strict=True)
    )
    return " ".join(padded).rstrip()


def _box(box: Box, words: Words) -> Iterator[str]:
    yield "-" * WIDTH
    text = shown(box.text, words)
    label = f"{words(box.label)}: "
    if text:
        yield from wrapped(label + text, WIDTH)
    else:
        yield label + "_" * (WIDTH - cells(label))
        yield from ["_" * WIDTH] * (box.lines - 1)


def _signatures(signatures: Sequence[str], words: Words) -> Iterator[str]:
    if not signatures:
        return
    yield ""
    for first in range(0, len(signatures), 2):
        pair = [words(signature) for signature in signatures[first : first + 2]]
        yield "  ".join(f"{name} {'_' * (_HALF - 3 - cells(name))}" for name in pair)


def _padded(text: str, width: int, *, right: bool = False) -> str:
    space = " " * max(0, width - cells(text))
    return space + text if right else text + space
