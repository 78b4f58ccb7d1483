"""A technician's day minute by minute: typed lines, gaps, overlaps, minutes by service type (003 Art. 12)."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from servicedesk.domain.words import Refused, label, say

WORKED = label("worked")
GAP = label("nothing written")
OVERLAP = label("written twice")
OUTSIDE = label("outside the shift")

TYPES = ("A", "B", "C", "D")
_LINE = re.compile(
    r"(?P<from>[0-9]{3,4}|[0-9]{1,2}[:.][0-9]{2})\s*-\s*(?P<to>[0-9]{3,4}|[0-9]{1,2}[:.][0-9]{2})"
    r"(?:\s+\+(?P<travel>[0-9]{1,3}))?\s+(?P<type>[a-d])(?:\s+(?P<rest>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_PAPER = re.compile(r"(?:[A-Z]{2,4}-)?(?:[CK]-?)?(?:[0-9]{4,6}-)?[0-9]{1,6}", re.IGNORECASE)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−~～至", "-"))
_MINUTE = timedelta(minutes=1)


class TypedLine(NamedTuple):
    """A line as it was typed: minutes after local midnight, service type, the paper's number for A to C, the work.

    `travel` are the minutes of the way there, within the line.
    """

    began: int
    ended: int
    service_type: str
    paper: str
    work: str
    travel: int = 0


class Stretch(NamedTuple):
    """A stretch of the day that a line covers, none covers (a gap), or several cover (an overlap)."""

    kind: str
    begins: datetime
    ends: datetime

    @property
    def minutes(self) -> int:
        """Its length in minutes."""
        return (self.ends - self.begins) // _MINUTE


class Span(NamedTuple):
    """From when until when something lasts."""

    begins: datetime
    ends: datetime


def read_line(typed: str) -> TypedLine:
    """What `930-1015 d parts count` or `1100-1145 +20 c 0007 fan motor` means; A to C name their call or card.

    Raises:
        Refused: for anything else, saying how a line is written.
    """
    words = " ".join(typed.split())
    plain = _plain(words)
    found = _LINE.fullmatch(plain)
    began, ended = (_minutes(found["from"]), _minutes(found["to"])) if found else (None, None)
    if found is None or began is None or ended is None:
        raise Refused(
            say("'{typed}' is no line: write '930-1015 d parts count' or '1100-1145 c 0007 fan motor'.", typed=typed),
            kind="field",
        )
    if ended <= began:
        raise Refused(say("'{typed}' ends before it begins.", typed=typed), kind="field")
    # The head is read in plain letters; what was done is kept as it is typed.
    service_type, rest = found["type"].upper(), words[found.start("rest") :] if found["rest"] else ""
    travel = int(found["travel"] or 0)
    if travel > ended - began:
        raise Refused(say("'{typed}': the way is longer than the whole.", typed=typed), kind="field")
    if service_type == "D":
        if not rest:
            raise Refused(say("'{typed}': say what was done.", typed=typed), kind="field")
        return TypedLine(began, ended, service_type, "", rest, travel)
    paper, _, _ = _plain(rest).partition(" ")
    if not _PAPER.fullmatch(paper):
        raise Refused(say("'{typed}': name the call or the repair card after {type}.", typed=typed, type=service_type))
    return TypedLine(began, ended, service_type, paper.upper(), rest[len(paper) :].strip(), travel)


def write_line(line: TypedLine) -> str:
    """A line as it is typed."""
    way = f"+{line.travel} " if line.travel else ""
    words = " ".join(filter(None, (line.paper, line.work)))
    return f"{_clock(line.began)}-{_clock(line.ended)} {way}{line.service_type.lower()} {words}".rstrip()


def stretches(shift: Sequence[Span], lines: Iterable[Span]) -> tuple[Stretch, ...]:
    """The day from the first to the last minute of shift and lines: worked, gaps within the shift, overlaps, outside.

    Closed hours that no line covers are left out.
    """
    spans = [Span(*line) for line in lines if line[0] < line[1]]
    edges = sorted({edge for span in (*shift, *spans) for edge in span[:2]})
    found: list[Stretch] = []
    for begins, ends in itertools.pairwise(edges):
        covering = sum(span.begins <= begins and ends <= span.ends for span in spans)
        within = any(window.begins <= begins and ends <= window.ends for window in shift)
        kind = _kind(covering, within)
        if not kind:
            continue
        if found and found[-1].kind == kind and found[-1].ends == begins:
            found[-1] = found[-1]._replace(ends=ends)
        else:
            found.append(Stretch(kind, begins, ends))
    return tuple(found)


def _plain(words: str) -> str:
    """Full-width letters and every dash as on the keyboard, each character by one."""
    narrow = (unicodedata.normalize("NFKC", letter) for letter in words)
    return "".join(plain if len(plain) == 1 else letter for letter, plain in zip(words, narrow, strict=True)).translate(
        _DASHES
    )


def _kind(covering: int, within: bool) -> str:
    if covering > 1:
        return OVERLAP
    if covering == 1:
        return WORKED if within else OUTSIDE
    return GAP if within else ""


def _minutes(clock: str) -> int | None:
    digits = re.sub("[:.]", "", clock)
    hours, minutes = divmod(int(digits), 100)
    return hours * 60 + minutes if (hours <= 23 and minutes <= 59) or digits == "2400" else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}{minutes % 60:02}"
