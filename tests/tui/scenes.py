"""The scenes of screens.md and of the snapshots: who sits where, what is in the books, which keys are pressed.

`python -m tests.tui.scenes` draws them anew into screens.md, with the key tables of the code.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from servicedesk.config import Settings
from servicedesk.domain.rights import ACCOUNTANT, ANALYST, DEPUTY_GM, TECHNICIAN
from servicedesk.domain.rulebook import RULES
from servicedesk.store import people
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.confirm import Confirm
from servicedesk.tui.door import DEMO, NOBODY
from servicedesk.tui.fields import LOOK_AFTER
from servicedesk.tui.form import PAUSE, FormScreen
from servicedesk.tui.keys import Key
from servicedesk.tui.screens.start import StartScreen
from tests.tui.scenes_complaints import COMPLAINT_SCENES
from tests.tui.scenes_reports import REPORT_SCENES
from tests.tui.scenes_start import start_scenes
from tests.tui.scenes_workshop import WORKSHOP
from tests.world import World

DOCUMENT = Path(__file__).resolve().parents[2] / "screens.md"

CALLS: tuple[tuple[str, str, str, str, str, str, str, str], ...] = (
    ("2026-11-20 16:40", "陈国强", "13700001111", "福田区", "福强路3号1栋401", "RO-400G-A", "漏水", "2027-01-01"),
    ("2026-11-20 17:10", "李秀英", "13922223333", "龙岗区", "中心城8号", "XQG100-14B", "不脱水", ""),
    (
        "2026-11-23 08:40",
        "王小明",
        "13812345678",
        "福田区",
        "深南路12号3栋502",
        "KFR-35GW/NhAa1BAj",
        "不制冷",
        "2027-03-02",
    ),
    (
        "2026-11-23 08:50",
        "宏图伟业科技股份有限公司深圳分公司",
        "075523456789",
        "南山区",
        "科技园南区1号",
        "AD350",
        "异响",
        "",
    ),
    (
        "2026-11-23 09:10",
        "周敏",
        "13633334444",
        "盐田区",
        "沙头角5号",
        "JSQ25-13GFC",
        "点不着火 [/x] [red]",
        "2027-05-05",
    ),
    ("2026-11-23 09:20", "Rebecca Fleming", "13566667777", "福田区", "彩田路7号", "L55E5800A", "no picture", ""),
)
"""Called at, customer, telephone, district, street, model, symptom, warranty until (empty: paid)."""


def log_calls(world: World, *, work: bool = True) -> None:
    """The calls of Friday afternoon and Monday morning; some of them sent, one there, one done."""
    for at, name, telephone, district, street, model, symptom, until in CALLS:
        world.at(at)
        world.do(
            "lin",
            "calls.log",
            customer=name,
            telephone=telephone,
            district=district,
            address=f"{district}{street}",
            model_no=model,
            symptom=symptom,
            warranty_until=until,
        )
    world.at("2026-11-23 09:30")
    if work:
        world.do("guo", "calls.dispatch", "SZ-C-261120-0002", technician="zhao")
        world.do("guo", "calls.dispatch", "SZ-C-261123-0002", technician="chen")
        world.do("guo", "calls.dispatch", "SZ-C-261123-0004", technician="liu")
        world.at("2026-11-23 10:05")
        world.do("liu", "calls.arrive", "SZ-C-261123-0004")
        world.do("chen", "calls.arrive", "SZ-C-261123-0002")
        world.at("2026-11-23 10:40")
        world.do(
            "chen",
            "calls.finish",
            "SZ-C-261123-0002",
            cause="支架松动",
            work="紧固支架",
            fees="labour 80",
            collected="y",
        )
    world.at("2026-11-23 14:20")


def nothing(world: World) -> None:
    """Books that have staff and no calls."""
    world.at("2026-11-23 14:20")


def absent(world: World) -> None:
    """The same calls, and a technician who is ill."""
    log_calls(world)
    world.do("guo", "staff.absence", "sun", begins="2026-11-23 08:00", ends="2026-11-23 18:00", reason="ill")


def late(world: World) -> None:
    """The same calls at five in the afternoon: some are late, and one customer is to be told of a new technician."""
    log_calls(world)
    world.do("guo", "calls.reassign", "SZ-C-261120-0002", technician="wu", reason="car broke down")
    world.at("2026-11-23 17:00")


def next_morning(world: World) -> None:
    """The same calls a day later; the vouchers did not come back."""
    log_calls(world)
    world.at("2026-11-24 08:40")


@dataclass(frozen=True)
class Scene:
    """One picture of a screen."""

    name: str
    keys: tuple[str, ...] = ()
    login: str = "lin"
    books: Callable[[World], None] = log_calls
    language: str = "en"
    size: tuple[int, int] = (80, 24)
    signed_in: bool = True
    at_start: bool = False


START_SCENES = start_scenes(log_calls, nothing)
SCENES: dict[str, Scene] = {
    scene.name: scene
    for scene in (
        Scene("sign-in", signed_in=False),
        Scene("calls"),
        Scene("calls-empty", books=nothing),
        Scene("calls-urgent", login="guo"),
        Scene("calls-search", ("slash", *"王小")),
        Scene("calls-filter", ("f",)),
        Scene("calls-views", ("v",)),
        Scene("calls-wide", size=(120, 36)),
        Scene("calls-zh-cn", language="zh_CN"),
        Scene("calls-zh-tw", language="zh_TW"),
        Scene("log-empty", ("f2",), books=nothing),
        Scene("log-known", ("f2", *"13812345678")),
        Scene("log-chosen", ("f2", *"13812345678", "enter")),
        Scene("log-zh-cn", ("f2", *"13812345678", "enter"), language="zh_CN"),
        Scene("finish", ("n",), login="liu"),
        Scene("strike-off-refused", ("s",)),
        Scene("call", ("enter",)),
        Scene("why", ("f8",)),
        Scene("customer", ("f7",)),
        Scene("dispatch", ("2",), login="guo"),
        Scene("dispatch-zh-cn", ("2",), login="guo", language="zh_CN"),
        Scene("dispatch-road", ("2", "w"), login="guo"),
        Scene("tellings", ("2", "i"), login="guo", books=late),
        Scene("team", ("2", "a"), login="guo", books=absent),
        Scene("absence", ("2", "a", "down", "down", "down", "down", "m"), login="guo"),
        Scene("overnight", ("O",), books=next_morning),
        Scene("day", ("5",), login="liu"),
        Scene("palette", ("colon", *"str")),
        Scene("help", ("f1",)),
        *(Scene(**given) for given in (*WORKSHOP, *COMPLAINT_SCENES, *REPORT_SCENES, *START_SCENES)),
    )
}


@contextmanager
def desk(scene: Scene, database: str) -> Iterator[ServiceDesk]:
    """The desk of a scene over fresh books at this place."""
    world = World(database)
    scene.books(world)
    if scene.signed_in:
        with world.books.writing() as writing:
            people.set_fact(writing, people.facts(writing), DEMO, "yes")
    app = ServiceDesk(
        Settings(database=database, language=scene.language),
        scene.login if scene.signed_in else None,
        lambda: world.now.astimezone(),
        live=False,
    )
    try:
        yield app
    finally:
        app.door.close()
        world.close()


def waits_for_the_person(app: ServiceDesk) -> bool:
    """Whether an act that has begun goes on only when a form or a question is answered, or somebody signs in."""
    screens = [screen for stack in app._screen_stacks.values() for screen in stack]
    return not app.door.seated.is_set() or any(isinstance(screen, FormScreen | Confirm) for screen in screens)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until everything that was begun is done, or waits for the person."""
    app, quiet = cast(ServiceDesk, pilot.app), 0
    while quiet < 4:  # what has just ended may begin something else a few messages later
        running = [worker for worker in app.workers if worker.group != "acts"]
        for worker in running:
            with suppress(WorkerCancelled):  # one of its kind has taken its place
                await worker.wait()
        acting = any(worker.group == "acts" for worker in app.workers) and not waits_for_the_person(app)
        quiet = 0 if running or acting else quiet + 1
        await pilot.pause()


async def at_work(pilot: Pilot[None]) -> None:
    """Wait until the person sits there, then leave the start page for the desk of their own work."""
    await settled(pilot)
    app = cast(ServiceDesk, pilot.app)
    actor = app.door.actor
    if isinstance(app.screen, StartScreen) and actor is not NOBODY:
        own = {TECHNICIAN: "5", ACCOUNTANT: "6", DEPUTY_GM: "4", ANALYST: "4"}
        await pilot.press(next((digit for role, digit in own.items() if actor.has(role)), "1"))
        await settled(pilot)


async def play(scene: Scene, pilot: Pilot[None]) -> None:
    """Press the scene's keys, each after the one before has had its effect."""
    await (settled(pilot) if scene.at_start else at_work(pilot))
    for key in scene.keys:
        await pilot.press(key)
        await settled(pilot)
    # A lookup waits for the hand to stop before it asks, a form before it is kept.
    await pilot.pause(1.1 * (PAUSE if isinstance(pilot.app.screen, FormScreen) else LOOK_AFTER))
    await settled(pilot)


def painted(app: ServiceDesk) -> str:
    """What stands on the screen, without colours."""
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(part.text for part in line).rstrip() for line in lines)


def drawing(scene: Scene, folder: Path) -> str:
    """The scene as text."""

    async def drawn() -> str:
        with desk(scene, str(folder / f"{scene.name}.db")) as app:
            async with app.run_test(size=scene.size) as pilot:
                await play(scene, pilot)
                return painted(app)

    return asyncio.run(drawn())


def key_table(place: str) -> str:
    """The keys of a screen class `module:Class` as a table: key, what it does, which act it writes."""
    module, _, name = place.partition(":")
    keys: tuple[Key, ...] = getattr(importlib.import_module(f"servicedesk.tui.{module}"), name).KEYS
    lines = ["| key | does | writes |", "|---|---|---|"]
    for key in keys:
        act = "<br>".join(f"`{act}`: {RULES[act].label}" for act, _ in key.meanings)
        shown = " ".join(f"`{one}`" for one in key.keys).replace("|", "\\|")
        lines.append(f"| {shown} | {' / '.join(key.labels)} | {act} |")
    return "\n".join(lines)


def redrawn(document: str, draw: Callable[[Scene], str]) -> str:
    """The document with every drawing and key table made anew after its mark."""
    out: list[str] = []
    lines = iter(document.splitlines())
    for line in lines:
        out.append(line)
        if line.startswith("<!-- drawing "):
            scene = SCENES[line.split()[2]]
            out += ["```text", draw(scene), "```"]
            skip_fence(lines)
        elif line.startswith("<!-- keys "):
            out += ["", key_table(line.split()[2]), ""]
            out += skip_table(lines)
    return "\n".join(out) + "\n"


def skip_fence(lines: Iterator[str]) -> None:
    """Pass over the old drawing."""
    if next(lines, "") != "```text":
        raise SystemExit("a drawing's mark must be followed by a ```text block")
    for line in lines:
        if line == "```":
            return


def skip_table(lines: Iterator[str]) -> list[str]:
    """Pass over the old table; gives the line that ended it."""
    for line in lines:
        if line and not line.startswith("|"):
            return [line]
    return []


def main() -> None:
    """Draw screens.md anew."""
    os.environ.pop("NO_COLOR", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_DATA_HOME"] = os.environ["XDG_CONFIG_HOME"] = folder
        document = redrawn(DOCUMENT.read_text(encoding="utf-8"), lambda scene: drawing(scene, Path(folder)))
    DOCUMENT.write_text(document, encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT.name} drawn anew\n")


if __name__ == "__main__":
    main()
