"""What must hold of goods, receipts, repair cards, loan units and of who holds what, whatever anybody did."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from servicedesk.domain.calls import OPEN
from servicedesk.domain.charges import FREE_BASES, OUTSTANDING
from servicedesk.domain.custody import HOME
from servicedesk.domain.repair_cards import AT_THE_BENCH, READY, urgency
from tests.acts.machine_calls import Row, Rows, Snapshot, grouped

GONE = ("returned", "closed")
LINE_OF = {"at_factory": "sent_out", "passed": "passed", "returned": "out", "closed": "out"}
"""What the goods line says while its card says this; `in` for the rest."""
AT = {"at_factory": {"factory"}, "returned": {"customer"}, "closed": {"customer"}}
AT |= {state: {"shelf", "counter", "technician"} for state in READY}
"""Who may have the article while its card says this; the counter for the rest."""


def check_ledger(books: Snapshot) -> None:
    """Everything has exactly one holder at every moment, and the ledger agrees with the voucher itself."""
    held = {}
    lines: dict[tuple[str, int], Rows] = {}
    for line in books["custody"]:
        lines.setdefault((line["kind"], line["item_id"]), []).append(line)
    for item, of_item in lines.items():
        assert [line["until"] for line in of_item] == [*(line["since"] for line in of_item[1:]), None], item
        assert all(line["until"] is None or line["since"] <= line["until"] for line in of_item), item
        held[item] = of_item[-1]
    for voucher in books["vouchers"]:
        last = held.get(("voucher", voucher["id"]))
        said = (voucher["holder"], voucher["holder_id"], voucher["held_since"])
        assert last is None or (last["holder"], last["holder_id"], last["since"]) == said, voucher["number"]
        assert last is not None or voucher["holder"] == HOME["voucher"], voucher["number"]
    _articles(books, held)
    _loans(books, held)


def _articles(books: Snapshot, held: dict[tuple[str, int], Row]) -> None:
    receipts = {row["product_id"]: row for row in books["receipts"] if row["state"] != "voided"}
    cards = {card["product_id"]: card for card in books["repair_cards"] if card["state"] not in (*GONE, "void")}
    for product in books["products"]:
        last, receipt = held.get(("article", product["id"])), receipts.get(product["id"])
        holder = HOME["article"] if last is None else last["holder"]
        if receipt is None:
            assert (holder, product["id"] in cards) == (HOME["article"], False), product
        elif not receipt["taken_in"]:
            assert last is not None
            assert (last["number"], holder, last["holder_id"]) == (
                receipt["number"],
                "technician",
                receipt["issued_by"],
            )
        else:
            assert last is not None
            assert (last["number"], product["id"] in cards) == (receipt["number"], True)
            assert holder in AT.get(cards[product["id"]]["state"], {"counter"}), cards[product["id"]]["number"]


def _loans(books: Snapshot, held: dict[tuple[str, int], Row]) -> None:
    out = {loan["loan_unit_id"]: loan for loan in books["loans"] if loan["back_at"] is None}
    assert len(out) == sum(loan["back_at"] is None for loan in books["loans"])
    slips: dict[int, str] = {}
    for loan in out.values():
        assert loan["call_id"] not in slips, f"two loan units for one call: {loan['number']}"
        slips[loan["call_id"]] = loan["number"]
    for unit in books["loan_units"]:
        last = held[("loan_unit", unit["id"])]
        assert last["holder"] == ("customer" if unit["id"] in out else "shelf"), unit["code"]
    for call in books["calls"]:
        assert call["loan"] == slips.get(call["id"], ""), call["number"]


def check_goods(books: Snapshot) -> None:
    """One open receipt, line and card for a product; the three say the same, and the call with them."""
    calls = {call["id"]: call for call in books["calls"]}
    receipts = {receipt["id"]: receipt for receipt in books["receipts"]}
    open_receipts = [row for row in books["receipts"] if row["state"] != "voided"]
    _once(open_receipts)
    _once([line for line in books["goods"] if line["state"] != "out"])
    _once([card for card in books["repair_cards"] if card["state"] not in (*GONE, "void")])
    taken_in = {line["receipt_id"]: line for line in books["goods"]}
    for receipt in books["receipts"]:
        if receipt["state"] == "voided":
            assert receipt["voided_at"], receipt["number"]
            continue
        assert receipt["taken_in"] == (receipt["id"] in taken_in), receipt["number"]
        assert calls[receipt["call_id"]]["state"] == "carried_back", receipt["number"]
        assert receipt["state"] == "issued" or receipt["lost_statement"], receipt["number"]
    with_receipt = {receipt["call_id"] for receipt in open_receipts}
    for call in books["calls"]:
        assert call["state"] != "carried_back" or call["id"] in with_receipt, call["number"]
    cards = grouped(books["repair_cards"], "goods_id")
    for line in books["goods"]:
        (card,) = (card for card in cards[line["id"]] if card["state"] != "void")
        assert line["state"] == LINE_OF.get(card["state"], "in"), line["number"]
        assert line["promised_at"] == card["promised_at"], line["number"]
        assert card["receipt_id"] == line["receipt_id"], line["number"]
        out = line["state"] == "out"
        assert (out, out) == (line["returned_at"] is not None, bool(line["signer"])), line["number"]
        assert out == (receipts[line["receipt_id"]]["state"] == "voided"), line["number"]
        assert out == (calls[line["call_id"]]["state"] in ("returned", "struck_off")), line["number"]
        assert line["state"] != "passed" or line["passed_at"], line["number"]


def _once(rows: Rows) -> None:
    products = [row["product_id"] for row in rows]
    assert len(products) == len(set(products)), [row["number"] for row in rows]


def check_cards(books: Snapshot) -> None:
    """What stands on a card follows from its lines, and no state stands without what it needs."""
    times, parts = grouped(books["time_lines"], "card_id"), grouped(books["card_parts"], "card_id")
    promises, asked = grouped(books["promises"], "card_id"), grouped(books["assistance"], "card_id")
    estimates, due = grouped(books["estimates"], "card_id"), grouped(books["requisitions"], "card_id")
    charge_of = {charge["call_id"]: charge["state"] for charge in books["charges"]}
    for card in books["repair_cards"]:
        number, key = card["number"], card["id"]
        _lines_agree(card, times[key], parts[key])
        assert card["parts_due"] == sum(one["state"] == "open" for one in due[key]), number
        assert card["assistance"] == any(one["answered_at"] is None for one in asked[key]), number
        said = [one["state"] for one in estimates[key] if one["state"] != "withdrawn"]
        assert card["estimate"] == (said[-1] if said and said[-1] == estimates[key][-1]["state"] else ""), number
        given = [one["promised_at"] for one in sorted(promises[key], key=lambda one: int(one["nth"]))]
        assert (given[0], given[-1]) == (card["first_promised_at"], card["promised_at"]), number
        assert sorted(one["nth"] for one in promises[key]) == list(range(1, len(given) + 1)), number
        assert card["urgent"] == urgency(card["state"], card["promised_at"]), number
        _state_stands(card, times[key], parts[key])
        if card["state"] == "returned":
            assert charge_of.get(card["call_id"], "none") in OUTSTANDING, f"{number} has nothing left to be charged"
    for cards in grouped(books["repair_cards"], "goods_id").values():
        assert [card["state"] == "void" for card in cards] == [True] * (len(cards) - 1) + [False]


def _lines_agree(card: Row, times: Rows, parts: Rows) -> None:
    number = card["number"]
    assert card["minutes"] == sum(line["minutes"] for line in times if line["ended_at"]), number
    running = [(line["began_at"], line["technician_id"]) for line in times if line["ended_at"] is None]
    clock = [(card["running_since"], card["running_by"])] if card["running_since"] else []
    assert running == clock, number
    assert card["state"] == "in_repair" or not running, number
    assert sorted(line["line"] for line in times) == list(range(1, len(times) + 1)), number
    assert sorted(line["line"] for line in parts) == list(range(1, len(parts) + 1)), number
    for part in parts:
        expected = 0 if part["basis"] in FREE_BASES else part["quantity"] * part["unit_price"]
        assert part["amount"] == expected, number


def _state_stands(card: Row, times: Rows, parts: Rows) -> None:
    number, state = card["number"], card["state"]
    if state in ("repaired", "passed"):
        assert card["minutes"] > 0, number
        assert card["finished_at"], number
        assert card["finished_by"], number
        assert card["found"], number
        assert card["work"], number
        assert card["no_parts"] != any(not part["taken_out"] for part in parts), number
    if state not in AT_THE_BENCH | {"at_factory"}:
        assert card["estimate"] != "open", number
        assert not card["assistance"], number
    if card["passed_by"] is not None:
        worked = {line["technician_id"] for line in times} | {card["finished_by"]}
        assert card["passed_by"] not in worked, f"{number} was passed by who repaired it"
    if state in GONE:
        assert card["passed_at"] or card["estimate"] == "declined" or card["reason"], number
        assert card["returned_at"], number
    assert (state == "closed") == (card["closed_at"] is not None), number


def check_clocks(books: Snapshot) -> None:
    """Nobody is at two benches at one time."""
    for lines in grouped(books["time_lines"], "technician_id").values():
        assert sum(line["ended_at"] is None for line in lines) <= 1
        ordered = sorted(lines, key=lambda line: (line["began_at"], line["ended_at"] or line["began_at"]))
        for before, after in pairwise(ordered):
            assert before["ended_at"] is not None
            assert before["ended_at"] <= after["began_at"], (before, after)


def check_closed(books: Snapshot) -> None:
    """A call that is struck off or cancelled has nothing outstanding (issue: nothing closes while…)."""
    papers: dict[str, Any] = {
        "receipts": grouped((row for row in books["receipts"] if row["state"] != "voided"), "call_id"),
        "goods": grouped((row for row in books["goods"] if row["state"] != "out"), "call_id"),
        "cards": grouped((row for row in books["repair_cards"] if row["state"] not in ("closed", "void")), "call_id"),
        "loans": grouped((row for row in books["loans"] if row["back_at"] is None), "call_id"),
        "charges": grouped((row for row in books["charges"] if row["state"] in OUTSTANDING), "call_id"),
    }
    calls_of_cards = {card["id"]: card["call_id"] for card in books["repair_cards"]}
    asked = [row for row in books["requisitions"] if row["state"] == "open" and row["card_id"] is not None]
    waiting = {calls_of_cards[row["card_id"]] for row in asked}
    for call in books["calls"]:
        if call["state"] in OPEN:
            continue
        out = [name for name, of_call in papers.items() if of_call.get(call["id"])]
        assert not out, f"{call['number']} is closed with {out} outstanding"
        assert call["id"] not in waiting, f"{call['number']} is closed and waits for parts"
