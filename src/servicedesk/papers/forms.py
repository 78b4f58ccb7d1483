"""The single papers as on paper: voucher, goods receipt, repair card, job sheet, invoice request (forms §3.2-3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from servicedesk.domain.calls import CallRow
from servicedesk.domain.charges import BASES, KINDS, ChargeLineRow, ChargeRow
from servicedesk.domain.customers import ContractRow, ProductRow
from servicedesk.domain.goods import ReceiptRow
from servicedesk.domain.history import OUTCOMES, SIGNATURES
from servicedesk.domain.money import show_amount
from servicedesk.domain.numbering import short
from servicedesk.domain.printing import Holder, Job, JobSheetRow
from servicedesk.domain.repair_cards import OLD_PARTS, CardRow, PartLineRow, TimeLineRow
from servicedesk.domain.service_types import SERVICE_TYPES
from servicedesk.domain.units import UnitRow
from servicedesk.domain.words import Sentence, label, say
from servicedesk.papers.paper import Box, Column, Field, Paper, Table, Value, columns, fields

SIGNED_BY = label("Customer's signature")
CLERK_SIGNS = label("Service clerk")
TECHNICIAN_SIGNS = label("Technician")
SUPERVISOR_SIGNS = label("Service supervisor")
ACCOUNTANT_SIGNS = label("Accountant")


def voucher(
    unit: UnitRow, holder: Holder, product: ProductRow, contract: ContractRow | None, jobs: Sequence[Job]
) -> Paper:
    """The standing service voucher with an entry a job and a free one for the next (forms §3.2)."""
    header = fields(
        (label("Customer"), holder.name),
        (label("Telephone"), holder.telephone),
        Field(label("Address"), holder.address, wide=True),
        (label("Product"), product.name),
        (label("Model"), product.model_no),
        (label("Serial no."), product.serial_no),
        (label("Bought on"), product.bought_on),
        (label("Bought from"), product.bought_from),
        (label("Warranty until"), product.warranty_until),
        *(
            ()
            if contract is None
            else (
                (label("Contract"), contract.number),
                (label("Contract period"), say("{begins} to {ends}", begins=contract.starts_on, ends=contract.ends_on)),
            )
        ),
    )
    table = Table(
        columns(
            (label("Call-in no."), 5),
            (label("Type"), 2),
            (label("Fault, cause, work done"), 9),
            (label("Arrived, left"), 6),
            (label("Parts"), 5),
            Column(label("Fees"), 4, right=True),
            (label("Result, signature"), 6),
        ),
        tuple(row for job in jobs for row in _job(job, unit.currency)),
        label("Jobs"),
        blank=2,
    )
    return Paper(
        "voucher",
        label("Service voucher"),
        product.voucher,
        unit.name,
        header,
        (table,),
        (Box(label("Repair warranty and cautions")),),
        notes=(say("Fees are those of the tariff, which is shown on request."),),
        signatures=(label("Checked"), label("Handled"), ACCOUNTANT_SIGNS, CLERK_SIGNS, label("Received by")),
        size="A4",
    )


def _job(job: Job, currency: str) -> list[tuple[Value, ...]]:
    call = job.call
    found: list[tuple[Value, ...]] = []
    is_returned = job.goods is not None and job.goods.returned_at is not None
    for entry in job.entries:
        # What was carried back is charged on its return.
        fees = 0 if is_returned else sum(amount for _, amount in entry.fees)
        found.append(
            (
                short(call.number),
                call.service_type,
                " / ".join(filter(None, (call.symptom, entry.cause, entry.work))),
                say("{arrived}, left {left}", arrived=entry.arrived_at, left=entry.left_at),
                _pieces(entry.parts),
                show_amount(fees, currency) if fees else "",
                _result(OUTCOMES[entry.outcome], entry.signature, entry.signer),
            )
        )
    if job.goods is not None and job.goods.returned_at is not None:
        result = _result(label("returned"), "signed_sealed", job.goods.signer)
        found.append(
            (
                short(call.number),
                call.service_type,
                say("repair card {card}", card=job.goods.card),
                job.goods.returned_at,
                _pieces(job.parts),
                show_amount(call.fee, currency) if call.fee else "",
                result,
            )
        )
    return found


def _pieces(parts: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{name} ×{quantity}" for name, quantity in parts)


def _result(outcome: str, signature: str, signer: str) -> Sentence:
    if not signature:
        return say("{outcome}, not signed", outcome=Sentence(outcome))
    return say(
        "{outcome}, {signed} {signer}", outcome=Sentence(outcome), signed=Sentence(SIGNATURES[signature]), signer=signer
    )


def receipt(unit: UnitRow, row: ReceiptRow, holder: Holder) -> Paper:
    """The customer goods receipt with the stub that stays here (003 Art. 8; forms §3.3)."""
    shared = (
        (label("Date"), row.issued_at),
        (label("Call-in no."), row.call),
        (label("Customer"), holder.name),
        (label("Telephone"), holder.telephone),
        Field(label("Address"), holder.address, wide=True),
        (label("Product"), row.product_name),
        (label("Model"), row.model_no),
        (label("Serial no."), row.serial_no),
        (label("Quantity"), "1"),
    )
    stub = Paper(
        "stub",
        label("Stub of the goods receipt"),
        row.number,
        unit.name,
        fields(
            (label("Customer"), holder.name),
            (label("Model"), row.model_no),
            (label("Voucher"), row.voucher),
            (label("Taken back on"), row.voided_at),
            (label("Voided by"), row.voided_by_name),
        ),
    )
    return Paper(
        "receipt",
        label("Customer goods receipt"),
        row.number,
        unit.name,
        fields(
            *shared,
            (label("Voucher"), row.voucher),
            (label("Accessories"), row.accessories),
            (label("Condition"), row.condition),
            Field(label("Symptom"), row.symptom, wide=True),
            (label("Promised return"), row.promised_at),
        ),
        notes=(say("Please keep this receipt: the goods are handed out against it."),),
        signatures=(TECHNICIAN_SIGNS, SIGNED_BY),
        stub=stub,
    )


def repair_card(
    unit: UnitRow, row: CardRow, holder: Holder, times: Sequence[TimeLineRow], parts: Sequence[PartLineRow]
) -> Paper:
    """The repair card that hangs on the article (003 Art. 8-9; forms §3.5)."""
    table_of_times = Table(
        columns(
            (label("Technician"), 3),
            (label("From"), 3),
            (label("To"), 3),
            Column(label("Minutes"), 1, right=True),
        ),
        tuple((line.technician_name, line.began_at, line.ended_at, str(line.minutes or "")) for line in times),
        label("Actual repair time"),
        blank=2 if row.finished_at is None else 0,
    )
    table_of_parts = Table(
        columns(
            (label("Part no."), 3),
            (label("Part name"), 4),
            Column(label("Quantity"), 2, right=True),
            Column(label("Price"), 2, right=True),
            Column(label("Amount"), 2, right=True),
            (label("Old part"), 3),
        ),
        tuple(
            (
                line.part,
                line.name,
                f"{line.quantity} {line.measure}".strip(),
                show_amount(line.unit_price, unit.currency),
                show_amount(line.amount, unit.currency),
                Sentence(OLD_PARTS[line.old_part]),
            )
            for line in parts
            if not line.taken_out
        ),
        label("Parts replaced"),
        blank=2 if row.finished_at is None else 0,
    )
    return Paper(
        "card",
        label("Repair card"),
        row.number,
        unit.name,
        fields(
            (label("Goods in"), row.came_in_at),
            (label("Promised"), row.promised_at),
            (label("Voucher"), row.voucher),
            (label("Receipt"), row.receipt),
            (label("Customer"), holder.name),
            (label("Type"), _typed(row.service_type)),
            (label("Product"), row.product_name),
            (label("Model"), row.model_no),
            (label("Serial no."), row.serial_no),
            (label("Accessories"), row.accessories),
            Field(label("Symptom"), row.symptom, wide=True),
        ),
        (table_of_times, table_of_parts),
        (Box(label("Fault found"), row.found, 1), Box(label("Work done"), row.work, 1)),
        fields(
            (label("Finished"), row.finished_at),
            (label("Passed"), row.passed_at),
            (label("Returned"), row.returned_at),
        ),
        signatures=(TECHNICIAN_SIGNS, label("Service supervisor's seal (passed)"), SIGNED_BY),
    )


def job_sheet(unit: UnitRow, row: JobSheetRow, day: date) -> Paper:
    """A numbered blank job sheet: it must come back, be voided or be declared lost."""
    return Paper(
        "job_sheet",
        label("Job sheet"),
        row.number,
        unit.name,
        fields(
            (label("Technician"), row.technician_name),
            (label("Date"), day),
            label_only(label("Customer")),
            label_only(label("Telephone")),
            Field(label("Address"), "", wide=True),
            label_only(label("Model")),
            label_only(label("Serial no.")),
            label_only(label("Arrived")),
            label_only(label("Left")),
        ),
        (
            Table(
                columns((label("Part no."), 3), (label("Part name"), 5), (label("Quantity"), 2), (label("Amount"), 2)),
                title=label("Parts replaced"),
                blank=3,
            ),
        ),
        (Box(label("Fault as told")), Box(label("Fault cause")), Box(label("Work done"))),
        notes=(say("This numbered sheet comes back, is voided or is declared lost."),),
        signatures=(TECHNICIAN_SIGNS, SIGNED_BY),
    )


def label_only(name: str) -> Field:
    """A field to be filled in by hand."""
    return Field(name)


def invoice_request(unit: UnitRow, row: ChargeRow, holder: Holder, lines: Sequence[ChargeLineRow]) -> Paper:
    """What the accountant issues the invoice from, the same day (003 Art. 7, 10; K13)."""
    table = Table(
        columns(
            (label("Fee"), 3),
            (label("For what"), 4),
            Column(label("Quantity"), 2, right=True),
            Column(label("List price"), 2, right=True),
            (label("Basis"), 2),
            Column(label("Amount"), 2, right=True),
        ),
        tuple(
            (
                Sentence(KINDS[line.kind]),
                line.what,
                say("{count} min", count=line.quantity) if line.kind == "labour" else str(line.quantity),
                show_amount(line.list_amount, row.currency),
                Sentence(BASES[line.basis]),
                show_amount(line.amount, row.currency),
            )
            for line in lines
        ),
    )
    return Paper(
        "invoice_request",
        label("Invoice request"),
        row.number,
        unit.name,
        fields(
            (label("Customer"), holder.name),
            (label("Telephone"), holder.telephone),
            Field(label("Address"), holder.address, wide=True),
            (label("Voucher"), row.voucher),
            (label("Type"), _typed(row.service_type)),
            (label("Done at"), row.done_at),
            (label("Technician"), row.technician_name),
            (label("Signed by"), row.signer),
            (label("Collected at"), row.collected_at),
            (label("Invoice title"), row.invoice_title),
            (label("Taxpayer no."), row.tax_no),
            (label("Invoice no."), row.invoice_no),
        ),
        (table,),
        totals=fields((label("Total"), show_amount(row.amount, row.currency))),
        signatures=(TECHNICIAN_SIGNS, ACCOUNTANT_SIGNS),
    )


def cover(unit: UnitRow, technician: str, day: date, calls: Sequence[CallRow], sheets: Sequence[JobSheetRow]) -> Paper:
    """The first sheet of a technician's day pack: his jobs and the numbers of his blank sheets."""
    table = Table(
        columns(
            (label("Call-in no."), 4),
            (label("Customer"), 4),
            (label("Address"), 6),
            (label("Model"), 4),
            (label("Due"), 4),
        ),
        tuple((call.number, call.customer_name, call.address, call.model_no, call.judged_by) for call in calls),
        label("Jobs"),
    )
    numbers = Table(
        columns(label("Job sheet"), label("Used for"), label("Back")),
        tuple((sheet.number, "", "") for sheet in sheets),
        label("Blank job sheets"),
    )
    return Paper(
        "day_pack",
        label("Day pack"),
        f"{technician} {day:%Y-%m-%d}",
        unit.name,
        fields((label("Technician"), technician), (label("Date"), day)),
        (table, numbers) if sheets else (table,),
        signatures=(SUPERVISOR_SIGNS, TECHNICIAN_SIGNS),
        size="A4",
    )


def _typed(service_type: str) -> Sentence:
    names = {str(kind): text for kind, text in SERVICE_TYPES.items()}
    return say("{letter} {name}", letter=service_type, name=Sentence(names[service_type]))
