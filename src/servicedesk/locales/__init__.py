"""The words of the program in a person's language; times in the unit's zone.

English is the source: the message ids are the English texts, so `en` needs no catalogue. The others are compiled
and committed beside this file, and a test holds them to their sources.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from servicedesk.domain.words import Sentence, label

DOMAIN = "servicedesk"
FOLDER = Path(__file__).parent
LANGUAGES: Mapping[str, str] = {"en": "English", "zh_CN": "简体中文", "zh_TW": "繁體中文"}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh_CN": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "zh_TW": ("週一", "週二", "週三", "週四", "週五", "週六", "週日"),
}


class Words:
    """Says labels and sentences in one language, with times in one zone (an IANA name)."""

    def __init__(self, language: str, zone: str = "UTC") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no catalogue for the language {language!r}")
        self.language = language
        self.zone: tzinfo = ZoneInfo(zone)
        self._english = language == "en"
        self._catalogue = (
            gettext.NullTranslations() if self._english else gettext.translation(DOMAIN, FOLDER, languages=[language])
        )

    def __call__(self, said: str | Sentence) -> str:
        """The text of a label or a sentence; a text the catalogue does not hold is shown as it is."""
        if isinstance(said, Sentence):
            return self._translated(said.id).format_map({name: self._value(value) for name, value in said.values})
        return self._translated(said)

    def joined(self, parts: Iterable[str]) -> str:
        """Several things in a row, with the comma of the language."""
        return self(label(", ")).join(parts)

    def moment(self, at: datetime) -> str:
        """Day and time of an aware time: `Mon 23 Nov 10:28`, `11月23日 周一 10:28`."""
        local = self._local(at)
        if self._english:
            return f"{self.weekday(local)} {local.day} {_MONTHS[local.month - 1]} {local:%H:%M}"
        return f"{local.month}月{local.day}日 {self.weekday(local)} {local:%H:%M}"

    def time(self, at: datetime) -> str:
        """The clock's time of an aware time: `10:28`."""
        return f"{self._local(at):%H:%M}"

    def day(self, on: date) -> str:
        """A date, or the unit's date of an aware time: `23 Nov 2026`, `2026年11月23日`."""
        local = self._local(on) if isinstance(on, datetime) else on
        if self._english:
            return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
        return f"{local.year}年{local.month}月{local.day}日"

    def weekday(self, on: date) -> str:
        """The short day of the week of a date or of an aware time: `Mon`, `周一`, `週一`."""
        local = self._local(on) if isinstance(on, datetime) else on
        return _WEEKDAYS[self.language][local.weekday()]

    def _translated(self, text: str) -> str:
        # gettext keeps the catalogue's own header under the empty text.
        return self._catalogue.gettext(text) if text else ""

    def _value(self, value: Any) -> str:
        if isinstance(value, tuple):
            return self.joined(map(self._value, value))
        if isinstance(value, Sentence):
            return self(value)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, time):
            return f"{value:%H:%M}"
        return str(value)

    def _local(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be shown: {at.isoformat()}")
        return at.astimezone(self.zone)


def choose_language(setting: str | None, environ: Mapping[str, str]) -> str:
    """The language of `LANGUAGES` to use: the setting, else the first of LC_ALL, LC_MESSAGES and LANG that is set."""
    asked = (setting, *(environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")))
    return language_of(next(filter(None, asked), "")) or "en"


def language_of(name: str) -> str | None:
    """The language of `LANGUAGES` that a locale's name such as `zh_HK.UTF-8` or `zh-Hant` means, None if none."""
    parts = name.partition(".")[0].partition("@")[0].replace("-", "_").lower().split("_")
    if parts[0] == "zh":
        traditional = "hans" not in parts and not {"tw", "hk", "mo", "hant"}.isdisjoint(parts)
        return "zh_TW" if traditional else "zh_CN"
    return parts[0] if parts[0] in LANGUAGES else None
