"""The views of a register's list: the declared ones, one's own and the unit's, and a filter over any of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from servicedesk.domain.views import View as KeptView
from servicedesk.domain.words import Refused, label
from servicedesk.tui.background import begin
from servicedesk.tui.keys import Key, untaken
from servicedesk.tui.list_page import ListPage
from servicedesk.tui.registers import Listed, RegisterPage, View, read_listed

if TYPE_CHECKING:
    from servicedesk.store.session import Reading


def view_keys(page: RegisterPage[Any]) -> tuple[Key, ...]:
    """The keys of views and filter, for the end of a page's own."""
    taken = (*page.first_keys, *page.keys)
    filtering = Key(untaken("f,F", taken), label("Filter"), action="filter", shown=False)
    return (
        *((filtering,) if page.filters else ()),
        Key("V,shift+tab", label("View before"), action="turn_view(-1)", shown=False),
        Key(untaken("L,Z", taken), label("Keep or choose a view"), action="list_views", shown=False),
    )


class NamedViews(ListPage):
    """A list with views; what is listed now is `listed`."""

    PAGE: ClassVar[RegisterPage[Any]]

    def __init__(self) -> None:
        super().__init__()
        self.listed = Listed(self.PAGE.views[0].name)
        self._kept_views: Sequence[KeptView] = ()

    @property
    def view(self) -> View:
        """The declared view that is listed."""
        return self.PAGE.view(self.listed.view)

    @property
    def searched(self) -> str:
        """The words searched for now."""
        return self.listed.words

    def written(self) -> str:
        """View, filter and search."""
        return self.listed.written()

    def filtered(self) -> str:
        """The name of the kept view that stands, else the view or what was searched for, then the filter."""
        kept = self._kept_place()
        if kept is not None:
            return self._kept_views[kept].name
        listed, words = self.listed, self.words
        known = {asked.name: asked for asked in self.PAGE.filters}
        values = [known[name].shown(words, value) for name, value in listed.filter if name in known]
        return " · ".join([f"/{listed.words}" if listed.words else words(self.view.label), *values])

    def refresh_rows(self) -> None:
        """Read the kept views again as well."""
        super().refresh_rows()
        begin(self, self._read_kept_views, group="views", exclusive=True)

    async def _read_kept_views(self) -> None:
        actor, book = self.door.actor, self.book

        def read(reading: Reading) -> list[KeptView]:
            from servicedesk.store import places

            return places.views(reading, actor.login, actor.unit, book)

        with suppress(Refused):  # the list itself says why nothing can be read
            self._kept_views = await self.door.read(read)
            self.show_page()

    def _kept_place(self) -> int | None:
        """Which of the kept views is listed just so."""
        page, listed = self.PAGE, self.listed
        places = (place for place, kept in enumerate(self._kept_views) if read_listed(kept.view, page) == listed)
        return next(places, None)

    # Keys

    def views(self) -> Sequence[tuple[str, str]]:
        """The declared views and the kept ones, for `:`."""
        declared = [(f"show_view('{view.name}')", self.words(view.label)) for view in self.PAGE.views]
        kept = [(f"show_kept({view.id})", view.name) for view in self._kept_views]
        return [*declared, *kept]

    def action_turn_view(self, steps: int) -> None:
        """The next view, or the one before: the declared ones, then the kept ones; a filter stays over the former."""
        declared, kept = self.PAGE.views, self._kept_place()
        over = self.listed.filter if kept is None else ()
        turned = [Listed(view.name, over) for view in declared]
        turned += [read_listed(view.view, self.PAGE) for view in self._kept_views]
        there = declared.index(self.view) if kept is None else len(declared) + kept
        for _ in turned:
            there = (there + steps) % len(turned)
            if turned[there] != self.listed:  # a kept view may list just what another one does
                self.show_listed(turned[there])
                return

    def action_show_view(self, name: str) -> None:
        """Go to a view by its name."""
        self.show_listed(Listed(self.PAGE.view(name).name))

    def action_show_kept(self, key: int) -> None:
        """Go to a kept view."""
        for kept in self._kept_views:
            if kept.id == key:
                self.show_written(kept.view)

    def action_list_views(self) -> None:
        """All views by name: choose one, keep what is listed, drop an own one."""
        from servicedesk.tui.screens.views import ViewsScreen

        declared = [(Listed(view.name).written(), view.label) for view in self.PAGE.views]
        self.app.push_screen(ViewsScreen(self.book, self.written(), declared), self._chosen_view)

    def _chosen_view(self, written: str | None) -> None:
        if written is not None:
            self.show_written(written)

    def show_written(self, written: str) -> None:
        """List what was kept as a view."""
        self.show_listed(read_listed(written, self.PAGE))

    def action_filter(self) -> None:
        """Choose what is listed of the view."""
        from servicedesk.tui.screens.filter import FilterScreen

        self.app.push_screen(FilterScreen(self.PAGE.filters, dict(self.listed.filter)), self._chosen_filter)

    def _chosen_filter(self, chosen: Mapping[str, str] | None) -> None:
        if chosen is not None:
            wanted = tuple((name, value) for name, value in chosen.items() if value)
            self.show_listed(Listed(self.listed.view, wanted, self.listed.words))

    def search_for(self, words: str) -> None:
        """List what was searched for."""
        self.show_listed(Listed(self.listed.view, self.listed.filter, words))

    def show_listed(self, listed: Listed) -> None:
        """List something else, from its first line."""
        self.listed = listed
        self.list_anew()

    def unfilter(self) -> bool:
        """Out of the search, then of the filter, then to the view one comes to."""
        listed, first = self.listed, Listed(self.PAGE.first_view(self.door.actor).name)
        if listed == first:
            return False
        if listed.words:
            self.show_listed(Listed(listed.view, listed.filter))
        else:
            self.show_listed(Listed(listed.view) if listed.filter and self._kept_place() is None else first)
        return True
