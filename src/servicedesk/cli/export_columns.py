"""The lines of an export, worked out column by column: a million of them pass through here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.cli.cells import DAY, MASKS, MOMENT, MONEY, NAMED, TEXT, Column
from servicedesk.domain.exports import CSV, JSON, SIGNS, XLSX, harmless
from servicedesk.domain.money import CURRENCIES
from servicedesk.domain.rights import SEES_CLEAR, Actor, sees
from servicedesk.domain.units import UnitRow
from servicedesk.locales import Words

Values = Sequence[Any]
_MOST_HOURS = 4_800
_DAY = timedelta(days=1)


class Amount(NamedTuple):
    """An amount for a workbook: in whole currency units, with so many decimals."""

    value: float
    decimals: int


class Page(NamedTuple):
    """What the lines of a page have beside their columns: the unit, its currency, and whether all of it is shown."""

    units: Values
    currencies: Values
    shown: Values


class Lines:
    """The columns of one export in one form."""

    def __init__(
        self,
        columns: Sequence[Column],
        kept: Sequence[str],
        form: str,
        words: Words,
        units: Mapping[str, UnitRow],
        clear: Actor | None,
    ) -> None:
        """How each column is told.

        Args:
            columns: the columns.
            kept: the field of the books that each is told from; a currency may be told from the unit.
            form: one of `domain.exports.FORMATS`.
            words: the person's language.
            units: every unit by its code.
            clear: whose posts show personal fields; None masks them all.
        """
        self.in_clear = False
        """Whether a personal field was told unmasked so far."""
        self._form = form
        self._words = words
        self._times = {code: LocalTimes(unit.timezone) for code, unit in units.items()}
        self._currencies = {code: unit.currency for code, unit in units.items()}
        self._clear = Clear(clear) if clear is not None else None
        self._currency = kept.index("currency") if "currency" in kept else None
        self._ways = [
            self._of_units if column.name == "currency" != name else self._way(column)
            for column, name in zip(columns, kept, strict=True)
        ]

    def of(self, lines: Sequence[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
        """The cells of lines that begin with key, unit and technician."""
        _, units, technicians, *columns = zip(*lines, strict=True)
        currencies = list(map(self._currencies.__getitem__, units))
        if self._currency is not None:
            currencies = list(columns[self._currency])
        shown = [] if self._clear is None else [self._clear[pair] for pair in zip(units, technicians, strict=True)]
        page = Page(units, currencies, shown)
        return zip(*[way(column, page) for way, column in zip(self._ways, columns, strict=True)], strict=True)

    def _of_units(self, values: Values, page: Page) -> Values:
        return page.currencies

    def _way(self, column: Column) -> Callable[[Values, Page], Iterable[Any]]:
        if column.name in MASKS:
            return self._personal(column.name)
        if column.kind == MOMENT:
            return self._moments
        if column.kind == DAY:
            return _days if self._form == XLSX else _as_they_are
        if column.kind == NAMED and self._form != JSON:
            return self._named(column.labels)
        if column.kind == MONEY and self._form != JSON:
            return _amounts if self._form == XLSX else _amounts_as_text
        assert column.kind in (TEXT, NAMED, MONEY), column
        return _harmless if self._form == CSV else _as_they_are

    def _personal(self, name: str) -> Callable[[Values, Page], Iterable[Any]]:
        mask = lru_cache(2_048)(MASKS[name])
        finish = _harmless if self._form == CSV else _as_they_are

        def way(values: Values, page: Page) -> Iterable[Any]:
            if not page.shown:
                return finish([value and mask(value) for value in values], page)
            self.in_clear = self.in_clear or any(map(_both, values, page.shown))
            told = [
                value if shown or not value else mask(value) for value, shown in zip(values, page.shown, strict=True)
            ]
            return finish(told, page)

        return way

    def _named(self, labels: Mapping[str, str]) -> Callable[[Values, Page], Iterable[Any]]:
        said = {word: self._words(text) for word, text in labels.items()}
        return lambda values, page: [said.get(value, value) for value in values]

    def _moments(self, values: Values, page: Page) -> Iterable[Any]:
        zones = {self._times[unit] for unit in set(page.units)}
        if len(zones) == 1:
            told = zones.pop().of(values)
        else:
            told = [self._times[unit].of((at,))[0] for unit, at in zip(page.units, values, strict=True)]
        if self._form == XLSX:
            return [at and datetime.fromisoformat(at[:19]) for at in told]
        return told


class Clear(dict[tuple[str, str], bool]):
    """Whether the person sees all of a line of this unit and technician: the one rule of lists and screens."""

    def __init__(self, actor: Actor) -> None:
        super().__init__()
        self._actor = actor

    def __missing__(self, key: tuple[str, str]) -> bool:
        found = self[key] = sees(self._actor, SEES_CLEAR, Whose(*key))
        return found


class Whose(NamedTuple):
    """By what rights judge a line."""

    unit: str
    technician: str


class LocalTimes:
    """Moments of the books as ISO 8601 with a unit's offset; what a day's hours become is worked out once."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._hours = _Hours(self._zone)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocalTimes) and other._zone.key == self._zone.key

    def __hash__(self) -> int:
        return hash(self._zone.key)

    def of(self, values: Values) -> list[str | None]:
        """Of `2026-11-23T06:20:00+00:00` in Shanghai `2026-11-23T14:20:00+08:00`; nothing of nothing."""
        hours = self._hours
        try:
            return [at and (known := hours[at[:13]])[0] + at[13:19] + known[1] for at in values]
        except _UnevenError:
            return [at and datetime.fromisoformat(at).astimezone(self._zone).isoformat() for at in values]


class _UnevenError(Exception):
    """On this day the zone is not away by whole hours, or not all day by as many."""


class _Hours(dict[str, tuple[str, str]]):
    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, hour: str) -> tuple[str, str]:
        """Learns the whole day."""
        midnight = datetime.fromisoformat(f"{hour[:10]}T00:00:00+00:00")
        local = midnight.astimezone(self._zone)
        away = local.utcoffset()
        if local.minute or local.second or away != (midnight + _DAY).astimezone(self._zone).utcoffset():
            raise _UnevenError
        if len(self) >= _MOST_HOURS:
            self.clear()
        offset = local.isoformat()[19:]
        days = (f"{local:%Y-%m-%d}T", f"{local + _DAY:%Y-%m-%d}T")
        for at in range(24):
            over, clock = divmod(local.hour + at, 24)
            self[f"{hour[:10]}T{at:02}"] = (f"{days[over]}{clock:02}", offset)
        return self[hour]


def _as_they_are(values: Values, page: Page) -> Values:
    return values


def _days(values: Values, page: Page) -> Values:
    return list(map(date.fromisoformat, values))


def _harmless(values: Values, page: Page) -> Values:
    return [harmless(value) if value.__class__ is str and value[:1] in SIGNS else value for value in values]


@lru_cache(4_096)
def _written(minor: int, currency: str) -> str:
    decimals = CURRENCIES[currency]
    whole, fraction = divmod(abs(minor), 10**decimals)
    return f"{'-' * (minor < 0)}{whole}" + (f".{fraction:0{decimals}}" if decimals else "")


def _amounts_as_text(values: Values, page: Page) -> Iterable[Any]:
    return map(_written, values, page.currencies)


def _amounts(values: Values, page: Page) -> Iterable[Any]:
    return [
        Amount(minor / 10 ** CURRENCIES[currency], CURRENCIES[currency])
        for minor, currency in zip(values, page.currencies, strict=True)
    ]


def _both(value: Any, shown: Any) -> bool:
    return bool(value and shown)
