"""Text from people at its worst, in every column that holds any, and what must never reach a terminal of it."""

from __future__ import annotations

from sqlalchemy import text

from tests.terminal import Terminal
from tests.world import World

MARKUP = "[/x] [red] [@click=app.quit]here"
HOSTILE = f"\x1b]52;c;aGk=\x07\x1b[2JC\x9b31m\u202e\x00\u2066\x1b]0;owned\x07\x85\x7f{MARKUP}"
SHOWN = "]52;"
"""What is left of it wherever there is room."""
WORSE = f"=1+1{HOSTILE}\u200b\ufeff\U000e0041'); DROP TABLE complaints; --１２３{'长' * 300}"
"""A formula in front, zero width, SQL and wide digits behind, and longer than any page."""
FORMULA = "=1+1"
"""What is left of that."""

TYPED = f"\x9b31m\u202e\u2066\x7f{MARKUP}"
"""As much of it as a terminal lets anybody paste."""

PEOPLE_WRITE = {
    "absences": ("reason",),
    "addresses": ("address", "district"),
    "assistance": ("reason", "note"),
    "calendar_days": ("note",),
    "calls": (
        *("customer_name", "caller", "address", "district", "model_no", "product_name", "serial_no", "symptom"),
        *("remarks", "zone_because", "type_because", "cancel_note"),
    ),
    "charge_lines": ("what",),
    "charges": ("signer", "invoice_title", "tax_no", "write_off_proposed", "reason"),
    "complaint_departments": ("department", "part", "answer"),
    "complaint_events": ("whom", "words"),
    "complaint_evidence": ("what", "kept"),
    "complaint_handlings": (
        *("decision_words", "referred_to", "finding", "agreed", "investigation", "cause", "proposed_because"),
        *("approved_words", "solution", "agreed_whom", "carried_out", "told_whom", "told_words", "reaction"),
        *("follow_up_plan", "unreconciled", "summary", "improvement", "withdrawn_words"),
    ),
    "complaints": (
        *("customer_name", "contact", "email", "address", "contract", "model_no", "product_name", "serial_no"),
        *("content", "remedy", "malicious_because", "legal_told", "incident", "changed_by"),
    ),
    "contacts": ("name",),
    "contracts": ("covers",),
    "corrections": ("before", "after", "reason"),
    "credits": ("reason",),
    "customers": ("name", "remarks", "note", "email"),
    "estimates": ("told_whom", "decided_by"),
    "goods": ("accessories", "sent_to", "signer", "signer_capacity", "remarks"),
    "job_sheets": ("reason",),
    "letters": ("addressee", "content", "cause", "solution", "words", "ask_for"),
    "loan_units": ("name", "model_no", "serial_no"),
    "loans": ("signer", "condition", "back_condition"),
    "parts": ("name", "measure"),
    "parts_used": ("name",),
    "products": ("model_no", "serial_no", "name", "bought_from"),
    "promises": ("reason",),
    "receipts": ("accessories", "condition", "signer", "signer_capacity", "lost_statement", "void_reason"),
    "register_differences": ("explanation",),
    "register_page_lines": (
        *("customer_name", "caller", "address", "model_no", "serial_no", "symptom", "technician_name"),
        *("struck_off_by", "remarks"),
    ),
    "repair_cards": ("model_no", "symptom", "found", "work", "reason", "remarks"),
    "report_lines": ("customer_name", "work", "parts", "remarks"),
    "requisitions": ("reason",),
    "saved_views": ("name",),
    "staff": ("name",),
    "stock_moves": ("note",),
    "supervisor_report_lines": ("absent",),
    "supervisor_reports": ("remarks", "changed_by"),
    "technician_reports": ("remarks", "review_remark", "changed_by"),
    "tellings": ("told_whom",),
    "units": ("name",),
    "urges": ("words",),
    "visits": ("reason",),
    "voucher_entries": ("cause", "work", "signer", "signer_capacity"),
}
"""Tables with those of their columns that hold what people write."""

LEAKS = (
    b"\x1b]52",
    b"\x1b]0;",
    b"\x1b[2JC",
    b"\x00",
    b"owned\x07",
    b"\x7f",
    *(character.encode() for character in "\x85\x9b\u202e\u2066\u200b\ufeff\U000e0041"),
)


FROZEN = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB '*re[gp]*_no_update'"
"""What keeps closed days and signed reports as they are."""


def poison(world: World, words: str = HOSTILE) -> None:
    """Make every text that people enter hostile, in the file itself, as neither act nor trigger would let it in."""
    with world.books.writing() as writing:
        for (frozen,) in writing.connection.execute(text(FROZEN)).all():
            writing.connection.execute(text(f"DROP TRIGGER {frozen}"))
        for table, columns in PEOPLE_WRITE.items():
            put = ", ".join(f"{column} = :hostile" for column in columns)
            writing.connection.execute(text(f"UPDATE {table} SET {put}"), {"hostile": words})


def harmless(terminal: Terminal, *shown: str) -> None:
    """The page has come, and so far nothing of the text has reached the terminal but its letters."""
    terminal.wait(lambda page: all(part in page for part in shown))
    terminal.settle(0.2)
    for leak in LEAKS:
        assert leak not in terminal.raw, (leak, terminal.text)
