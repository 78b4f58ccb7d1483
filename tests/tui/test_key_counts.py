"""How many keys the common work takes, besides the words that are typed; counted by pressing them."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from servicedesk.store import calls
from tests.tui.scenes import Scene, at_work, desk, log_calls, painted, settled
from tests.world import World

NUMBER = "SZ-C-261123-0001"


class Hand:
    """Presses keys and counts them; what is typed as words does not count."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot
        self.pressed = 0

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            self.pressed += 1
            await settled(self.pilot)

    async def type(self, words: str) -> None:
        await self.pilot.press(*words)
        await settled(self.pilot)


def sent_out(world: World) -> None:
    """Chen was sent to the call at half past nine; the voucher came back signed in the afternoon."""
    log_calls(world, work=False)
    world.at("2026-11-23 09:30")
    world.do("guo", "calls.dispatch", NUMBER, technician="chen")
    world.at("2026-11-23 14:20")


async def test_a_signed_voucher_is_keyed_in_and_struck_off_in_twelve_keys(tmp_path: Path) -> None:
    with desk(Scene("paper", books=sent_out), str(tmp_path / "books.db")) as app:
        async with app.run_test(size=(80, 24)) as pilot:
            await at_work(pilot)
            app.screen.query_one("RegisterList").focus()
            hand = Hand(pilot)
            while NUMBER not in painted(app):
                await pilot.press("down")
                await settled(pilot)
            await hand.press("a")
            await hand.type("1005")
            await hand.press("f2", "n")
            await hand.type("1050")
            await hand.press("enter")
            await hand.type("compressor starter")
            await hand.press("enter")
            await hand.type("starter replaced")
            await hand.press("f2", "b", "y", "s", "y")
            row = await app.door.read(lambda reading: calls.one(reading, NUMBER))
    assert row is not None
    assert (row.state, row.signed, row.voucher_holder, row.struck_off_by) == ("struck_off", "signed", "clerk", "lin")
    assert (row.arrived_at.hour, row.arrived_at.minute) == (2, 5) if row.arrived_at else False
    assert hand.pressed <= 12
