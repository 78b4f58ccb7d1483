"""What the lists of every register but the first have in common: which lines, in which order, seen by whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar, cast

from servicedesk.domain.rights import ALL, OWN, UNIT, Actor


class Narrowed(Protocol):
    """A filter, a frozen dataclass, that can be held to one unit and one technician."""

    @property
    def unit(self) -> str: ...
    @property
    def technician(self) -> str: ...


Filter = TypeVar("Filter", bound=Narrowed)
_held_to = cast(Callable[..., Any], replace)


_COLUMNS = frozenset({"unit", "state", "technician"})


class Keyed(Protocol):
    """What a row tells of its place in the order."""

    @property
    def id(self) -> int: ...
    @property
    def urgent(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of a register, in which order; empty means any.

    `view` names one of the register's own conditions (late, not taken in, not remitted); `urgent` lists what is
    open, most urgent first, else the newest line stands first. `more` are conditions that this register alone
    has, each by its name and the word it asks for (a department, an owner).
    """

    unit: str = ""
    state: str = ""
    technician: str = ""
    view: str = ""
    words: str = ""
    urgent: bool = False
    more: tuple[tuple[str, str], ...] = ()

    def narrowed(self, chosen: Mapping[str, str]) -> Wanted | None:
        """The same lines held to a filter, names with their values; None where they have no line in common."""
        known = {"unit": self.unit, "state": self.state, "technician": self.technician, **dict(self.more)}
        if any(known.get(name) not in (None, "", value) for name, value in chosen.items()):
            return None
        more = {**dict(self.more), **{name: value for name, value in chosen.items() if name not in _COLUMNS}}
        columns = {name: value for name, value in chosen.items() if name in _COLUMNS}
        held: Wanted = _held_to(self, **columns, more=tuple(more.items()))
        return held

    def key_of(self, row: Keyed) -> tuple[object, ...]:
        """A row's whole sort key under this order."""
        return (row.urgent, row.id) if self.urgent else (row.id,)


def visible(actor: Actor, sees: Mapping[str, str], wanted: Filter) -> tuple[Filter, ...]:
    """What today's posts show of `wanted`, as filters that have no line in common; none where they show nothing.

    `sees` is the register's own row of requirements §1.7: how far each role reads (D39, D40).
    """
    scopes = [(sees[post.role], post) for post in actor.posts if post.role in sees]
    if any(scope == ALL for scope, _ in scopes):
        return (wanted,)
    units = dict.fromkeys(post.unit for scope, post in scopes if scope == UNIT)
    parts = [(unit, wanted.technician) for unit in units]
    parts += dict.fromkeys(
        (post.unit if units else wanted.unit, post.holder or actor.login)
        for scope, post in scopes
        if scope == OWN and post.unit not in units
    )
    return tuple(
        _held_to(wanted, unit=unit, technician=technician)
        for unit, technician in parts
        if wanted.unit in ("", unit) and wanted.technician in ("", technician)
    )
