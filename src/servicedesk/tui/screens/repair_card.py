"""One repair card as the paper (forms §3.5): what came in, what was found, time and parts lines, what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from servicedesk.domain.customers import HOLDERS
from servicedesk.domain.fault_codes import CAUSES, FAULTS, RESOLUTIONS
from servicedesk.domain.money import show_amount
from servicedesk.domain.repair_cards import (
    ANSWERS,
    AT_FACTORY,
    AT_THE_BENCH,
    BEYOND_REPAIR,
    IN_REPAIR,
    OLD_PARTS,
    PASSED,
    REPAIRED,
    SEES_CARDS,
    STATES,
    UNREPAIRED,
    WAITING,
    WAITING_PARTS,
    AssistanceRow,
    CardRow,
    EstimateRow,
    PartLineRow,
    PromiseRow,
    TimeLineRow,
)
from servicedesk.domain.words import Sentence, label, say
from servicedesk.locales import Words
from servicedesk.tui.call_lines import TYPES
from servicedesk.tui.keys import Key, complaint_key, print_key
from servicedesk.tui.linked import CUSTOMER_KEY
from servicedesk.tui.registers import Seen
from servicedesk.tui.screens.paper import PaperPage, PaperScreen, Part, side_by_side

if TYPE_CHECKING:
    from servicedesk.acts.desk import Look

CARD_KEYS: tuple[Key, ...] = (
    Key("f2", label("Write"), act="cards.write"),
    Key(
        "f6,s",
        label("Start clock"),
        act="cards.clock",
        also=(("cards.stop", label("Stop clock")), ("cards.start", label("Start clock"))),
        at_once=True,
    ),
    Key("f7,l", label("Part"), act="cards.parts"),
    Key("f9,i", label("Wait"), act="cards.wait", also=(("cards.resume", label("Resume")),)),
    Key("f10,h", label("Ask help"), act="cards.ask"),
    Key("f11,f", label("Finish"), act="cards.finish"),
    Key("a", label("Assign"), act="cards.assign"),
    Key("w", label("Answer"), act="cards.answer"),
    Key("p", label("Pass"), act="cards.pass"),
    Key("r", label("Reject"), act="cards.reject"),
    Key("n", label("New promise"), act="cards.promise"),
    Key("u", label("Return"), act="cards.return"),
    Key(
        "m",
        label("Repair time"),
        act="cards.time",
        # A repair that begins without the clock: its time is written down afterwards.
        also=(("cards.start", label("Repair time")),),
        typed=(("clock", "n"),),
        shown=False,
    ),
    Key("o", label("Take a part out again"), act="cards.take_out", shown=False),
    Key("e", label("Estimate told"), act="cards.estimate", shown=False),
    Key("y", label("Estimate approved"), act="cards.approve", shown=False),
    Key("d", label("Estimate declined"), act="cards.decline", shown=False),
    Key(
        "t",
        label("To the factory"),
        act="cards.to_factory",
        also=(("cards.from_factory", label("Back from the factory")),),
        shown=False,
    ),
    Key("x", label("Beyond repair"), act="cards.beyond_repair", shown=False),
    Key("c", label("Take to the customer"), act="cards.take_along", shown=False),
    Key("b", label("Bring back undelivered"), act="cards.bring_again", shown=False),
    Key("X", label("Void a card"), act="cards.void", shown=False),
    CUSTOMER_KEY._replace(key="U"),
    complaint_key(),
    print_key("card", "number"),
)
"""What can be done to a card, on the list and on the page; every F-key of the bench has a letter, too."""

NEXT: Mapping[str, str] = {
    IN_REPAIR: label("Next: finish, then the service supervisor passes it."),
    WAITING_PARTS: label("Next: resume when the parts have arrived."),
    AT_FACTORY: label("Next: the clerk books it back from the factory."),
    PASSED: label("Next: return it to the customer; the receipt comes back and is voided."),
    UNREPAIRED: label("Next: return it unrepaired to the customer."),
}


class Bench(NamedTuple):
    """What hangs on a card."""

    times: list[TimeLineRow]
    parts: list[PartLineRow]
    promises: list[PromiseRow]
    assistance: list[AssistanceRow]
    estimates: list[EstimateRow]
    before: list[tuple[str, str, int]]
    currency: str


def gather(look: Look, row: CardRow) -> Bench:
    """Read it; runs in the reader's thread."""
    from servicedesk.store import repair_cards as cards

    return Bench(
        cards.time_lines(look.store, row.id),
        cards.part_lines(look.store, row.id),
        cards.promises(look.store, row.id),
        cards.assistance(look.store, row.id),
        cards.estimates(look.store, row.id),
        cards.worked_before(look.store, row.model_no, row.fault_code) if row.fault_code else [],
        look.unit(row.unit).currency,
    )


def running_minutes(seen: Seen, row: CardRow) -> int:
    """How long the clock has been running."""
    return 0 if row.running_since is None else int((seen.now - row.running_since).total_seconds()) // 60


def needs_help(seen: Seen, row: CardRow) -> bool:
    """Late, at the bench, and nobody was asked for assistance (003 Art. 11)."""
    return row.state in AT_THE_BENCH and not row.assistance and row.late(seen.now)


def next_step(seen: Seen, row: CardRow) -> str:
    """Who does what now."""
    words = seen.words
    if needs_help(seen, row):
        return words(label("Next: the promised time has passed. F10 asks the supervisor for help."))
    if row.assistance:
        return words(label("Next: the service supervisor answers the request for assistance."))
    if row.estimate == "open":
        return words(label("Next: the customer's word on the estimate."))
    if row.state == WAITING:
        return words(label("Next: F6 starts the repair.") if row.technician else label("Next: assign a technician."))
    if row.state == REPAIRED:
        return words(say("Next: the service supervisor inspects and passes it, not {name}.", name=row.technician_name))
    if row.state == BEYOND_REPAIR and row.service_type == "C":
        return words(label("Next: a return or exchange is due."))
    return words(NEXT.get(row.state, ""))


def parts(seen: Seen, row: CardRow, bench: Bench) -> Iterator[Part]:
    """The card in paper order."""
    words = seen.words
    holder = words(HOLDERS.get(row.voucher_holder, row.voucher_holder))
    yield label("Goods in"), side_by_side(seen.moment(row.came_in_at), row.goods, row.receipt)
    yield label("Call"), side_by_side(row.call, words.joined((row.voucher, holder)))
    kind = words(TYPES[row.service_type])
    yield label("Customer"), side_by_side(row.customer_name, seen.telephone(row), kind)
    yield label("Product"), side_by_side(row.model_no, row.product_name, row.serial_no, row.accessories)
    yield label("Symptom"), row.symptom
    left = seen.left(row.unit, row.promised_at) if row.state in (*AT_THE_BENCH, AT_FACTORY, REPAIRED) else ""
    yield label("Promised"), side_by_side(words.moment(row.promised_at), left)
    yield label("Technician"), row.technician_name
    yield from _repair(seen, row, bench)
    yield from _history(seen, row, bench)


def _repair(seen: Seen, row: CardRow, bench: Bench) -> Iterator[Part]:
    words = seen.words
    codes = words.joined(
        words(known[code]) for known, code in ((FAULTS, row.fault_code), (CAUSES, row.cause_code)) if code
    )
    before = words.joined(f"{words(RESOLUTIONS.get(code, code))} {work} {count}" for code, work, count in bench.before)
    yield label("Fault found"), side_by_side(row.found, codes)
    yield label("Worked before"), before
    done = words(RESOLUTIONS[row.resolution_code]) if row.resolution_code else ""
    yield label("Work done"), side_by_side(row.work, done)
    yield label("Time"), [_time(seen, line) for line in bench.times]
    yield label("Parts"), [_part(seen, line, bench.currency) for line in bench.parts]
    if row.no_parts and not bench.parts:
        yield label("Parts"), words(label("none needed"))
    if row.parts_due:
        yield label("On order"), words(say("{count} parts", count=row.parts_due))


def _time(seen: Seen, line: TimeLineRow) -> tuple[str, ...]:
    words = seen.words
    began, name = words.moment(line.began_at), line.technician_name
    if line.ended_at is None:
        minutes = int((seen.now - line.began_at).total_seconds()) // 60
        return f"{began}-", words(say("running {minutes} min", minutes=minutes)), name
    return f"{began}-{words.time(line.ended_at)}", words(say("{minutes} min", minutes=line.minutes)), name


def _part(seen: Seen, line: PartLineRow, currency: str) -> tuple[str, ...]:
    from servicedesk.domain.charges import BASES

    words = seen.words
    end = label("taken out again") if line.taken_out else OLD_PARTS[line.old_part]
    amount = show_amount(line.amount, currency) if line.amount else ""
    return line.part, line.name, f"{line.quantity} {line.measure}".strip(), words(BASES[line.basis]), amount, words(end)


def _history(seen: Seen, row: CardRow, bench: Bench) -> Iterator[Part]:
    words = seen.words
    for told in bench.estimates:
        said = say("told {whom} {at}, {how}", whom=told.told_whom, at=told.told_at, how=told.told_how)
        end = words(ESTIMATES.get(told.state, told.state))
        yield (
            label("Estimate"),
            side_by_side(told.number, show_amount(told.amount, bench.currency), words(said), end, told.decided_by),
        )
    for asked in bench.assistance:
        answer = words(ANSWERS[asked.answer]) if asked.answer else words(label("not answered yet"))
        yield (
            label("Assistance"),
            side_by_side(words.moment(asked.asked_at), asked.asked_by_name, asked.reason, answer, asked.note),
        )
    if len(bench.promises) > 1:
        yield label("Promises"), [_promise(words, promise) for promise in bench.promises]
    if row.passed_at is not None:
        yield label("Passed"), side_by_side(words.moment(row.passed_at), row.passed_by_name)
    yield label("Returned"), seen.moment(row.returned_at)
    yield label("Reason"), row.reason
    yield label("Remarks"), row.remarks


def _promise(words: Words, promise: PromiseRow) -> tuple[str, ...]:
    return f"{promise.nth}.", words.moment(promise.promised_at), promise.by_name, promise.reason


ESTIMATES: Mapping[str, str] = {
    "open": label("waits for the customer's word"),
    "withdrawn": label("withdrawn"),
    "approved": label("approved"),
    "declined": label("declined"),
}


def beside(seen: Seen, row: CardRow) -> str:
    """State and technician of the title."""
    state = seen.words(Sentence(STATES[row.state]))
    late = f"! {seen.left(row.unit, row.promised_at)}" if row.late(seen.now) else ""
    return "   ".join(filter(None, (seen.words.joined(filter(None, (state, row.technician_name))), late)))


class RepairCardScreen(PaperScreen):
    """The repair card on screen."""

    PAPER = PaperPage(
        heading=label("Repair card"),
        register="repair_cards:CARDS",
        sees=SEES_CARDS,
        gather=gather,
        parts=parts,
        beside=beside,
        next_step=next_step,
        keys=CARD_KEYS,
    )
