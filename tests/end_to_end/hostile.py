"""Text from people at its worst, in every column that holds any, and what must never reach a terminal of it."""

from __future__ import annotations

from sqlalchemy import text

from tests.terminal import Terminal
from tests.world import World

MARKUP = "[/x] [red] [@click=app.quit]here"
HOSTILE = f"\x1b]52;c;aGk=\x07\x1b[2JC\x9b31m\u202e\x00\u2066\x1b]0;owned\x07\x85\x7f{MARKUP}"
SHOWN = "]52;"
"""What is left of it wherever there is room."""

TYPED = f"\x9b31m\u202e\u2066\x7f{MARKUP}"
"""As much of it as a terminal lets anybody paste."""

PEOPLE_WRITE = {
    "calls": (
        *("customer_name", "caller", "address", "district", "model_no", "product_name", "serial_no", "symptom"),
        *("remarks", "zone_because", "type_because"),
    ),
    "customers": ("name", "remarks", "note", "email"),
    "contacts": ("name",),
    "addresses": ("address", "district"),
    "products": ("model_no", "serial_no", "name"),
    "contracts": ("covers",),
    "visits": ("reason",),
    "corrections": ("before", "after", "reason"),
    "urges": ("words",),
    "absences": ("reason",),
    "saved_views": ("name",),
    "staff": ("name",),
    "units": ("name",),
}
"""Tables with those of their columns that hold what people write."""

LEAKS = (
    b"\x1b]52",
    b"\x1b]0;",
    b"\x1b[2JC",
    b"\x00",
    b"owned\x07",
    b"\x7f",
    *(character.encode() for character in "\x85\x9b\u202e\u2066"),
)


def poison(world: World) -> None:
    """Make every text that people enter hostile, in the books themselves, as no act would let it in."""
    with world.books.writing() as writing:
        for table, columns in PEOPLE_WRITE.items():
            put = ", ".join(f"{column} = :hostile" for column in columns)
            writing.connection.execute(text(f"UPDATE {table} SET {put}"), {"hostile": HOSTILE})


def harmless(terminal: Terminal, *shown: str) -> None:
    """The page has come, and so far nothing of the text has reached the terminal but its letters."""
    terminal.wait(lambda page: all(part in page for part in shown))
    terminal.settle(0.2)
    for leak in LEAKS:
        assert leak not in terminal.raw, (leak, terminal.text)
