"""Words for searching: what is written into the search index and what is asked of it, alike on both engines.

The text is cut into tokens here and nowhere else: a Han character is a token (so that words of two characters are
found as phrases), anything else is a run of letters and digits, in small letters. SQLite's FTS5 gets the tokens with
`TOKENIZER`, which leaves them as they are; PostgreSQL gets tsvector and tsquery literals of the same tokens, since its
own parser would turn `-12` into a number and split model numbers its own way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

TOKENIZER = "ascii"
"""The FTS5 tokenizer for `index_text`: every character above ASCII belongs to a token, nothing is folded again."""

BOUNDARY = "①"
"""Stands between two parts, so that a phrase is never found across them; no query holds it, since `fold` makes it 1."""

_MOST_TOKENS = 16_000  # PostgreSQL knows positions up to 16,383
_MOST_POSITIONS = 255  # and so many of one lexeme
_LONGEST_TOKEN = 64
_LONGEST_QUERY = 200
_MOST_TERMS = 24
_LONGEST_PERSON_NAME = 4

# Han and kana, with the private use areas: GB 18030 keeps rare characters of names there.
_SINGLE = (
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\ue000-\ufaff\U00016fe0-\U00016fff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
)
_HAN = re.compile(f"[{_SINGLE}]")
_TOKEN = re.compile(rf"[{_SINGLE}]|[^\W_{_SINGLE}]+")
_TERM = re.compile(rf"[{_SINGLE}]+|[^\W_{_SINGLE}]+")
_LINKED = re.compile(rf"[^\W_{_SINGLE}]+(?:[-./_][^\W_{_SINGLE}]+)+")
# Accents and variation selectors: a name is found with or without them.
_MARKS = re.compile("[\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]")

# Surnames that are read otherwise than the character alone.
_SURNAMES = {
    "单": "shan", "單": "shan", "曾": "zeng", "仇": "qiu", "翟": "zhai", "解": "xie", "查": "zha", "区": "ou",
    "區": "ou", "朴": "piao", "盖": "ge", "蓋": "ge", "乐": "yue", "樂": "yue", "秘": "bi", "折": "she", "黑": "he",
    "种": "chong", "缪": "miao", "繆": "miao", "员": "yun", "員": "yun", "洗": "xian", "覃": "qin", "隗": "wei",
    "重": "chong", "召": "shao", "牟": "mu", "祭": "zhai", "乜": "nie", "卜": "bu", "阚": "kan", "闞": "kan",
    "句": "gou", "佴": "nai", "藏": "zang", "都": "du", "尉迟": "yu chi", "尉遲": "yu chi", "万俟": "mo qi",
    "萬俟": "mo qi", "长孙": "zhang sun", "長孫": "zhang sun",
}  # fmt: skip


class Term(NamedTuple):
    """One thing that must be found: Han characters next to each other, or a run of letters by its beginning."""

    tokens: tuple[str, ...]
    is_prefix: bool


def fold(text: str) -> str:
    """Return the search key of a text: width, letter case and accents do not count. Never stored as the text itself."""
    if text.isascii():
        return text.lower()
    # Decomposed, stripped and composed again: otherwise a letter that comes with its accent would keep it.
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold())
    return _MARKS.sub("", unicodedata.normalize("NFKC", plain))


def tokens_of(text: str) -> list[str]:
    """Cut a text into its tokens: single Han characters, and runs of letters and digits of at most 64."""
    return [token[:_LONGEST_TOKEN] for token in _TOKEN.findall(fold(text))]


def index_text(*parts: str, names: Iterable[str] = ()) -> str:
    """Return the tokens to be indexed, with a space between them.

    `parts` are any texts; of `names` the pinyin and initials are added, so that `wxm` and `xiaoming` find 王小明.
    A number written with hyphens is also found without them. Texts of more than 16,000 tokens are cut.
    """
    tokens: list[str] = []
    extra: dict[str, None] = {}
    names = tuple(names)
    for part in (*names, *parts):
        if not part:
            continue
        tokens += tokens_of(part)
        tokens.append(BOUNDARY)
        if not part.isalnum():
            extra.update((_joined(linked), None) for linked in _LINKED.findall(fold(part)))
    for name in names:
        extra.update((key, None) for key in _spoken_keys(name))
    return " ".join([*tokens[: _MOST_TOKENS - len(extra)], *extra][:_MOST_TOKENS])


def name_keys(name: str) -> tuple[str, str]:
    """Return the initials and the pinyin without tones of a name: ("wxm", "wangxiaoming"); empty without Han."""
    syllables = _syllables(name)
    return "".join(syllable[0] for syllable in syllables), "".join(syllables)


def match_query(typed: str) -> str | None:
    """Return the FTS5 MATCH expression for what a person typed, or None where nothing in it can be searched.

    All words must be found, Han characters as a phrase, others by their beginning. Whatever is typed, the expression
    is well formed: it holds quoted tokens only.
    """
    found = [_quoted_phrase(term) for term in _terms(typed)]
    return " AND ".join(found) or None


def tsvector_text(tokens: Iterable[str]) -> str:
    """Return PostgreSQL's literal of the tokens of `index_text`, to be cast to `tsvector`: `'制':1 '冷':2`."""
    positions: dict[str, list[int]] = {}
    for position, token in enumerate(tokens, start=1):
        if position > _MOST_TOKENS:
            break
        lexeme = _lexeme(token)
        if not lexeme or lexeme == BOUNDARY:
            continue
        places = positions.setdefault(lexeme, [])
        if len(places) < _MOST_POSITIONS:
            places.append(position)
    return " ".join(f"{_literal(lexeme)}:{','.join(map(str, places))}" for lexeme, places in positions.items())


def tsquery_text(typed: str) -> str | None:
    """Return PostgreSQL's literal to be cast to `tsquery`, which answers as `match_query` does; None likewise."""
    found = [
        f"{_literal(term.tokens[0])}:*" if term.is_prefix else " <-> ".join(map(_literal, term.tokens))
        for term in _terms(typed)
    ]
    return " & ".join(found) or None


def _terms(typed: str) -> list[Term]:
    terms: dict[Term, None] = {}
    for run in _TERM.findall(fold(typed[:_LONGEST_QUERY])):
        if _HAN.match(run):
            terms[Term(tuple(run[:_LONGEST_TOKEN]), is_prefix=False)] = None
        else:
            terms[Term((run[:_LONGEST_TOKEN],), is_prefix=True)] = None
    return list(terms)[:_MOST_TERMS]


def _quoted_phrase(term: Term) -> str:
    quoted = '"' + " ".join(term.tokens).replace('"', '""') + '"'
    return quoted + "*" if term.is_prefix else quoted


def _joined(linked: str) -> str:
    return re.sub(r"[-./_]", "", linked)[:_LONGEST_TOKEN]


def _lexeme(token: str) -> str:
    return token.replace("\0", "")[:_LONGEST_TOKEN]


def _literal(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _spoken_keys(name: str) -> Iterable[str]:
    """The initials, each syllable and the whole; of a person also the given name alone (`xiaoming`)."""
    syllables = _syllables(name)
    if not syllables:
        return ()
    starts = range(len(syllables)) if len(syllables) <= _LONGEST_PERSON_NAME else range(1)
    joined = ["".join(syllables[start:]) for start in starts]
    initials = "".join(syllable[0] for syllable in syllables)
    return [key[:_LONGEST_TOKEN] for key in (initials, *joined, *syllables)]


@lru_cache(maxsize=4096)
def _syllables(name: str) -> tuple[str, ...]:
    """The readings of a name's characters in order, other runs as they stand; nothing where there is no Han."""
    folded = fold(name)
    if not _HAN.search(folded):
        return ()
    syllables: list[str] = []
    for number, run in enumerate(_TERM.findall(folded)):
        if not _HAN.match(run):
            syllables.append(run)
            continue
        surname = _surname(run) if number == 0 and len(run) <= _LONGEST_PERSON_NAME else ""
        syllables += _SURNAMES[surname].split() if surname else ()
        syllables += _readings(run[len(surname) :])
    return tuple(syllables)


def _surname(name: str) -> str:
    return next((name[:length] for length in (2, 1) if len(name) > length and name[:length] in _SURNAMES), "")


def _readings(han: str) -> list[str]:
    # Imported only where a name is indexed: it costs 150 ms.
    from pypinyin import lazy_pinyin

    return [reading for reading in map(fold, lazy_pinyin(han, errors="ignore")) if reading]
