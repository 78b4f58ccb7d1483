"""Keeping and dropping named views of a register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from servicedesk.acts.act import Done, act
from servicedesk.acts.desk import Book, Desk
from servicedesk.acts.entry import Ask, Entry, Nothing
from servicedesk.domain.text import within
from servicedesk.domain.views import LONGEST_NAME, View, may_share
from servicedesk.domain.words import Refused, label, say

if TYPE_CHECKING:
    from servicedesk.store.session import Reading


class SaveView(Entry):
    """A name for a filter and an order; an own view of the same name is written over."""

    book: Annotated[str, Ask(label("Register"))]
    name: Annotated[str, Ask(label("Name"))]
    view: Annotated[str, Ask(label("Filter"))]
    shared: Annotated[bool, Ask(label("For the whole unit"), "flag")] = False


def _one(store: Reading, number: str) -> View | None:
    from servicedesk.store import places

    return places.view(store, number)


VIEWS = Book("views", _one)


@act("views.save", SaveView)
def save(desk: Desk, rows: Sequence[Any], entry: SaveView) -> Done:
    """Keep the view under its name."""
    from servicedesk.store import places, tables

    name = within(entry.name, LONGEST_NAME, field="name")
    refusal = may_share(desk.actor) if entry.shared else None
    if refusal is not None:
        raise Refused(refusal, field="shared")
    known = places.view_named(desk.store, desk.actor.id, entry.book, name)
    if known is None:
        desk.store.add(
            tables.SavedView,
            staff_id=desk.actor.id,
            book=entry.book,
            name=name,
            view=entry.view,
            shared=entry.shared,
        )
    else:
        desk.store.change(tables.SavedView, known.id, view=entry.view, shared=entry.shared)
    return Done(say("View {name} kept.", name=name))


@act("views.drop", Nothing, book=VIEWS)
def drop(desk: Desk, rows: Sequence[View], entry: Nothing) -> Done:
    """Forget the view; what it showed stays where it is."""
    from servicedesk.store import places

    places.drop_view(desk.store, rows[0].id)
    return Done(say("View {name} dropped.", name=rows[0].name), (rows[0].number,))
