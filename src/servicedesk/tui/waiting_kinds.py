"""The kinds of things that wait, in the order of their urgency, and for whom (requirements §1.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from servicedesk.domain.calls import DISPATCHED, DONE, LOGGED, RETURNED, REVISIT, CallFilter, CallRow
from servicedesk.domain.register_days import closing
from servicedesk.domain.rights import (
    ACCOUNTANT,
    AGENT,
    BRANCH_MANAGER,
    CLERK,
    CUSTOMER_DEPARTMENT,
    DEPUTY_GM,
    ROLES,
    SERVICE_MANAGER,
    SUPERVISOR,
    TECHNICIAN,
    Actor,
)
from servicedesk.domain.words import label, say
from servicedesk.locales import Words
from servicedesk.tui.columns import on_one_line
from servicedesk.tui.drafts import Drafts, named
from servicedesk.tui.registers import Listed, logins_of
from servicedesk.tui.waiting import (
    Found,
    Item,
    Kind,
    Opens,
    Picks,
    item_of_call,
    lines_seen,
    of_calls,
    of_view,
    told_of_call,
)

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look
    from servicedesk.tui.app import ServiceDesk
    from servicedesk.tui.call_list import Entry, Gathered

_RECEIVING = (CUSTOMER_DEPARTMENT, SERVICE_MANAGER)


# Lists of calls that are read whole, as their own pages read them


def _rows_kind(
    name: str,
    label: str,
    roles: Iterable[str],
    read: Callable[[Look], list[CallRow]],
    desk: str,
    picks: Picks | None = None,
) -> Kind:
    """Calls that a desk without a register has, whole and in its order."""

    def find(look: Look, words: Words, most: int) -> Found:
        rows = read(look)
        lines = lines_seen(look, words, rows[:most])
        return Found([item_of_call(look.actor, words, line) for line in lines], len(rows))

    return Kind(name, label, frozenset(roles), find, lambda app: app.go_to(desk), picks)


def _carried_over(look: Look) -> list[CallRow]:
    from servicedesk.store import dispatch
    from servicedesk.tui.board import units_dispatched

    units = units_dispatched(look.actor)
    return [row for unit in units for row in dispatch.waiting_since_before(look.store, unit, look.last_closing(unit))]


def _to_dispatch(look: Look) -> list[CallRow]:
    from servicedesk.store import dispatch
    from servicedesk.tui.board import units_dispatched

    units = units_dispatched(look.actor)
    return [row for unit in units for row in dispatch.waiting_of_today(look.store, unit, look.last_closing(unit))]


def _visits(look: Look) -> list[CallRow]:
    from servicedesk.store import dispatch

    return [row for login in logins_of(look.actor) for row in dispatch.active_calls(look.store, login)]


def _listed_kind(
    name: str,
    label: str,
    roles: Iterable[str],
    read: Callable[[Look, Words], Gathered],
    said: Callable[[Entry], tuple[str, ...]],
    goes: Opens,
) -> Kind:
    """A short list of calls that has a page of its own."""

    def find(look: Look, words: Words, most: int) -> Found:
        entries = read(look, words).entries
        items = [
            item_of_call(look.actor, words, entry.line, told_of_call(entry.line, *said(entry)))
            for entry in entries[:most]
        ]
        return Found(items, len(entries))

    return Kind(name, label, frozenset(roles), find, goes)


def _to_be_told(look: Look, words: Words) -> Gathered:
    from servicedesk.tui.screens.tellings import to_be_told

    return to_be_told(look, words)


def _show_tellings(app: ServiceDesk) -> None:
    from servicedesk.tui.screens.tellings import TellingsScreen

    app.push_screen(TellingsScreen())


def _out_overnight(look: Look, words: Words) -> Gathered:
    from servicedesk.tui.screens.overnight import out_overnight

    return out_overnight(look, words)


def _show_overnight(app: ServiceDesk) -> None:
    from servicedesk.tui.screens.overnight import OvernightScreen

    app.push_screen(OvernightScreen())


# Days of which a paper is missing


def _unreported(look: Look, words: Words, most: int) -> Found:
    """The days that a technician worked on and has handed no report in of; earlier ones are late."""
    from servicedesk.store import staff, unreported

    items = []
    for login in logins_of(look.actor):
        person = staff.person(look.store, login)
        if person is None:
            continue
        zone = look.unit(person.unit).timezone
        today = look.today(zone)
        for day, jobs in unreported.unreported_days(look.store, login, zone, look.now).items():
            said = say("{day}: {count} jobs, no report handed in", day=_day(words, day), count=jobs)
            items.append(_item_of_day(f"{login} {day}", words(said), person.name, day < today))
    return Found(items[:most], len(items))


def _day(words: Words, day: date) -> str:
    return f"{words.weekday(day)} {words.day(day)}"


def _item_of_day(key: str, said: str, name: str, late: bool) -> Item:
    def opens(app: ServiceDesk) -> None:
        from servicedesk.tui.screens.report import ReportScreen

        app.push_screen(ReportScreen(key))

    return Item(key, f"{'!' if late else ' '}{name}  {said}", late, lambda width: (said,), opens)


def _pages_to_close(look: Look, words: Words, most: int) -> Found:
    """The earliest page of each unit that is over and not reconciled (003 Art. 15)."""
    from servicedesk.store import register_days

    next_step = words(label("F2 in the register days compares it with the vouchers, goods and receipts."))

    def full(width: int) -> tuple[str]:
        return (next_step,)

    items = []
    for unit in dict.fromkeys(post.unit for post in look.actor.posts if post.role in (CLERK, SUPERVISOR)):
        until = look.page_day(unit) - timedelta(days=1)
        day = register_days.first_open_day(look.store, unit, closing(look.facts, unit), until)
        if day is not None and register_days.of_day(look.store, look.unit(unit).id, day) is None:
            late = day < look.today(look.unit(unit).timezone)
            said = words(say("{unit}: the page of {day}", unit=unit, day=_day(words, day)))
            items.append(Item(f"{unit} {day}", f"{'!' if late else ' '}{said}", late, full, _show_days))
    return Found(items[:most], len(items))


async def _show_days(app: ServiceDesk) -> None:
    await app.open_list("days", Listed("open").written())


WAITING: Sequence[Kind] = (
    of_view("escalated", label("Complaints that have come to you"), ROLES, "complaints", "escalated"),
    of_view("deputy", label("Serious complaints to decide"), (DEPUTY_GM,), "complaints", "deputy"),
    of_view("serious", label("Serious complaints"), _RECEIVING, "complaints", "serious"),
    of_view("acknowledge", label("Complaints to acknowledge"), (AGENT, *_RECEIVING), "complaints", "to_acknowledge"),
    of_calls(
        "late",
        label("Late calls"),
        (SUPERVISOR, CLERK, BRANCH_MANAGER, SERVICE_MANAGER),
        lambda actor: (CallFilter(late=True, urgent=True),),
        lambda row, now, closing: row.late(now),
    ),
    _rows_kind(
        "carried_over",
        label("Carried over, to be dispatched first"),
        (SUPERVISOR,),
        _carried_over,
        "dispatch",
        lambda row, now, closing: row.carried_over(closing),
    ),
    _rows_kind("visits", label("Your visits"), (TECHNICIAN,), _visits, "day"),
    of_view("assistance", label("Technicians ask for help"), (SUPERVISOR,), "workshop", "assistance"),
    _listed_kind(
        "tell",
        label("Customers to be told"),
        (SUPERVISOR, CLERK),
        _to_be_told,
        lambda entry: (entry.text, entry.more),
        _show_tellings,
    ),
    _rows_kind(
        "to_dispatch",
        label("To be dispatched"),
        (SUPERVISOR,),
        _to_dispatch,
        "dispatch",
        lambda row, now, closing: row.state in (LOGGED, REVISIT) and not row.carried_over(closing),
    ),
    of_view("complaint_visits", label("Complainants to call on"), (SUPERVISOR,), "complaints", "to_visit"),
    of_view("complaints_mine", label("Your complaints"), ROLES, "complaints", "mine"),
    of_view("cards_late", label("Repairs past their promised time"), (SUPERVISOR,), "workshop", "late"),
    of_view("cards_mine", label("On your bench"), (TECHNICIAN,), "workshop", "mine"),
    of_view("inspect", label("Repaired, to be inspected"), (SUPERVISOR,), "workshop", "inspect"),
    of_view("unassigned", label("Repairs without a technician"), (SUPERVISOR,), "workshop", "unassigned"),
    of_calls(
        "strike_off",
        label("Done, to be struck off"),
        (CLERK,),
        lambda actor: (CallFilter(state=DONE, urgent=True), CallFilter(state=RETURNED, urgent=True)),
        lambda row, now, closing: row.state in (DONE, RETURNED),
    ),
    of_view("take_in", label("Carried back, to be taken in"), (CLERK,), "receipts", "not_taken_in"),
    of_view("ready", label("Ready to go back to the customer"), (CLERK,), "workshop", "ready"),
    _listed_kind(
        "overnight",
        label("Vouchers out overnight"),
        (SUPERVISOR, CLERK),
        _out_overnight,
        lambda entry: (entry.line.call.voucher, entry.text, entry.more),
        _show_overnight,
    ),
    of_view("sent_back", label("Reports sent back to you"), (TECHNICIAN,), "reports", "sent_back"),
    Kind(
        "unreported",
        label("Daily report to be handed in"),
        frozenset({TECHNICIAN}),
        _unreported,
        lambda app: app.go_to("day"),
    ),
    of_view("to_review", label("Reports to review"), (SUPERVISOR,), "reports", "to_review"),
    of_view("to_compile", label("Reviewed reports to compile"), (SUPERVISOR,), "reports", "to_compile"),
    of_view("mine_to_sign", label("Supervisor reports to sign"), (SUPERVISOR,), "supervisor_reports", "mine_to_sign"),
    of_view("to_sign", label("Supervisor reports to sign"), (BRANCH_MANAGER,), "supervisor_reports", "to_sign"),
    of_view("to_forward", label("Supervisor reports to forward"), (SUPERVISOR,), "supervisor_reports", "to_forward"),
    of_view("write_offs", label("Write-offs to decide"), (BRANCH_MANAGER,), "money", "to_write_off"),
    Kind("to_close", label("Register pages to reconcile"), frozenset({CLERK, SUPERVISOR}), _pages_to_close, _show_days),
    of_view("days_open", label("Register days under way"), (CLERK,), "days", "open"),
    of_view("reports_in", label("Supervisor reports to receive"), _RECEIVING, "supervisor_reports", "to_receive"),
    of_view("pages_in", label("Register pages to receive"), _RECEIVING, "days", "to_receive"),
    of_view("not_remitted", label("Cash not handed in"), (ACCOUNTANT, TECHNICIAN), "money", "not_remitted"),
    of_view("not_invoiced", label("Jobs to invoice"), (ACCOUNTANT,), "money", "not_invoiced"),
    of_view("not_collected", label("Not collected in time"), (ACCOUNTANT,), "money", "not_collected"),
    of_view("to_settle", label("Collected, to be settled"), (ACCOUNTANT,), "money", "collected"),
    of_view("short", label("Parts too few"), (CLERK,), "parts", "short", can_be_late=False),
    of_view("requisitions", label("Parts asked for"), (CLERK,), "requisitions", "open"),
)
"""What waits, for whom."""


def _of(*names: str) -> tuple[Kind, ...]:
    kinds = {kind.name: kind for kind in WAITING}
    return tuple(kinds[name] for name in names)


def _reached_by_nobody(actor: Actor) -> tuple[CallFilter, ...]:
    return tuple(CallFilter(logged_by=actor.login, state=state, urgent=True) for state in (LOGGED, DISPATCHED, REVISIT))


HANDED_OVER: Sequence[Kind] = (
    *_of("escalated", "tell", "acknowledge"),
    of_view("follow_up", label("Complainants to ring back"), (AGENT, *_RECEIVING), "complaints", "to_follow_up"),
    *_of("complaints_mine", "deputy"),
    of_calls("promised", label("Visits you promised, not made yet"), (CLERK, AGENT), _reached_by_nobody),
    *_of("carried_over", "assistance", "visits", "cards_late", "cards_mine", "ready", "take_in", "overnight"),
    *_of("unreported", "not_remitted"),
)
"""What who comes next has to know: promises that are open, customers to be told and to be rung back."""


def unfinished(drafts: Drafts) -> Kind:
    """The forms that the person has begun on this machine."""

    def find(look: Look, words: Words, most: int) -> Found:
        kept = drafts.all()
        items = []
        for draft in kept[:most]:
            papers = " ".join(number for number, _ in draft.targets)
            begun = "" if draft.saved_at is None else words.moment(draft.saved_at)
            typed = " · ".join(text for text in draft.typed.values() if text)
            text = "  ".join(filter(None, (words(named(draft)), papers, begun, typed)))
            items.append(Item(draft.request, f" {on_one_line(text)}", False, _in_full(text), _open_drafts))
        return Found(items, len(kept))

    return Kind("drafts", label("Unfinished forms"), frozenset(ROLES), find, _open_drafts)


def _in_full(text: str) -> Callable[[int], Sequence[str]]:
    return lambda width: (text,)


def _open_drafts(app: ServiceDesk) -> None:
    app.open_drafts()
