"""Nobody waits while the digest of a passphrase is worked out: it is, before the act takes the books."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from servicedesk.acts import passphrases
from servicedesk.acts.sign_in import sign_in
from servicedesk.domain.words import Refused
from servicedesk.store.engine import Books
from tests.world import PASSPHRASE, World

NEW = "seven loud violet trains"
ACTS: list[tuple[str, str, tuple[str, ...], dict[str, str]]] = [
    ("adm", "staff.enter", (), {"login": "qi", "name": "齐一", "unit": "BJ", "roles": "clerk", "passphrase": NEW}),
    ("adm", "staff.reset", ("lin",), {"passphrase": NEW}),
    ("adm", "staff.reset", ("lin",), {}),
    ("lin", "staff.passphrase", (), {"current": PASSPHRASE, "passphrase": NEW}),
]


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    yield made
    made.close()


@pytest.mark.parametrize(("login", "act", "numbers", "typed"), ACTS, ids=["enter", "reset", "invented", "own"])
def test_the_books_are_free_while_a_digest_is_worked_out(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    login: str,
    act: str,
    numbers: tuple[str, ...],
    typed: dict[str, str],
) -> None:
    worked_out = []

    def while_others_write(work: Any) -> Any:
        def watched(*given: str) -> Any:
            other = Books(str(world.books.path or world.books.url.render_as_string(False)), patience=0.1)
            with other.writing():
                worked_out.append(work.__name__)
            other.close()
            return work(*given)

        return watched

    for name in ("digest", "matches"):
        monkeypatch.setattr(passphrases, name, while_others_write(getattr(passphrases, name)))
    world.do(login, act, *numbers, **typed)
    assert "digest" in worked_out


def test_the_new_passphrase_is_the_one_that_was_typed_or_told(world: World) -> None:
    world.do("adm", "staff.enter", login="qi", name="齐一", unit="BJ", roles="clerk", passphrase=NEW)
    assert sign_in(world.books, "qi", NEW, world.at("2026-11-23 09:00")).login == "qi"
    told = str(world.do("adm", "staff.reset", "qi").sentence)
    words = told.split("The passphrase is ")[1].partition(":")[0]
    assert sign_in(world.books, "qi", words, world.at("2026-11-23 09:01")).login == "qi"


def test_an_own_passphrase_that_was_changed_meanwhile_is_not_written_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the check of the old words and the write somebody else sets new ones."""
    digest = passphrases.digest

    def meanwhile(words: str) -> str:
        monkeypatch.setattr(passphrases, "digest", digest)
        world.do("adm", "staff.reset", "lin", passphrase="nine slow copper bridges")
        return digest(words)

    monkeypatch.setattr(passphrases, "digest", meanwhile)
    with pytest.raises(Refused) as told:
        world.do("lin", "staff.passphrase", current=PASSPHRASE, passphrase=NEW)
    assert told.value.field == "current"
    assert sign_in(world.books, "lin", "nine slow copper bridges", world.at("2026-11-23 09:00")).login == "lin"
