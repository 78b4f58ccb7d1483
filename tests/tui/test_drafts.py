"""Unfinished forms: kept while they are filled in, offered again, gone once they are written."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from servicedesk.config import where
from servicedesk.store import calls
from servicedesk.tui import form as form_module
from servicedesk.tui.drafts import Draft, Drafts, DraftsScreen
from tests.tui.forms import Forms, forms
from tests.world import World

AT = datetime(2026, 11, 23, 6, 2, tzinfo=UTC)
TYPED = {
    "caller": "13812345678",
    "customer": "王小明",
    "address": "福田区深南路12号3栋502",
    "model_no": "KFR-35GW",
    "symptom": "不制冷",
}


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    made.at("2026-11-23 14:20")
    yield made
    made.close()


@pytest.fixture
async def desk(world: World, sqlite_url: str) -> AsyncIterator[Forms]:
    async with forms(world, sqlite_url) as opened:
        yield opened


def kept(login: str = "lin") -> list[Draft]:
    return [draft for books in sorted(where()["drafts"].glob("*")) for draft in Drafts(books, login).all()]


# The files


def test_a_draft_comes_back_as_it_was(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts", "lin")
    first = Draft("b" * 32, "calls.finish", (("SZ-C-261123-0001", 3),), {"cause": "王\ud800[/x]"}, AT)
    second = Draft("a" * 32, "calls.log", (), {"caller": "138"}, AT.replace(minute=3))
    drafts.save(second)
    drafts.save(first)
    assert drafts.all() == [first, second]
    drafts.drop(first.request)
    drafts.drop(first.request)
    assert drafts.all() == [second]


def test_drafts_are_the_persons_own(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts", "../lin")
    drafts.save(Draft("a" * 32, "calls.log", (), {"caller": "138"}, AT))
    assert Drafts(tmp_path / "drafts", "guo").all() == []
    (path,) = (tmp_path / "drafts").rglob("*.json")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.parent.parent == tmp_path / "drafts"
    assert list(path.parent.iterdir()) == [path], "nothing is left beside it"


def test_what_is_no_draft_is_not_offered(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path, "lin")
    drafts.save(Draft("a" * 32, "calls.log", (), {"caller": "138"}, AT))
    (drafts.folder / "torn.json").write_text('{"request": "b')
    (drafts.folder / "other.json").write_text(json.dumps(["x"]))
    assert [draft.request for draft in drafts.all()] == ["a" * 32]


# While a form is filled in


async def test_a_field_left_is_kept_and_gone_once_written(desk: Forms, world: World) -> None:
    form = await desk.open("calls.log")
    assert kept() == []
    await desk.type("13812345678")
    await desk.keys("enter")
    (draft,) = kept()
    assert (draft.act, draft.request, draft.typed["caller"]) == ("calls.log", form.request, "13812345678")
    assert "draft kept 14:20" in desk.shown()
    for name, text in TYPED.items():
        form.sheet.go_to(form.fields[name])
        await desk.type(text if name != "caller" else "")
    await desk.keys("f2")
    assert kept() == []
    assert world.read(calls.one, "SZ-C-261123-0001") is not None


async def test_a_pause_between_keys_keeps_it(desk: Forms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_module, "PAUSE", 0.001)
    await desk.open("calls.log")
    await desk.type("王")
    for _ in range(1_000):
        if kept():
            break
        await desk.pilot.pause()
    assert [draft.typed["caller"] for draft in kept()] == ["王"]


async def test_nothing_typed_keeps_nothing(desk: Forms) -> None:
    await desk.open("calls.log")
    await desk.keys("enter", "enter", "escape")
    assert kept() == []
    assert desk.host.told == []
    await desk.open("calls.log")
    await desk.type("1")
    await desk.keys("enter")
    assert len(kept()) == 1
    await desk.keys("up", "backspace", "enter")
    assert kept() == []


async def test_leaving_keeps_it_and_says_so(desk: Forms) -> None:
    await desk.open("calls.log")
    await desk.type("王")
    await desk.keys("escape")
    assert desk.host.told == ["Kept as an unfinished form."]
    assert desk.host.done == [None]
    assert [draft.typed["caller"] for draft in kept()] == ["王"]


async def test_an_unfinished_form_is_gone_on_with(desk: Forms, world: World) -> None:
    first = await desk.open("calls.log")
    await desk.type("13812345678")
    first.sheet.go_to(first.fields["symptom"])
    await desk.type("漏水")
    late = Thread(target=first.save_now)  # as when the terminal is lost while the event loop stands still
    late.start()
    late.join()
    (draft,) = kept()
    world.at("2026-11-23 15:40")
    second = await desk.open("calls.log", draft=draft)
    assert second.request == first.request
    assert second.fields["symptom"].entered == "漏水"
    for name in ("customer", "address", "model_no"):
        second.sheet.go_to(second.fields[name])
        await desk.type(TYPED[name])
    await desk.keys("f2")
    row = world.read(calls.one, "SZ-C-261123-0001")
    assert row is not None
    assert (row.symptom, row.telephone) == ("漏水", "13812345678")
    assert row.called_at == datetime(2026, 11, 23, 6, 20, tzinfo=UTC), "when the customer called"
    assert kept() == []


async def test_a_retry_after_a_crash_writes_no_second_call(desk: Forms, world: World) -> None:
    number = world.do("lin", "calls.log", request="c" * 32, **TYPED).numbers[0]
    await desk.open("calls.log", draft=Draft("c" * 32, "calls.log", (), TYPED, AT))
    await desk.keys("f2")
    (done,) = desk.host.done
    assert done is not None
    assert desk.host.words(done.sentence) == f"Already saved as {number}."
    assert world.read(calls.one, "SZ-C-261123-0002") is None


async def test_a_passphrase_is_never_kept(desk: Forms) -> None:
    form = await desk.open("staff.passphrase")
    await desk.type("four quiet green lanterns")
    await desk.keys("enter")
    form.save_now()
    assert "four" not in desk.shown()
    await desk.keys("escape")
    assert kept() == []


# The list


async def test_drafts_are_offered_resumed_and_discarded(desk: Forms, world: World) -> None:
    number = world.do("lin", "calls.log", request="c" * 32, **TYPED).numbers[0]
    drafts = Drafts(where()["drafts"], "lin")
    typed = {"called_at": AT.isoformat(), "caller": "[/x] [red]"}
    drafts.save(Draft("a" * 32, "calls.log", (), typed, AT))
    drafts.save(Draft("b" * 32, "calls.log", (), {"caller": "李秀英"}, AT.replace(minute=3)))
    drafts.save(Draft("c" * 32, "calls.log", (), TYPED, AT.replace(minute=4)))
    chosen: list[Draft | None] = []
    await desk.host.push_screen(DraftsScreen(drafts), chosen.append)
    await desk.settle()
    shown = desk.shown()
    assert "Log a call from Mon 23 Nov 14:02  [/x] [red]" in shown
    assert f"Log a call: already saved as {number}." in shown
    await desk.keys("d", "n")
    assert len(drafts.all()) == 3
    await desk.keys("d", "y")
    assert [draft.request for draft in drafts.all()] == ["b" * 32, "c" * 32]
    await desk.keys("down", "enter")
    assert [draft.request for draft in drafts.all()] == ["b" * 32], "what is in the books is only put away"
    await desk.keys("enter")
    assert [draft.request for draft in chosen if draft is not None] == ["b" * 32]


async def test_a_draft_of_an_act_that_is_gone_is_not_opened(desk: Forms) -> None:
    drafts = Drafts(where()["drafts"], "lin")
    drafts.save(Draft("a" * 32, "calls.forgotten", (), {"caller": "138"}, AT))
    await desk.host.push_screen(DraftsScreen(drafts))
    await desk.settle()
    assert "calls.forgotten from Mon 23 Nov 14:02" in desk.shown()
    await desk.keys("enter")
    assert isinstance(desk.host.screen, DraftsScreen)
    assert len(drafts.all()) == 1


async def test_a_form_gone_on_with_after_somebody_else_wrote_shows_both_values(desk: Forms, world: World) -> None:
    number = world.do("lin", "calls.log", **TYPED).numbers[0]
    typed = {
        "symptom": "漏水",
        "zone": "urban",
        "telephone": "138 1234 5678",
        "remarks": "带梯子",
        "called_at": "2026-11-23 14:20",
        "reason": "听错",
    }
    draft = Draft("d" * 32, "calls.correct", ((number, 1),), typed, AT)
    world.do("guo", "calls.correct", number, symptom="有[/x]异响", zone="suburban", reason="再问过")
    form = await desk.open("calls.correct", draft=draft)
    shown = desk.shown()
    assert f"{number} was changed by 郭强" in shown
    assert "Symptom: here stands “漏水”, in the books “有[/x]异响”." in shown
    assert "Zone: here stands “urban”, in the books “suburban”." in shown
    assert "Remarks: here stands “带梯子”, in the books “”." in shown
    assert not any(f"{field}: here stands" in shown for field in ("Telephone", "Called at", "Reason"))
    assert form.fields["symptom"].entered == "漏水"
    await desk.keys("f2")
    row = world.read(calls.one, number)
    assert row is not None
    assert (row.symptom, row.remarks, row.zone) == ("漏水", "带梯子", "urban")
