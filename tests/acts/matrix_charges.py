"""Who collects, confirms, invoices and gives up money, who sets the tariff (§1.7: cash, invoice, charge)."""

from __future__ import annotations

from datetime import UTC

from servicedesk.store import tables
from servicedesk.store.calls import one
from tests.world import World

# The columns and letters of test_rights.
MATRIX = {
    #                            cle age tec sup man acc dep smg dgm ana tra aud adm
    "charges.remit":             ".   .   .   .   .   U   .   .   .   .   .   .   .",
    "charges.invoice":           ".   .   .   .   .   U   .   .   .   .   .   .   .",
    "charges.post":              ".   .   .   .   .   U   .   .   .   .   .   .   .",
    "charges.send":              ".   .   .   .   .   U   .   .   .   .   .   .   .",
    "charges.collect":           ".   .   U   .   .   U   .   .   .   .   .   .   .",
    "charges.settle":            ".   .   .   .   .   U   .   .   .   .   .   .   .",
    "charges.change":            "U   .   O   U   .   .   .   .   .   .   .   .   .",
    "charges.credit":            ".   .   .   .   .   U   .   .   .   .   .   .   .",
    "charges.propose_write_off": ".   .   .   .   .   U   .   .   .   .   .   .   .",
    "charges.write_off":         ".   .   .   .   U   .   .   .   .   .   .   .   .",
    "tariff.set":                ".   .   .   .   .   .   .   .   .   .   .   .   A",
}  # fmt: skip


def papers(world: World, calls: tuple[str, str, str]) -> dict[str, tuple[str, str, str]]:
    """A charge of each call, written straight into the books: Beijing has no technician who could be done."""
    with world.books.writing() as writing:
        for number in calls:
            row = one(writing, number)
            assert row is not None
            charge = writing.add(
                tables.Charge,
                unit_id=row.unit_id,
                call_id=row.id,
                technician_id=row.technician_id,
                state="assessed",
                amount=8000,
                done_at=world.now.astimezone(UTC),
                signer="王小明",
                urgent="0",
            )
            writing.add(
                tables.ChargeLine, charge_id=charge, line=1, kind="labour", list_amount=8000, basis="list", amount=8000
            )
            writing.change(tables.Call, row.id, fee=8000, charge="assessed")
    return {"charges": calls}
