"""From rows to sheets: which form makes which paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from servicedesk.domain.printing import Sheet
from servicedesk.papers import complaint_forms, forms, letters, pages, report_forms
from servicedesk.papers.paper import Paper

FORMS: Mapping[str, Callable[..., Paper]] = {
    "voucher": forms.voucher,
    "receipt": forms.receipt,
    "card": forms.repair_card,
    "invoice_request": forms.invoice_request,
    "day_pack": forms.cover,
    "job_sheet": forms.job_sheet,
    "register": pages.call_register,
    "goods": pages.goods_register,
    "letter": letters.letter,
    "complaint": complaint_forms.handling_sheet,
    "submission": complaint_forms.submission,
    "technician_report": report_forms.technician_report,
    "supervisor_report": report_forms.supervisor_report,
    "closing_sheet": report_forms.closing_sheet,
    "transmittal": report_forms.transmittal,
}


def made(sheets: Sequence[Sheet], *, times: int) -> list[Paper]:
    """The sheets as the so-manieth print: every one after the first is marked as a copy."""
    papers = [FORMS[sheet.form](*sheet.rows) for sheet in sheets]
    return [paper.as_copy() for paper in papers] if times > 1 else papers
