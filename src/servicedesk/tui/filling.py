"""What the books know of a form while it is filled in: derived values, refusals, the promise, the fields asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.text import Text

from servicedesk.domain.money import show_amount
from servicedesk.domain.telephones import fragment, grouped
from servicedesk.domain.text import clean
from servicedesk.domain.words import Refused, RefusedFields, Sentence, say
from servicedesk.tui.fields import Field

if TYPE_CHECKING:
    from servicedesk.acts.act import Act, Prepared, Target
    from servicedesk.acts.desk import Look
    from servicedesk.acts.entry import Ask
    from servicedesk.tui.door import Door

TELEPHONE = "telephone"
"""The name that every entry gives to a telephone number; it is shown in groups."""

UNDERSTOOD = frozenset({"moment", "day", "money", "number"})
"""Kinds that are shown again as they were understood, once the field is left."""

_JUST_NOW = timedelta(minutes=1)


@dataclass(frozen=True)
class Home:
    """In which zone and currency the person types, and when the form was opened."""

    now: datetime
    zone: str
    currency: str


@dataclass(frozen=True)
class Promised:
    """What the ledger of the arrival clock is worked out from, before the call has a line of the register."""

    unit: str
    zone: str
    called_at: datetime
    due_at: datetime
    number: str = ""
    customer_name: str = ""
    appointment_at: datetime | None = None
    judged_by: datetime | None = None
    arrived_at: datetime | None = None


class Filling:
    """Asks the books about a form, one question at a time; only the newest answer counts."""

    def __init__(self, door: Door, act: Act[Any], asks: Mapping[str, Ask], fields: Mapping[str, Field]) -> None:
        self.prepared: Prepared | None = None
        self.home: Home | None = None
        self.line_refusals: dict[str, str] = {}
        self.troubles: tuple[Sentence, ...] = ()
        self.unasked: Sentence | None = None
        self.pinned: dict[str, str] = {}
        self._door = door
        self._act = act
        self._asks = asks
        self._fields = fields
        self._misread: dict[str, Sentence] = {}
        self._refused: dict[str, Sentence] = {}
        self._asking = False
        self._again = False
        self._asked: tuple[Sequence[Target], Mapping[str, str]] | None = None
        self._answer: tuple[Prepared | None, dict[str, Sentence]] = None, {}

    # What was typed

    def typed(self) -> dict[str, str]:
        """What the person typed into the fields that are asked for now: all that an act is given."""
        visible = self.visible()
        return {name: text for name, text in self.all_typed().items() if visible[name]}

    def all_typed(self) -> dict[str, str]:
        """What the person typed, asked for now or not."""
        return {name: field.typed for name, field in self._fields.items() if field.typed}

    def lookup_values(self) -> dict[str, Any]:
        """What a lookup may go by; the customer that was found stands for whatever was typed as the caller."""
        known = self.prepared.known if self.prepared is not None else None
        customer = getattr(known, "customer", None)
        found = {"caller": customer.number} if customer is not None else {}
        return {**self.values, **self.all_typed(), **found}

    # What the books know

    @property
    def values(self) -> dict[str, Any]:
        """The entry's own values, over them what is known and what was typed."""
        own = {name: info.default for name, info in self._act.entry.model_fields.items() if not info.is_required()}
        return own if self.prepared is None else {**own, **self.prepared.values}

    @property
    def same(self) -> str:
        """The number of the open call that this one would repeat."""
        return self.prepared.same if self.prepared is not None else ""

    @property
    def promised(self) -> Promised | None:
        """What was promised, as far as the books can tell by now."""
        known = self.prepared.known if self.prepared is not None else None
        unit, due_at = getattr(known, "unit", None), getattr(known, "due_at", None)
        if unit is None or due_at is None:
            return None
        values = self.values
        return Promised(unit.code, values["zone"], values["called_at"], due_at, "", values.get("customer", ""))

    async def prepare(self, targets: Callable[[], Sequence[Target]]) -> bool:
        """Ask the books and fill in what they know; False where an earlier question is still under way and goes on.

        Raises:
            Refused: what concerns no field.
        """
        self._again = True
        if self._asking:
            return False
        self._asking = True
        try:
            if self.home is None:
                self.home = await self._door.look(_home, of_form=True)
            while self._again:
                self._again = False
                asked = targets(), self.typed()
                if asked != self._asked:
                    self._asked = None
                    answer = await self._ask(*asked)
                    self._answer, self._asked = answer, asked
        finally:
            self._asking = False
        self.unasked = None
        prepared, self._misread = self._answer
        if prepared is not None:
            self._fill_in(prepared, asked[1])
        return True

    async def _ask(
        self, targets: Sequence[Target], sent: Mapping[str, str]
    ) -> tuple[Prepared | None, dict[str, Sentence]]:
        """What is known of all that can be read, and what cannot be read."""
        misread: dict[str, Sentence] = {}
        readable = dict(sent)
        while True:
            try:
                return await self._door.prepare(self._act.name, targets, readable), misread
            except Refused as refused:
                found = _by_field(refused)
                if not found:
                    raise
                misread.update(found)
                if not set(found) & set(readable):
                    return None, misread
                readable = {name: text for name, text in readable.items() if name not in found}

    def _fill_in(self, prepared: Prepared, sent: Mapping[str, str]) -> None:
        first, self.prepared = self.prepared is None, prepared
        for name, value in self.values.items():
            field = self._fields.get(name)
            if field is None:
                continue
            if not field.typed:
                if not (field.in_use and field.is_emptied):
                    meaning = self._pin(name, value) if first else self.pinned.get(name, "")
                    value = datetime.fromisoformat(meaning) if meaning else value
                    field.write(self._shown(name, value), meaning, derived=True)
                continue
            text = self._shown(name, value)
            if field.in_use or sent.get(name) != field.typed:
                continue
            if name in prepared.rewritten:
                field.write(text, field.typed)
            elif self._asks[name].kind in UNDERSTOOD and field.entered.strip() == field.typed:
                field.write(text, text)

    def _shown(self, name: str, value: Any) -> str:
        assert self.home is not None
        text = shown_value(self._asks[name].kind, value, ZoneInfo(self.home.zone), self.home.currency)
        return grouped(text) if name == TELEPHONE else text

    def _pin(self, name: str, value: Any) -> str:
        """A time that says when the form was opened is sent as it was shown, however long the form stays open."""
        if isinstance(value, datetime) and abs(value - self._door.now()) <= _JUST_NOW:
            self.pinned[name] = value.isoformat()
        return self.pinned.get(name, "")

    # Which fields are asked for

    def visible(self) -> dict[str, bool]:
        """Reasons only where something was overruled, other fields where they hold."""
        values = {**self.values, "same": self.same}
        return {name: self._is_visible(name, ask, values) for name, ask in self._asks.items()}

    def _is_visible(self, name: str, ask: Ask, values: Mapping[str, Any]) -> bool:
        field = self._fields[name]
        if name in self._refused or field.in_use:
            return True
        if ask.because:
            overruled = self.prepared is not None and self.prepared.overruled(ask.because)
            return overruled or bool(field.typed)
        return ask.when is None or ask.when(values)

    # What is refused

    def refuse(self, refused: Refused) -> str:
        """Keep what writing refused; gives the first field of the paper that it concerns."""
        found = _by_field(refused)
        self._refused = {name: sentence for name, sentence in found.items() if name in self._fields}
        others = tuple(sentence for name, sentence in found.items() if name not in self._fields)
        self.troubles = others if found else (refused.sentence,)
        return next((name for name in self._fields if name in self._refused), "")

    def moved_on(self, sentence: Sentence, seen: Sequence[Any], now: Sequence[Any]) -> None:
        """Tell that somebody wrote first, and what is different from what the person saw.

        Of an unfinished form that is gone on with nothing was kept but what was typed: that is held against the books.
        """
        told = [sentence] if seen else [sentence, *(said for row in now for said in self._against(row))]
        for before, after in zip(seen, now, strict=False):
            for name, ask in self._asks.items():
                old, new = getattr(before, name, None), getattr(after, name, None)
                if old != new:
                    shown = Sentence(ask.label)
                    told.append(
                        say("{field}: it was “{before}”, now it is “{after}”.", field=shown, before=old, after=new)
                    )
        self.troubles = (*told, say("Nothing you typed is lost: F2 writes it all the same."))

    def _against(self, row: Any) -> Iterator[Sentence]:
        for name, kept in self.all_typed().items():
            value = getattr(row, name, None)
            if hasattr(row, name) and not self._means(name, kept, value):
                options = self._asks[name].options
                both = [options.get(text, text) for text in (kept, self._shown(name, value))]
                mine, theirs = (Sentence(text) if text in options.values() else text for text in both)
                yield say(
                    "{field}: here stands “{kept}”, in the books “{value}”.",
                    field=Sentence(self._asks[name].label),
                    kept=mine,
                    value=theirs,
                )

    def _means(self, name: str, typed: str, value: Any) -> bool:
        from servicedesk.acts.entry import understand

        assert self.home is not None
        if name == TELEPHONE:
            return bool(fragment(typed) == value)
        try:
            return bool(understand(self._act.entry, name, self._asks[name], typed, self.home) == value)
        except Refused:
            return False

    def forgive(self, name: str) -> bool:
        """A field is being typed into: what was refused there no longer stands; whether something was."""
        found = [kept.pop(name, None) for kept in (self._refused, self._misread)]
        return any(found) or bool(self.line_refusals.pop(name, ""))

    def refusals(self) -> dict[str, str]:
        """The sentence under each field; what cannot be read is told once the field is left."""
        words = self._door.words
        told = {name: words(said) for name, said in self._misread.items() if not self._fields[name].in_use}
        told |= {name: words(said) for name, said in self._refused.items()}
        return told | {name: text for name, text in self.line_refusals.items() if text}

    # What stands under the form

    def said(self, offer: str, key: str) -> Text:
        """Refusals that concern no field, notes, what the open paper of the same offers by this key, the promise."""
        words = self._door.words
        text = Text()
        for sentence in (*self.troubles, *([self.unasked] if self.unasked is not None else [])):
            text.append(f"! {clean(words(sentence))}\n", "bold reverse")
        prepared = self.prepared
        if prepared is None:
            return text
        for note in prepared.notes:
            text.append(f"{clean(words(note))}\n")
        if prepared.same and offer:
            text.append(f"  {words(Sentence(offer, (('key', key), ('number', prepared.same))))}\n")
        if prepared.promise:
            spoken, *reasons = (words(sentence) for sentence in prepared.promise)
            text.append(("\n" if text else "") + words(say("Say: “{promise}”", promise=spoken)), "bold")
            text.append("".join(f"\n{reason}" for reason in reasons))
        return text


def shown_value(kind: str, value: Any, zone: tzinfo, currency: str) -> str:
    """A value as it is typed: what is shown here, the act reads back as the same value."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):{'%Y-%m-%d %H:%M:%S' if value.second else '%Y-%m-%d %H:%M'}}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "y" if value else "n"
    if kind == "money":
        return show_amount(value, currency)
    if isinstance(value, str | int):
        return clean(str(value), lines=kind in ("long", "lines"))
    lines = (part if isinstance(part, str) else part.as_typed(currency) for part in value if not isinstance(part, dict))
    return "\n".join(lines)


def _home(look: Look) -> Home:
    return Home(look.now, look.zone, look.currency)


def _by_field(refused: Refused) -> dict[str, Sentence]:
    if isinstance(refused, RefusedFields):
        return refused.refusals
    return {refused.field: refused.sentence} if refused.field is not None else {}
