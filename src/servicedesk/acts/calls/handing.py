"""Handing goods over: the receipt given for them, and who has them from then on (003 Art. 8-9; forms §3.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from servicedesk.acts.desk import Desk
from servicedesk.domain.calls import CallRow
from servicedesk.domain.custody import ARTICLE
from servicedesk.domain.numbering import RECEIPT
from servicedesk.domain.words import Refused, say


class Issued(NamedTuple):
    """A receipt just issued: its key and the number on it."""

    id: int
    number: str


def no_open_receipt(desk: Desk, row: CallRow) -> None:
    """Refuse a second receipt for a product while the customer still holds one.

    Raises:
        Refused: naming it.
    """
    from servicedesk.store import goods

    receipt = goods.open_receipt(desk.store, row.product_id)
    if receipt is not None:
        raise Refused(
            say(
                "Receipt {receipt} of {call} is still out for this product: return the goods first.",
                receipt=receipt.number,
                call=receipt.call,
            )
        )


def issue_receipt(desk: Desk, row: CallRow, *, issued_by: int, **columns: Any) -> Issued:
    """A new receipt for the product of a call, under the unit's next number; `columns` are those of the table."""
    from servicedesk.store import tables

    number = desk.number(desk.unit(row.unit), RECEIPT)
    key = desk.store.add(
        tables.Receipt,
        number=number,
        unit_id=row.unit_id,
        call_id=row.id,
        product_id=row.product_id,
        voucher_id=row.voucher_id,
        issued_by=issued_by,
        attested_by=desk.actor.id,
        changed_by=desk.actor.name,
        changed_at=desk.now,
        **columns,
    )
    desk.note(row.number, receipt=number)
    return Issued(key, number)


def move_article(
    desk: Desk,
    product_id: int,
    receipt: str,
    unit_id: int,
    holder: str,
    *,
    since: datetime,
    paper: str,
    person: int | None = None,
) -> None:
    """Hand an article over at its true time, but in the ledger never before it came to where it is.

    What is keyed in from paper may come after something that was entered as it happened.
    """
    from servicedesk.store import custody

    held = custody.holding(desk.store, ARTICLE, product_id)
    begins = since if held is None else max(since, held.since)
    custody.move(desk.store, ARTICLE, product_id, receipt, unit_id, holder, person=person, since=begins, paper=paper)
    desk.note(paper, article_holder=holder)
