"""A paper as HTML for a browser's print dialogue: A4 or A5, every label in Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from servicedesk.domain.words import Sentence
from servicedesk.locales import Words
from servicedesk.papers.paper import COPY, Paper, Part, Value, in_its_language
from servicedesk.papers.text import shown


def render(papers: Sequence[Paper], words: Words, english: Words) -> str:
    """One document with a sheet a page.

    Args:
        papers: the sheets.
        words: the language of the paper; its labels come first.
        english: the second language of every label, but on a paper that is for a customer alone.
    """
    sheets = []
    for paper in papers:
        own = in_its_language(paper, words)
        sheets.append((paper, _Said(own, own if paper.language else english), _tag(own)))
    return str(_template().render(sheets=sheets, copy=COPY, form=_form, language=_tag(words)))


class _Said:
    """How one sheet says its labels and values."""

    def __init__(self, words: Words, second: Words) -> None:
        self._words, self._second = words, second

    def both(self, text: str | Sentence) -> tuple[str, str]:
        first, second = self._words(text), self._second(text)
        return (first, "" if first == second else second)

    def value(self, of: Value) -> str:
        return shown(of, self._words)


def _form(part: Part) -> str:
    return type(part).__name__


def _tag(words: Words) -> str:
    return words.language.replace("_", "-")


@lru_cache(maxsize=1)
def _template() -> Any:
    # Jinja2 is loaded when something is printed, not before.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("servicedesk.papers"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("paper.html")
