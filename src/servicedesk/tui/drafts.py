"""Unfinished forms, kept as small files of the person's own: neither a stuck database nor a lost line loses them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from servicedesk.config import private_folder, where
from servicedesk.domain.rulebook import RULES
from servicedesk.domain.text import clean, clip
from servicedesk.domain.words import Refused, Sentence, label, say
from servicedesk.tui.confirm import Confirm
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.store.session import Reading
    from servicedesk.tui.door import Door


@dataclass(frozen=True)
class Draft:
    """A form as it stood: its request id, the act, the papers with the versions seen, and what was typed."""

    request: str
    act: str
    targets: tuple[tuple[str, int | None], ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    saved_at: datetime | None = None
    """Aware UTC."""


def folder_of(database: str) -> Path:
    """Where drafts for these books are kept: a form begun in one database is never offered in another."""
    return where()["drafts"] / hashlib.sha256(database.encode()).hexdigest()[:12]


class Drafts:
    """One person's drafts: `folder`/login/request.json, readable by the person alone."""

    def __init__(self, folder: Path, login: str) -> None:
        """Makes nothing yet."""
        self.folder = folder / quote(login, safe="")

    def save(self, draft: Draft) -> None:
        """Keep the draft; either the whole file is new or the old one stands.

        Raises:
            OSError: when the disk does not take it.
        """
        private_folder(self.folder)
        written = {
            "request": draft.request,
            "act": draft.act,
            "targets": draft.targets,
            "typed": dict(draft.typed),
            "saved_at": draft.saved_at.isoformat() if draft.saved_at is not None else None,
        }
        beside = self.folder / f".{draft.request}.{os.getpid()}"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass") as file:
            json.dump(written, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path(draft.request))
        self._settle_folder()

    def drop(self, request: str) -> None:
        """Forget a draft: it was written into the books, emptied or discarded."""
        if self._path(request).exists():
            self._path(request).unlink(missing_ok=True)
            self._settle_folder()

    def all(self) -> list[Draft]:
        """Every draft that can be read, oldest first."""
        found = []
        for path in sorted(self.folder.glob("*.json")):
            draft = _read(path)
            if draft is not None:
                found.append(draft)
        return sorted(found, key=lambda draft: draft.saved_at.isoformat() if draft.saved_at is not None else "")

    def _path(self, request: str) -> Path:
        return self.folder / f"{quote(request, safe='')}.json"

    def _settle_folder(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _read(path: Path) -> Draft | None:
    """A file that is no draft of this program is left where it is and not offered."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
        targets = tuple((str(number), version) for number, version in raw["targets"])
        typed = {str(name): str(text) for name, text in raw["typed"].items()}
        saved_at = datetime.fromisoformat(raw["saved_at"]) if raw["saved_at"] else None
        return Draft(str(raw["request"]), str(raw["act"]), targets, typed, saved_at)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


class DraftsScreen(ModalScreen[Draft | None]):
    """The unfinished forms: Enter goes on with one, d discards it after asking."""

    KEYS = (
        Key("enter", label("Go on with it"), action="resume"),
        Key("d,delete", label("Discard"), action="discard"),
        Key("escape", label("Later"), action="later"),
    )
    BINDINGS = [Binding(key.key, key.action, key.label, show=False, id=f"drafts.{key.action}") for key in KEYS[1:]]
    DEFAULT_CSS = """
    DraftsScreen { background: $background; }
    DraftsScreen OptionList { border: none; height: 1fr; padding: 0; }
    DraftsScreen Static { height: 1; }
    """

    def __init__(self, drafts: Drafts) -> None:
        super().__init__()
        self._drafts = drafts
        self._all: list[Draft] = []
        self._saved: dict[str, str] = {}

    @property
    def _door(self) -> Door:
        return cast("Door", cast(Any, self.app).door)

    def compose(self) -> ComposeResult:
        """Title, the list, the keys."""
        words = self._door.words
        yield Static(f" {words(label('Unfinished forms'))}", markup=False)
        yield OptionList(markup=False)
        yield Static(" " + "  ".join(f"{key.keys[0]} {words(key.label)}" for key in self.KEYS), markup=False)

    async def on_mount(self) -> None:
        """Show them, then ask the books which were written already."""
        self._all = self._drafts.all()
        self._draw()
        self.query_one(OptionList).focus()
        requests = [draft.request for draft in self._all]

        def saved(reading: Reading) -> dict[str, str]:
            from servicedesk.store import requests as store

            found = {request: store.saved(reading, request) for request in requests}
            return {request: " ".join(numbers) for request, numbers in found.items() if numbers is not None}

        try:
            self._saved = await self._door.read(saved)
        except Refused as refused:
            self.notify(self._door.words(refused.sentence), markup=False)
        self._draw()

    def _draw(self) -> None:
        listed = self.query_one(OptionList)
        at = listed.highlighted or 0
        listed.clear_options()
        listed.add_options([Option(Text(clip(self._line(draft), max(20, self.size.width - 2)))) for draft in self._all])
        if self._all:
            listed.highlighted = min(at, len(self._all) - 1)

    def _line(self, draft: Draft) -> str:
        words = self._door.words
        name = named(draft)
        if draft.request in self._saved:
            return words(say("{form}: already saved as {numbers}.", form=name, numbers=self._saved[draft.request]))
        begun = words(say("{form} from {at}", form=name, at=draft.saved_at)) if draft.saved_at else words(name)
        papers: Sequence[str] = [number for number, _ in draft.targets]
        typed = (clean(text) for text in draft.typed.values() if not _is_moment(text))
        return "  ".join((begun, *papers, *typed))

    @property
    def _chosen(self) -> Draft | None:
        at = self.query_one(OptionList).highlighted
        return None if at is None else self._all[at]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on with the form; one that is in the books already is only put away."""
        draft = self._chosen
        if draft is None:
            return
        if draft.request in self._saved:
            self._forget(draft)
        elif draft.act not in RULES:
            self.notify(
                self._door.words(say("This program has no act {act}: discard it.", act=draft.act)), markup=False
            )
        else:
            self.dismiss(draft)

    def action_discard(self) -> None:
        """Ask, then discard."""
        draft = self._chosen
        if draft is None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._forget(draft)

        self.app.push_screen(Confirm(say("Discard this unfinished form: {form}?", form=named(draft))), answered)

    def action_later(self) -> None:
        """Leave them all as they are."""
        self.dismiss(None)

    def _forget(self, draft: Draft) -> None:
        self._drafts.drop(draft.request)
        self._all.remove(draft)
        if not self._all:
            self.dismiss(None)
        else:
            self._draw()


def _is_moment(text: str) -> bool:
    """Whether it is the time at which the form was opened, as it is kept."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def named(draft: Draft) -> Sentence:
    """What the form is called; an act that this program does not know goes by its name."""
    rule = RULES.get(draft.act)
    return Sentence(rule.label) if rule is not None else say("{name}", name=draft.act)
