"""A paper as HTML for a browser's print dialogue: A4 or A5, every label in Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from servicedesk.domain.words import Sentence
from servicedesk.locales import Words
from servicedesk.papers.paper import COPY, Paper, Value
from servicedesk.papers.text import shown


def render(papers: Sequence[Paper], words: Words, english: Words) -> str:
    """One document with a sheet a page.

    Args:
        papers: the sheets.
        words: the language of the paper; its labels come first.
        english: the second language of every label.
    """

    def both(text: str | Sentence) -> tuple[str, str]:
        first, second = words(text), english(text)
        return (first, "" if first == second else second)

    def value(of: Value) -> str:
        return shown(of, words)

    language = words.language.replace("_", "-")
    return str(_template().render(papers=papers, both=both, value=value, copy=COPY, language=language))


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
