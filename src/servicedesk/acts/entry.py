"""The vocabulary of forms: what an act asks for, in the order of the paper, and how typed words are read.

An entry is a frozen Pydantic model whose fields carry an `Ask`. The screen's form, the command line
and the import all read through `read_entry`, so they refuse with the same sentences.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from servicedesk.domain.money import parse_amount
from servicedesk.domain.spoken import spoken_date, spoken_time
from servicedesk.domain.text import clean
from servicedesk.domain.words import Refused, RefusedFields, Sentence, say

YES = frozenset({"y", "yes", "true", "1", "on", "是", "对", "對"})
NO = frozenset({"n", "no", "false", "0", "off", "否", "不"})
_COLON = re.compile("[:：]")


class Situation(Protocol):
    """What reading typed words needs: the time, the unit's zone and currency."""

    @property
    def now(self) -> datetime: ...
    @property
    def zone(self) -> str: ...
    @property
    def currency(self) -> str: ...


@dataclass(frozen=True)
class Ask:
    """How one field is asked for.

    `kind` is one of text, long, choice, flag, day, moment, money, number, lookup, lines, secret. Fields that
    carry the same `row` share a line. `because` names the field whose overruling this one gives the reason
    for. `when` shows the field only if it holds for the values so far.
    """

    label: str
    kind: str = "text"
    options: Mapping[str, str] = field(default_factory=dict)
    lookup: str = ""
    row: int = 0
    width: int = 0
    because: str = ""
    when: Callable[[Mapping[str, Any]], bool] | None = None


class Entry(BaseModel):
    """What an act was given; extra fields are refused. An act with nothing to enter uses `Nothing`."""

    # What checks an entry is made when the first one is checked: of some fifty acts a person does a few.
    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Nothing(Entry):
    """An act that asks one yes or no."""


class Line(Entry, ABC):
    """One line of a `lines` field."""

    @classmethod
    @abstractmethod
    def parse(cls, typed: str, situation: Situation) -> Mapping[str, Any]:
        """Read one line as typed in the row editor or on the command line."""


E_ = TypeVar("E_", bound=Entry)


def halves(typed: str) -> tuple[str, str]:
    """What stands before the first colon of a line and what behind it; the wide colon counts alike."""
    before, *after = _COLON.split(typed, maxsplit=1)
    return before.strip(), "".join(after).strip()


def asks(model: type[Entry]) -> dict[str, Ask]:
    """The fields of an entry in paper order with what they ask."""
    found = {}
    for name, info in model.model_fields.items():
        found[name] = next(thing for thing in info.metadata if isinstance(thing, Ask))
    return found


def line_model(model: type[Entry], name: str) -> type[Line]:
    """The model of one line of a `lines` field."""
    annotation: Any = model.model_fields[name].annotation
    return annotation.__args__[0]  # type: ignore[no-any-return]


def read_typed(model: type[Entry], typed: Mapping[str, Any], situation: Situation) -> dict[str, Any]:
    """Turn typed words into values, field by field; what was left empty is left out.

    Raises:
        RefusedFields: with every field that cannot be read.
    """
    values: dict[str, Any] = {}
    refusals: dict[str, Sentence] = {}
    known = asks(model)
    for name, words in typed.items():
        ask = known.get(name)
        if ask is None:
            refusals[name] = say("There is no field {field} here.", field=name)
            continue
        try:
            value = understand(model, name, ask, words, situation)
        except Refused as refused:
            refusals[name] = refused.sentence
            continue
        if value is not None and value != "":
            values[name] = value
    if refusals:
        raise RefusedFields(refusals)
    return values


def understand(model: type[Entry], name: str, ask: Ask, typed: Any, situation: Situation) -> Any:
    """One field's typed words as its value; what is not text is taken as it is and validated later.

    Raises:
        Refused: when the words cannot be read.
    """
    if not isinstance(typed, str):
        return typed
    words = clean(typed, lines=ask.kind in ("long", "lines"))
    if not words:
        return None
    if ask.kind == "moment":
        return spoken_time(words, situation.now, situation.zone)
    if ask.kind == "day":
        return spoken_date(words, situation.now.astimezone(_zone(situation.zone)).date())
    if ask.kind == "money":
        return parse_amount(words, situation.currency)
    if ask.kind == "number":
        return _number(words)
    if ask.kind == "flag":
        return _yes_or_no(words)
    if ask.kind == "choice":
        return _choice(words, ask)
    if ask.kind == "lines":
        parser = line_model(model, name)
        return [parser.parse(part, situation) for part in words.replace(";", "\n").split("\n") if part.strip()]
    return words


def validate(model: type[E_], values: Mapping[str, Any]) -> E_:
    """The entry itself.

    Raises:
        RefusedFields: with a sentence for each field that is missing or not of its kind.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        known = asks(model)
        raise RefusedFields({str(fault["loc"][0]): _fault(fault, known) for fault in error.errors()}) from None


def _fault(fault: ErrorDetails, known: Mapping[str, Ask]) -> Sentence:
    name = str(fault["loc"][0])
    shown = Sentence(known[name].label) if name in known else Sentence("{name}", (("name", name),))
    if fault["type"] == "missing":
        return say("{field} is required.", field=shown)
    return say("{field}: this cannot be read.", field=shown)


def _choice(words: str, ask: Ask) -> str:
    folded = words.casefold()
    if words in ask.options:
        return words
    for value, text in ask.options.items():
        if folded in (value.casefold(), text.casefold()):
            return value
    starting = [value for value in ask.options if value.casefold().startswith(folded)]
    if len(starting) == 1:
        return starting[0]
    raise Refused(say("'{typed}' is not one of: {options}.", typed=words, options=tuple(ask.options)), kind="field")


def _yes_or_no(words: str) -> bool:
    folded = words.casefold()
    if folded in YES:
        return True
    if folded in NO:
        return False
    raise Refused(say("'{typed}' is neither yes nor no: type y or n.", typed=words), kind="field")


def _number(words: str) -> int:
    try:
        return int(words)
    except ValueError:
        raise Refused(say("'{typed}' is not a whole number.", typed=words), kind="field") from None


def _zone(name: str) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
