"""The customer's file: every record of one customer on one page, and how the customer is to be treated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from servicedesk.store import customers, people, tables
from servicedesk.tui.app import ServiceDesk
from servicedesk.tui.customer_file import FIRST_READ, KINDS, read_file
from servicedesk.tui.door import DEMO
from servicedesk.tui.register_list import RegisterList
from servicedesk.tui.screen import DeskScreen
from servicedesk.tui.screens.call import CallScreen
from servicedesk.tui.screens.complaint import ComplaintScreen
from servicedesk.tui.screens.customer import CustomerScreen
from servicedesk.tui.screens.goods import GoodsLineScreen
from servicedesk.tui.screens.money import ChargeScreen
from servicedesk.tui.screens.note import NoteScreen
from servicedesk.tui.screens.repair_card import RepairCardScreen
from tests.acts.complaining import received
from tests.acts.rounds import carried_back, done, logged
from tests.acts.shop import open_card
from tests.tui.scenes import at_work, painted, settled
from tests.tui.test_calls_screen import desk_of, press
from tests.world import World

NOTE = "先打电话再上门 [/x] [red]\n不要敲门，老人在午睡"
ALL = ["products", "products", "complaints", "goods", "cards", "calls", "charges", "calls"]
TELEPHONE = "139 0001 2233"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """One customer with a job charged in October, an article in the shop and a complaint in November; and another."""
    world = World(sqlite_url)
    with world.books.writing() as writing:
        people.set_fact(writing, people.facts(writing), DEMO, "yes")
    known = {"customer": "何建军", "telephone": "13900012233", "district": "福田区", "address": "福田区深南路12号"}
    world.at("2026-10-12 09:00")
    done(world, fees="labour 80", collected="y", model_no="KFR-35GW", symptom="不制冷", **known)
    world.at("2026-11-20 09:00")
    again = {"caller": "000001", "model_no": "BCD-452WDPF", "symptom": "漏水", "warranty_until": "2027-01-01"}
    fetched = carried_back(world, **(known | again))
    world.at("2026-11-20 14:00")
    open_card(world, fetched)
    world.at("2026-11-21 09:00")
    received(world, customer_name="000001", content="维修人员态度不好")
    world.at("2026-11-23 09:00")
    logged(world, customer="孙丽华", telephone="13811110000", model_no="XQG100", symptom="异响")
    world.at("2026-11-23 10:00")
    yield world
    world.close()


def kinds(app: ServiceDesk) -> list[str]:
    """The kinds of the lines, in their order."""
    return [line.kind.name for line in app.screen.query_one("#list", RegisterList).rows]


def told(app: ServiceDesk) -> str:
    """The note over the page; empty where there is none."""
    return str(app.screen.query_one("#note", Static).content) if isinstance(app.screen, NoteScreen) else ""


def front(app: ServiceDesk) -> type[object]:
    return type(app.screen)


async def file_of(pilot: Pilot[None], app: ServiceDesk, number: str = "000001") -> None:
    """Open the file."""
    await settled(pilot)
    app.open_customer(number)
    await settled(pilot)


def noted(world: World) -> None:
    world.do("lin", "customers.correct", "000001", note=NOTE)


async def test_every_kind_of_record_stands_on_one_page_the_newest_first(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await file_of(pilot, app)
        assert kinds(app) == ALL
        page = painted(app)
        assert "000001   何建军   products 2, open calls 2" in page
        assert TELEPHONE in page
        assert "BCD-452WDPF" in page
        assert "warranty to 1 Jan 2027" in page
        assert "2026-11-21 complaint   维修人员态度不好" in page
    app.door.close()


async def test_what_the_posts_do_not_see_is_left_out_and_telephones_are_masked(world: World) -> None:
    for login, seen in (
        ("acc", ["products", "products", "calls", "charges", "calls"]),
        ("bjclerk", ["products", "products"]),
        ("liu", ["products", "products", "cards"]),
        ("xu", ALL),
    ):
        app = desk_of(world, login)
        async with app.run_test(size=(80, 24)) as pilot:
            await file_of(pilot, app)
            assert (login, kinds(app)) == (login, seen)
            assert (TELEPHONE in painted(app)) == (login in ("acc", "bjclerk"))
        app.door.close()


@pytest.mark.parametrize(
    ("key", "kind", "page"),
    [
        ("C", "calls", CallScreen),
        ("K", "cards", RepairCardScreen),
        ("w", "goods", GoodsLineScreen),
        ("l", "complaints", ComplaintScreen),
        ("I", "charges", ChargeScreen),
        ("o", "products", CallScreen),
    ],
)
async def test_one_key_lists_a_kind_and_enter_opens_the_paper(
    world: World, key: str, kind: str, page: type[DeskScreen]
) -> None:
    app = desk_of(world, "acc" if kind == "charges" else "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await file_of(pilot, app)
        await press(pilot, key)
        assert set(kinds(app)) == {kind}
        await press(pilot, "enter")
        assert front(app) is page
        await press(pilot, "escape", "escape")
        assert len(set(kinds(app))) > 1
        await press(pilot, "escape")
        assert front(app) is not CustomerScreen
    app.door.close()


async def test_v_steps_through_the_kinds(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await file_of(pilot, app)
        for kind in KINDS:
            await press(pilot, "v")
            assert f"[{kind.label}]" in painted(app)
        await press(pilot, "tab")
        assert len(set(kinds(app))) > 1
    app.door.close()


async def test_a_search_narrows_every_kind_by_its_words(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await file_of(pilot, app)
        await press(pilot, "K", "slash", *"452wd", "enter")
        assert kinds(app) == ["products", "goods", "cards", "calls"]
        assert "[/452wd]" in painted(app)
        await press(pilot, "slash", *["backspace"] * 5, *"态度", "enter")
        assert kinds(app) == ["complaints"]
        await press(pilot, "slash", *["backspace"] * 2, *"nothing", "enter")
        assert "Nothing is found. Esc ends the search." in painted(app)
        await press(pilot, "escape")
        assert kinds(app) == ALL
    app.door.close()


async def test_the_file_follows_what_is_written_and_starts_acts_of_the_customer(world: World) -> None:
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await file_of(pilot, app)
        world.do("lin", "customers.correct", "000001", remarks="喜欢上午", language="zh_TW")
        await press(pilot, "f5")
        assert "Remarks: 喜欢上午" in painted(app)
        assert "Language: Traditional Chinese" in painted(app)
        await press(pilot, "n")
        assert told(app).splitlines() == ["Remarks: 喜欢上午", "", "Language: Traditional Chinese"]
        await press(pilot, "enter", "K", "B")
        assert app.screen.fields["about"].entered == "SZ-K-261120-0001"  # type: ignore[attr-defined]
    app.door.close()


def fill(world: World, calls: int) -> None:
    """So many more calls of the customer, struck off, written straight into the tables."""
    with world.books.writing() as writing:
        row = writing.one(customers._CALLS, customer_id=1)
        assert row is not None
        product = customers.newest_products(writing, 1, 1)[0]
        unit, clerk = (
            int(writing.connection.exec_driver_sql(asked).scalar_one())
            for asked in ("SELECT id FROM units WHERE code = 'SZ'", "SELECT id FROM staff WHERE login = 'lin'")
        )
        for nth in range(calls):
            at = world.at("2026-11-23 10:00").replace(microsecond=0)
            writing.add(
                tables.Call,
                number=f"SZ-C-2701{nth // 9000:02}-{nth % 9000:04}",
                unit_id=unit,
                state="struck_off",
                called_at=at,
                logged_at=at,
                channel="telephone",
                customer_id=1,
                customer_name="何建军",
                telephone="13900012233",
                address="福田区",
                zone="urban",
                product_id=product.id,
                model_no=product.model_no,
                symptom=f"第{nth}次",
                service_type="A",
                voucher_id=product.voucher_id,
                further=True,
                logged_by=clerk,
            )


async def test_a_customer_of_many_calls_is_read_in_parts_and_to_the_end(world: World) -> None:
    fill(world, 400)
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await file_of(pilot, app)
        screen = app.screen
        assert isinstance(screen, CustomerScreen)
        await press(pilot, "end")
        last = screen.lines.row
        assert last is not None
        assert (last.kind.name, last.row.number) == ("calls", "SZ-C-261012-0001")
        await press(pilot, "home", *["pagedown"] * 30)
        assert screen.lines.row == last
        await press(pilot, "slash", *"第7次", "enter")
        assert [line.row.symptom for line in screen.lines.rows] == ["第7次"]
    app.door.close()


def test_opening_reads_no_more_of_each_kind_than_is_shown(world: World) -> None:
    from servicedesk.acts.desk import Look
    from servicedesk.locales import Words

    fill(world, 400)
    with world.books.reading() as reading:
        look = Look(world.books, reading, "xu", world.now.astimezone(UTC))
        found = read_file(look, Words("en"), "000001", KINDS, "", FIRST_READ)
    assert found is not None
    assert not found.is_whole
    counts = {kind.name: sum(line.kind is kind for line in found.lines) for kind in KINDS}
    assert counts["calls"] == FIRST_READ
    # What is older than the last call read waits for the calls before it.
    assert (counts["cards"], counts["complaints"], counts["products"]) == (0, 0, 2)


# One key from any screen


@pytest.mark.parametrize(
    ("login", "keys", "key"),
    [
        ("lin", (), "f7"),
        ("lin", ("enter",), "U"),
        ("guo", ("3",), "U"),
        ("guo", ("3", "enter"), "U"),
        ("lin", ("0", *"goods reg", "enter"), "f7"),
        ("lin", ("0", *"goods rec", "enter", "v", "v", "enter"), "U"),
        ("acc", ("6", "v", "v", "v", "v", "v", "v"), "f7"),
        ("acc", ("6", "v", "v", "v", "v", "v", "v", "enter"), "f7"),
        ("xu", ("4",), "f7"),
        ("xu", ("4", "enter"), "U"),
        ("guo", ("2",), "U"),
    ],
)
async def test_one_key_opens_the_file_from_any_page_that_names_a_customer(
    world: World, login: str, keys: tuple[str, ...], key: str
) -> None:
    app = desk_of(world, login)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_work(pilot)
        await press(pilot, *keys, key)
        assert front(app) is CustomerScreen
        assert painted(app).splitlines()[1].strip().startswith("Customer's file pocket   00000")
    app.door.close()


# How the customer is to be treated


@pytest.mark.parametrize(
    ("login", "keys", "page"),
    [
        ("lin", ("end", "enter"), CallScreen),
        ("guo", ("3", "enter"), RepairCardScreen),
        ("lin", ("0", *"goods reg", "enter", "enter"), GoodsLineScreen),
        ("acc", ("6", "v", "v", "v", "v", "v", "v", "enter"), ChargeScreen),
        ("xu", ("4", "enter"), ComplaintScreen),
        ("lin", ("end", "f7"), CustomerScreen),
    ],
)
async def test_the_note_comes_up_once_for_each_opening(
    world: World, login: str, keys: tuple[str, ...], page: type[DeskScreen]
) -> None:
    noted(world)
    app = desk_of(world, login)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_work(pilot)
        await press(pilot, *keys)
        assert told(app) == NOTE
        assert "Special handling: 何建军" in painted(app)
        assert "[/x] [red]" in painted(app)
        await press(pilot, "enter")
        assert front(app) is page
        await press(pilot, "f5", "f1", "escape")
        assert front(app) is page
        await press(pilot, "escape", keys[-1])
        assert told(app) == NOTE
    app.door.close()


async def test_lists_and_customers_without_a_note_say_nothing(world: World) -> None:
    noted(world)
    app = desk_of(world, "lin")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_work(pilot)
        await press(pilot, "end", "home", "3", "1", "enter")
        assert front(app) is CallScreen
        assert "孙丽华" in painted(app)
    app.door.close()
