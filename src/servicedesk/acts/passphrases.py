"""Passphrases as Argon2id digests: made, checked and renewed; the words themselves are kept nowhere.

One is worked out at a time, since each takes 64 MiB.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from servicedesk.domain.people import LONGEST_PASSPHRASE
from servicedesk.domain.text import clean

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from servicedesk.store.engine import Books

# RFC 9106, second recommendation (low memory).
TIME_COST = 3
MEMORY_KIB = 65_536
PARALLELISM = 4

NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$KsM1IGgtZIV+MJ7YM1pgHw$uOcB4iQ/u9W1GYE/fLifmzLE7h7GgidsFyn8EqZRkSY"
"""A digest of unknown words: checked for an unknown login, so that its answer takes as long as any other."""

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4
_ONE_AT_A_TIME = threading.Lock()


def digest(passphrase: str) -> str:
    """What is kept of a passphrase."""
    with _ONE_AT_A_TIME:
        return _hasher().hash(_spelled(passphrase))


def matches(kept: str, passphrase: str) -> bool:
    """Whether these are the words; never for a person without a digest, and as slow for them as for others."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _ONE_AT_A_TIME:
        try:
            return _hasher().verify(kept or NOBODYS, _spelled(passphrase)) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether a digest was made with other parameters than today's."""
    return _hasher().check_needs_rehash(kept)


def invented() -> str:
    """A passphrase to be told once and changed: 16 characters that are not mistaken for each other, 79 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


class Made(NamedTuple):
    """A passphrase to set, and its digest."""

    words: str
    digest: str


class Changed(NamedTuple):
    """The digest of the new words, the one kept until now, and whether what was typed matches that."""

    digest: str
    until_now: str
    is_right: bool


def made(books: Books, login: str, typed: Mapping[str, Any]) -> Made:
    """Ahead of an act that sets somebody's passphrase: the one typed, or one that is invented."""
    words = clean(str(typed.get("passphrase") or "")) or invented()
    return Made(words, digest(words))


def changed(books: Books, login: str, typed: Mapping[str, Any]) -> Changed:
    """Ahead of changing one's own; the act sees that nobody has changed it meanwhile."""
    from servicedesk.store import staff

    with books.reading() as reading:
        known = staff.credentials(reading, login)
    until_now = known.digest if known is not None else ""
    is_right = matches(until_now, str(typed.get("current") or ""))
    return Changed(digest(str(typed.get("passphrase") or "")) if is_right else "", until_now, is_right)


@lru_cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=PARALLELISM)


def _spelled(passphrase: str) -> str:
    """The same words from every keyboard; what is longer than any passphrase is cut and cannot match."""
    return unicodedata.normalize("NFC", clean(passphrase))[: LONGEST_PASSPHRASE + 1]
