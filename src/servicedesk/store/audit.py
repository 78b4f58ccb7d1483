"""The chained audit log: append-only, each line carrying the keyed hash of the one before (design §4).

Tamper-evident, not tamper-proof: whoever can write the file can also read the key. What the chain
alone cannot show, a tail cut off together with the head kept here, an anchor kept elsewhere shows.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from servicedesk.domain.words import Sentence, say
from servicedesk.store import tables
from servicedesk.store.session import Reading, Writing, table_of

KEY = "audit_key"
HEAD = "audit_head"
FIRST = "0:start"
_BEFORE_ALL = -(2**63)

_BOOKS = table_of(tables.Book)
_AUDIT = table_of(tables.Audit)
_DETAILS = table_of(tables.AuditDetail)
_VALUES = select(_BOOKS.c.name, _BOOKS.c.value).where(_BOOKS.c.name.in_((KEY, HEAD)))
_SET_HEAD = update(_BOOKS).where(_BOOKS.c.name == HEAD)
_CHAIN = (
    select(
        _AUDIT.c.seq,
        _AUDIT.c.at,
        _AUDIT.c.actor,
        _AUDIT.c.holder,
        _AUDIT.c.act,
        _AUDIT.c.outcome,
        _AUDIT.c.numbers,
        _AUDIT.c.request,
        _AUDIT.c.digest,
        _AUDIT.c.mac,
        _DETAILS.c.salt,
        _DETAILS.c.detail,
    )
    .join_from(_AUDIT, _DETAILS, _AUDIT.c.seq == _DETAILS.c.seq, isouter=True)
    .where(_AUDIT.c.seq > bindparam("after"))
    .order_by(_AUDIT.c.seq)
    .limit(bindparam("count"))
)
_LAST = select(_BOOKS.c.value).where(_BOOKS.c.name == HEAD)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line: who did what to which papers, for whom if standing in, and with what outcome."""

    seq: int
    at: datetime
    actor: str
    holder: str
    act: str
    outcome: str
    numbers: str
    request: str
    digest: str
    mac: str
    salt: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found; `fault` is None when it is whole."""

    lines: int
    head: str
    fault: Sentence | None


def append(
    desk: Writing,
    *,
    at: datetime,
    actor: str,
    holder: str,
    act: str,
    outcome: str,
    numbers: Sequence[str],
    request: str,
    detail: dict[str, Any],
    facts: dict[str, str],
) -> int:
    """Write one line into the running transaction and give its number.

    `facts` are the books' own facts as read at the start of this transaction; the new head is put there.
    """
    last, _, before = facts[HEAD].partition(":")
    seq = int(last) + 1
    salt = secrets.token_hex(8)
    written = json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str)
    line: dict[str, Any] = {
        "seq": seq,
        "at": at.astimezone(UTC).replace(microsecond=0),
        "actor": actor,
        "holder": holder,
        "act": act,
        "outcome": outcome,
        "numbers": " ".join(numbers),
        "request": request,
        "digest": _digest(salt, written),
    }
    mac = _mac(facts[KEY], before, line)
    desk.add(tables.Audit, **line, mac=mac)
    desk.add(tables.AuditDetail, seq=seq, salt=salt, detail=written)
    facts[HEAD] = f"{seq}:{mac}"
    desk.do(_SET_HEAD, value=facts[HEAD])
    return seq


def begin(desk: Writing) -> None:
    """Start the chain of new books."""
    desk.add(tables.Book, name=KEY, value=secrets.token_hex(32))
    desk.add(tables.Book, name=HEAD, value=FIRST)


def head(desk: Reading) -> str:
    """The last line's number and hash, as printed and kept in backups."""
    return str(desk.value(_LAST))


def last_number(desk: Reading) -> int:
    """The last line's number: the mark by which lists notice that somebody wrote."""
    return int(head(desk).partition(":")[0])


def lines(desk: Reading, after: int = 0, *, count: int = 500) -> Iterator[AuditLine]:
    """All lines after a number, fetched in portions."""
    while True:
        portion = desk.all(_CHAIN, after=after, count=count)
        for row in portion:
            yield AuditLine(*row)
        if len(portion) < count:
            return
        after = portion[-1].seq


def verify(desk: Reading, anchor: str = "") -> Verdict:
    """Walk the whole chain and name the first line that was changed, removed, inserted or cut off.

    Args:
        desk: a read transaction.
        anchor: a head `number:hash` kept elsewhere, which must still be part of the chain.
    """
    values = {row.name: row.value for row in desk.all(_VALUES)}
    before, expected, anchored = FIRST.partition(":")[2], 1, not anchor
    for line in lines(desk, _BEFORE_ALL):
        if line.seq > expected:
            return Verdict(expected - 1, "", say("Line {seq} is missing.", seq=expected))
        if line.seq < expected or not hmac.compare_digest(_mac(values[KEY], before, _fields(line)), line.mac):
            return Verdict(expected - 1, "", say("Line {seq} was changed, removed or inserted.", seq=line.seq))
        if line.detail is not None and _digest(line.salt or "", line.detail) != line.digest:
            return Verdict(expected - 1, "", say("The detail of line {seq} was changed.", seq=line.seq))
        anchored = anchored or f"{line.seq}:{line.mac}" == anchor
        before, expected = line.mac, expected + 1
    found = f"{expected - 1}:{before}"
    if found != values[HEAD]:
        return Verdict(expected - 1, found, say("Lines after {seq} were cut off or added.", seq=expected - 1))
    if not anchored:
        return Verdict(expected - 1, found, say("The anchor {anchor} is not in this log.", anchor=anchor))
    return Verdict(expected - 1, found, None)


def _fields(line: AuditLine) -> dict[str, Any]:
    names = ("seq", "at", "actor", "holder", "act", "outcome", "numbers", "request", "digest")
    return {name: getattr(line, name) for name in names}


def _digest(salt: str, detail: str) -> str:
    return hmac.new(salt.encode(), detail.encode(), hashlib.sha256).hexdigest()


def _mac(key: str, before: str, line: dict[str, Any]) -> str:
    written = json.dumps([before, *(str(line[name]) for name in sorted(line))], ensure_ascii=False)
    return hmac.new(bytes.fromhex(key), written.encode(), hashlib.sha256).hexdigest()
