"""Text from people: cleaned once on entry, measured and cut in terminal cells.

Apart from what could steer a terminal or hide, text is kept as typed (no normal forms: rare Chinese
names live in private-use and compatibility characters and in variation selectors).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from servicedesk.domain.words import Refused, say

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANKS = re.compile("[\n\t]+")
_ELLIPSIS = "…"


def clean(text: str, *, lines: bool = False) -> str:
    """Text fit to be kept: no control, bidi, zero-width or tag characters, no blanks at its ends.

    Line ends become `\\n` where `lines` are allowed; otherwise line ends and tabs become a space.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _LINE_ENDS.sub("\n", _DROPPED.sub("", text))
    if not lines:
        text = _BLANKS.sub(" ", text)
    return text.strip()


def within(text: str, limit: int, *, field: str | None = None) -> str:
    """The text itself; raises `Refused` where it has more than `limit` characters."""
    if len(text) > limit:
        sentence = say("Too long: {length} characters, at most {limit} fit.", length=len(text), limit=limit)
        raise Refused(sentence, field=field, kind="field")
    return text


def cells(text: str) -> int:
    """How many terminal cells the text takes: wide characters two, combining ones none."""
    return len(text) if text.isascii() else sum(_widths(text))


def clip(text: str, width: int) -> str:
    """The text in at most `width` cells, ending with `…` where it was cut; never half a wide character."""
    if len(text) <= width and text.isascii():
        return text
    used = fitting = 0
    for position, cell in enumerate(_widths(text)):
        used += cell
        if used > width:
            return text[:fitting] + _ELLIPSIS if width > 0 else ""
        if used < width:
            fitting = position + 1
    return text


def _widths(text: str) -> Iterator[int]:
    for character in text:
        code = ord(character)
        if code < 0x300:
            yield 1
        elif 0x4E00 <= code <= 0x9FFF:
            yield 2
        else:
            yield _width(character, code)


def _width(character: str, code: int) -> int:
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Mc", "Cf") or 0x1160 <= code <= 0x11FF:
        return 0
    if category == "Cn" and code < 0x20000:
        return 1
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
