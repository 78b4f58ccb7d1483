"""Work that goes on while keys are answered."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, cast

from textual.css.query import NoMatches
from textual.dom import DOMNode


def begin(
    node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], *, group: str = "default", exclusive: bool = False
) -> None:
    """Start a worker of this node; an `exclusive` one ends those of its group that are under way.

    It takes the function, not the coroutine: one that is ended before it began would never be awaited.
    """

    async def as_long_as_it_stands() -> None:
        try:
            await work()
        except NoMatches:
            # A page that is left loses its widgets first and its workers after them.
            if not node._pruning:
                raise

    # Textual's annotation leaves the result of a coroutine function open, and mypy takes it for Never.
    node.run_worker(cast("Any", as_long_as_it_stands), group=group, exclusive=exclusive)
