"""What a list of calls shows: filter, order, search and pasted numbers, kept as text in views and places."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from servicedesk.domain.calls import OPEN, STATES, CallFilter, CallRow
from servicedesk.domain.calls import Page as StorePage
from servicedesk.domain.registers import visible
from servicedesk.domain.rights import SEES_CALLS, SUPERVISOR, TECHNICIAN, Actor, sees
from servicedesk.domain.rulebook import RULES
from servicedesk.domain.words import Sentence, label, say
from servicedesk.domain.zones import ZONES
from servicedesk.locales import Words
from servicedesk.tui.call_lines import TYPES
from servicedesk.tui.filtering import Filtered
from servicedesk.tui.register_list import Page, SortKey

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

BOOK = "calls"
MOST_NUMBERS = 200
YES: Mapping[str, str] = {"yes": label("yes")}
FILTERS: tuple[Filtered, ...] = (
    Filtered("state", label("State"), STATES),
    Filtered("zone", label("Zone"), ZONES),
    Filtered("service_type", label("Type"), TYPES),
    Filtered("technician", label("Technician"), lookup="technicians", hint=label("login, name, pinyin or initials")),
    Filtered("mine", label("Mine"), YES),
    Filtered("late", label("Late"), YES),
    Filtered("numbers", label("Numbers"), hint=label("paste them: 29, 1120-0044 or whole ones")),
)
"""What the register can be filtered by: state, zone, type, technician, mine, late, or pasted numbers."""


@dataclass(frozen=True)
class Query:
    """A filter with its order; `numbers` are pasted ones, and then nothing else filters."""

    filter: CallFilter = field(default_factory=CallFilter)
    numbers: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether nothing is filtered or searched."""
        return not self.numbers and replace(self.filter, urgent=False) == CallFilter()

    def written(self) -> str:
        """As it is kept."""
        kept = {name: value for name, value in asdict(self.filter).items() if value}
        return json.dumps({"filter": kept, "numbers": list(self.numbers)}, ensure_ascii=False)

    def effective(self) -> CallFilter:
        """The filter in the order it is shown in; what is closed or searched stands newest first."""
        open_only = not self.filter.words and self.filter.state in ("", *OPEN)
        return replace(self.filter, urgent=self.filter.urgent and open_only and not self.numbers)

    def parts(self, actor: Actor) -> tuple[CallFilter, ...]:
        """The same within what the person may see."""
        return visible(actor, SEES_CALLS, self.effective())

    def as_filled(self, login: str) -> dict[str, str]:
        """The filter as its form shows it to this person."""
        wanted = self.filter
        return {
            **{name: getattr(wanted, name) for name in ("state", "zone", "service_type", "technician")},
            "mine": "yes" if wanted.logged_by == login else "",
            "late": "yes" if wanted.late else "",
            "numbers": " ".join(self.numbers),
        }

    def filtered(self, chosen: Mapping[str, str], numbers: tuple[str, ...], actor: Actor) -> Query:
        """What the form asks for, in the order and with the search that stand."""
        own = actor.login if chosen["mine"] else ""
        is_technician = actor.has(TECHNICIAN)
        return Query(
            replace(
                CallFilter(urgent=self.filter.urgent, words=self.filter.words),
                state=chosen["state"],
                zone=chosen["zone"],
                service_type=chosen["service_type"],
                technician=own if own and is_technician else chosen["technician"],
                logged_by="" if is_technician else own,
                late=bool(chosen["late"]),
            ),
            numbers,
        )

    def named(self, words: Words) -> str:
        """What is filtered, in words: `late · urban · /王`."""
        wanted = self.filter
        parts: list[str] = []
        if wanted.late:
            parts.append(words(label("late only")))
        if wanted.state:
            parts.append(words(STATES[wanted.state]))
        if wanted.zone:
            parts.append(words(ZONES[wanted.zone]))
        parts += [part for part in (wanted.service_type, wanted.technician) if part]
        if wanted.logged_by:
            parts.append(words(label("mine")))
        if self.numbers:
            parts.append(words(say("{count} numbers", count=len(self.numbers))))
        if wanted.words:
            parts.append(f"/{wanted.words}")
        return " · ".join(parts)


def read_query(written: str) -> Query:
    """The query as it was kept; what a later program wrote into it and this one does not know is left out."""
    kept: dict[str, Any] = json.loads(written) if written else {}
    known = {each.name for each in fields(CallFilter)}
    wanted = {name: value for name, value in kept.get("filter", {}).items() if name in known}
    return Query(CallFilter(**wanted), tuple(kept.get("numbers", ())))


def first_query(actor: Actor) -> Query:
    """Most urgent first for a supervisor, newest first for everybody else."""
    return Query(CallFilter(urgent=actor.has(SUPERVISOR)))


def kept_place(kept: str, actor: Actor) -> tuple[Query, str, SortKey]:
    """What a person listed last, the number under the cursor and its sort key; both empty where none was kept."""
    written, _, cursor = kept.partition("\n")
    query = read_query(written) if written else first_query(actor)
    number, _, key = cursor.partition(" ")
    place = key.split(" ")
    if not key or len(place) != 1 + query.effective().urgent:
        return query, "", ()
    return query, number, (*place[:-1], int(place[-1]))


def first_filter(actor: Actor) -> CallFilter | None:
    """What is open, most urgent first, of who sees a unit's lines or all of them; None for other people."""
    parts = visible(actor, SEES_CALLS, CallFilter(urgent=True))
    return parts[0] if len(parts) == 1 and not parts[0].technician else None


def first_step(actor: Actor, query: Query) -> str:
    """What stands in place of the lines where there are none: the label of the next step."""
    if not any(post.role in SEES_CALLS for post in actor.posts):
        return label("Your posts see no calls. Type : for everything by name.")
    if not query.is_plain:
        return label("No line fits this filter. Esc takes it away.")
    if query.filter.urgent:
        return label("Nothing is open. o shows the newest lines, F2 logs a call.")
    if RULES["calls.log"].post_of(actor, None) is None:
        return label("No calls yet.")
    return label("No calls yet. F2 logs the first one.")


def read_page(look: Look, query: Query, page: Page) -> list[CallRow]:
    """One page of what the query asks for; runs in the reader's thread."""
    from servicedesk.store import calls

    if query.numbers:
        return _page_of(_numbered(look, query.numbers), page)
    place = StorePage(page.after, page.before, page.last, page.limit)
    return calls.page_of(look.store, query.parts(look.actor), place, look.now)


def _numbered(look: Look, numbers: Sequence[str]) -> list[CallRow]:
    """The lines of the pasted numbers that the person may see, newest first."""
    from servicedesk.store import calls

    found = {row.id: row for number in numbers if (row := calls.one(look.store, number)) is not None}
    return [row for _, row in sorted(found.items(), reverse=True) if sees(look.actor, SEES_CALLS, row)]


def _page_of(rows: list[CallRow], page: Page) -> list[CallRow]:
    if page.after is not None:
        rows = [row for row in rows if row.id < page.after[0]]
    if page.before is not None:
        return [row for row in rows if row.id > page.before[0]][-page.limit :]
    return rows[-page.limit :] if page.last else rows[: page.limit]


def pasted_numbers(look: Look, typed: str) -> tuple[str, ...]:
    """The full numbers in a pasted text, in its order; short ones are those of the own unit."""
    found = [look.whole_number(word) for word in typed.replace(",", " ").replace("，", " ").split()]
    return tuple(dict.fromkeys(number for number in found if number is not None))[:MOST_NUMBERS]


def totals(look: Look) -> tuple[Sentence, ...]:
    """Open, late and carried over of what the person may see; no further than 1000."""
    from servicedesk.store import calls

    parts = Query().parts(look.actor)
    open_ones = sum(calls.count(look.store, replace(part, urgent=True), look.now) for part in parts)
    late = sum(calls.count(look.store, replace(part, late=True), look.now) for part in parts)
    found = [say("open {count}", count=_capped(open_ones)), say("late {count}", count=_capped(late))]
    units = [part.unit for part in parts if part.unit and not part.technician]
    if units:
        closings = {unit: look.last_closing(unit) for unit in units}
        carried = sum(calls.carried_over(look.store, unit, at) for unit, at in closings.items() if at is not None)
        found.append(say("carried over {count}", count=_capped(carried)))
    return tuple(found)


def _capped(count: int) -> str:
    return "1000+" if count > 1000 else str(count)
