"""The numbered blank job sheets of the day packs: each comes back, is voided or is declared lost."""

from __future__ import annotations

from collections.abc import Sequence

from servicedesk.domain.numbering import JOB_SHEET
from servicedesk.domain.printing import SEES_JOB_SHEETS, STATES, JobSheetRow
from servicedesk.domain.registers import Wanted
from servicedesk.domain.words import label, say
from servicedesk.tui.filtering import TECHNICIAN, UNIT, of_state
from servicedesk.tui.keys import Key, print_key
from servicedesk.tui.registers import RegisterPage, Seen, Told, Total, View
from servicedesk.tui.screens.paper import side_by_side
from servicedesk.tui.screens.register import RegisterScreen


def full(seen: Seen, row: JobSheetRow) -> Sequence[str]:
    """Whose sheet, printed when, and what became of it."""
    return (
        side_by_side(row.number, row.technician_name, seen.moment(row.printed_at)),
        side_by_side(seen.words(STATES[row.state]), row.call_no, row.reason),
    )


class JobSheetsScreen(RegisterScreen):
    """The blank sheets that are out, and what became of the others."""

    PAGE = RegisterPage[JobSheetRow](
        name="job_sheets",
        heading=label("Blank job sheets"),
        register="printing:JOB_SHEETS",
        sees=SEES_JOB_SHEETS,
        columns=(
            Told(label("Printed"), 7, lambda seen, row: seen.date(row.printed_at)),
            Told(label("Technician"), 10, lambda seen, row: seen.elsewhere(row, row.technician_name), flexible=True),
            Told(label("Now"), 14, lambda seen, row: seen.words(STATES[row.state])),
            Told(label("Used for"), 18, lambda seen, row: row.call_no or row.reason, flexible=True),
        ),
        views=(View("out", label("not back yet"), Wanted(view="out")), View("all", label("all"))),
        totals=(Total("out", lambda count: say("out {count}", count=count)),),
        full=full,
        filters=(of_state(STATES), TECHNICIAN, UNIT),
        closed=lambda seen, row: row.state != "out",
        keys=(
            Key("f2", label("New day pack"), act="job_sheets.pack", bare=True),
            Key("b", label("Job sheet back"), act="job_sheets.back"),
            Key("x", label("Void"), act="job_sheets.void"),
            Key("l", label("Lost"), act="job_sheets.lose"),
            print_key("job_sheet", "number"),
        ),
        letter=JOB_SHEET,
        empty=label("No blank job sheet is out. F2 numbers those of a day pack."),
    )
