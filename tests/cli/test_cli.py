"""The command line: data on stdout, talk on stderr, an exit code that means something, and one rule for every door."""

from __future__ import annotations

import json
import os
import pwd
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from servicedesk.__main__ import flags_alone
from servicedesk.cli.common import DEMO
from servicedesk.cli.demo_books import build
from servicedesk.cli.program import COMMANDS, app
from servicedesk.domain.calls import STATES
from servicedesk.domain.repair_cards import STATES as CARD_STATES
from servicedesk.domain.rulebook import RULES
from servicedesk.store import audit, health, people
from servicedesk.store.engine import SCHEMA, sqlite_driver
from servicedesk.store.migrate import open_books
from tests.terminal import Terminal
from tests.world import PASSPHRASE, World

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime.now(UTC)
ACCOUNT = pwd.getpwuid(os.getuid()).pw_name
NEW_CALL = ("customer=Ng", "telephone=13900001111", "district=福田", "address=福田", "model_no=X", "symptom=loud")
PROGRAM = (sys.executable, "-m", "servicedesk")

# Root may write everywhere; without these two capabilities the permission bits hold for it, too.
UNPRIVILEGED = (
    sys.executable,
    "-c",
    "import ctypes, os, sys\n"
    "for capability in (1, 2):\n    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)\n"
    "os.execv(sys.executable, [sys.executable, '-m', 'servicedesk', *sys.argv[1:]])",
)


class Ran:
    """What one run gave."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demo books around now, made once per worker."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    build(str(path), now=NOW)
    return path


@pytest.fixture
def demo(demo_template: Path, tmp_path: Path) -> str:
    """Demo books of this test's own."""
    path = tmp_path / "demo.db"
    shutil.copyfile(demo_template, path)
    path.chmod(0o660)
    return str(path)


@pytest.fixture
def run(demo: str) -> Callable[..., Ran]:
    """Run a command as somebody of the demo books, in this process."""

    def command(login: str, line: str, *more: str, given: bytes | None = None) -> Ran:
        words = ["--database", demo, *(["--as", login] if login else []), *shlex.split(line), *more]
        result = CliRunner().invoke(app, words, input=given, catch_exceptions=False)
        return Ran(result.exit_code, result.stdout, result.stderr)

    return command


def started(*words: str, given: bytes = b"", program: tuple[str, ...] = PROGRAM) -> Ran:
    """Run a command as a program of its own."""
    done = subprocess.run([*program, *words], input=given, capture_output=True, timeout=60, check=False)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def waiting(run: Callable[..., Ran]) -> str:
    """The number of a call that can be dispatched."""
    rows = json.loads(run("wu", "list calls --state logged --json").out)
    return str(next(row["number"] for row in rows if row["voucher_holder"] == "clerk"))


def head(database: str) -> str:
    books = open_books(database)
    try:
        with books.reading() as desk:
            return audit.head(desk)
    finally:
        books.close()


# Start-up


def test_help_names_every_command_and_loads_neither_screens_nor_store() -> None:
    program = (
        "import sys\nfrom servicedesk.__main__ import main\ncode = main(['--help'])\n"
        "heavy = {'textual', 'rich', 'sqlmodel', 'sqlalchemy', 'pydantic', 'alembic', 'psycopg'} & set(sys.modules)\n"
        "sys.exit(f'{code} {heavy}' if code or heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)


def test_every_command_has_help() -> None:
    for name in COMMANDS:
        result = CliRunner().invoke(app, [name, "--help"], catch_exceptions=False)
        assert result.exit_code == 0, name
        assert COMMANDS[name][1].split()[0] in result.stdout


def test_the_bare_program_opens_the_desks_without_the_command_line() -> None:
    program = (
        "import sys\nfrom servicedesk.__main__ import main\ncode = main(['--as', 'chen', '--lang=zh_CN'])\n"
        "sys.exit(f'{code} loaded' if code != 1 or {'typer', 'pydantic', 'sqlalchemy'} & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_the_desks_need_a_terminal() -> None:
    desks = started()
    assert (desks.code, desks.out) == (1, "")
    assert "terminal" in desks.err


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        ([], {}),
        (["--as", "li"], {"login": "li"}),
        (["--database=a.db", "--lang", "en"], {"database": "a.db", "language": "en"}),
        (["--as"], None),
        (["list", "calls"], None),
        (["--as", "li", "list"], None),
        (["--version"], None),
    ],
)
def test_settings_alone_mean_the_desks(words: list[str], flags: dict[str, str] | None) -> None:
    assert flags_alone(words) == flags


def test_version_and_places(run: Callable[..., Ran], demo: str) -> None:
    assert started("--version").out.startswith("servicedesk ")
    assert demo in run("", "where").out


# Reading


def test_every_state_of_a_call_is_in_the_demo(run: Callable[..., Ran]) -> None:
    rows = json.loads(run("luo", "list calls --limit 200 --json").out)
    assert {row["state"] for row in rows} == set(STATES)
    assert {row["unit"] for row in rows} == {"SZ", "GZ", "HK"}
    numbers = [row["number"] for row in rows]
    assert len(set(numbers)) == len(numbers) >= 40


def test_a_card_in_nearly_every_state_and_money_that_is_out_are_in_the_demo(run: Callable[..., Ran]) -> None:
    cards = {card["state"] for card in json.loads(run("chen", "list cards --json").out)}
    assert cards == set(CARD_STATES) - {"unrepaired", "void"}
    charges = {charge["state"] for charge in json.loads(run("qian", "list charges --json").out)}
    assert charges >= {"collected_on_site", "assessed", "to_be_collected"}
    assert run("chen", "list requisitions --ids").out
    assert [loan["loan"] != "" for loan in json.loads(run("chen", "list loans --json").out)].count(True) == 1


def test_lists_are_tables_with_masked_telephones(run: Callable[..., Ran]) -> None:
    listed = run("chen", "list calls --urgent --limit 5")
    assert "There are more than these 5" in listed.err
    heading, *lines = listed.out.splitlines()
    assert heading.split("\t")[:3] == ["Number", "Called at", "State"]
    assert len(lines) == 5
    assert all("****" in line.split("\t")[5] for line in lines)
    assert "周" in run("", "--as chen --lang zh_CN list calls --limit 1").out


def test_filters_narrow_the_list(run: Callable[..., Ran]) -> None:
    assert {row["state"] for row in json.loads(run("wu", "list calls --state logged --json").out)} == {"logged"}
    mine = json.loads(run("li", "list calls --mine --json").out)
    assert {row["technician"] for row in mine} == {"li"}
    late = json.loads(run("wu", "list calls --late --json").out)
    assert late
    assert all(row["arrived_at"] is None for row in late)
    refused = run("wu", "list calls --state lost")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("state: ")


def test_people_see_what_their_posts_show(run: Callable[..., Ran]) -> None:
    assert {row["unit"] for row in json.loads(run("chen", "list calls --json --limit 99").out)} == {"SZ"}
    assert {row["technician"] for row in json.loads(run("zhang", "list calls --json --limit 99").out)} == {"zhang"}
    for login, line in (("shi", "list calls"), ("chen", "list calls --unit GZ"), ("li", "list customers --words a")):
        refused = run(login, line)
        assert (refused.code, refused.out) == (1, "")
        assert "posts" in refused.err


def test_one_paper_with_what_hangs_on_it(run: Callable[..., Ran]) -> None:
    number = run("wu", "list calls --state done_on_site --ids --limit 1").out.strip()
    shown = json.loads(run("wu", f"show {number} --json").out)
    assert shown["number"] == number
    assert [visit["state"] for visit in shown["visits"]] == ["done"]
    assert shown["entries"][0]["signer"]
    assert shown["customer_name"] in run("wu", f"show {shown['voucher']}").out
    assert shown["voucher"] in run("wu", f"show {shown['customer']} --json").out
    elsewhere = run("luo", "list calls --unit GZ --ids --limit 1").out.strip()
    assert run("chen", f"show {elsewhere}").code == 1


def test_search_finds_by_pinyin(run: Callable[..., Ran]) -> None:
    assert "王小明" in run("chen", "search wxm").out
    assert run("chen", "search nothingofthekind").out.splitlines() == ["Number\tState\tCustomer\tModel\tSymptom"]


# Acting


def test_every_act_is_told_with_its_fields(run: Callable[..., Ran]) -> None:
    acts = {act["name"]: act for act in json.loads(run("", "acts --json").out)}
    assert set(acts) <= set(RULES)
    assert {"calls.log", "staff.enter", "calendar.fill", "customers.enter"} <= set(acts)
    (technician,) = acts["calls.dispatch"]["fields"]
    assert technician["kind"] == "lookup"
    assert acts["calls.dispatch"]["who"] == ["supervisor"]
    assert "technician  lookup" in run("", "acts").out


def test_numbers_are_piped_from_a_list_into_an_act(demo: str) -> None:
    numbers = started("--database", demo, "--as", "wu", "list", "calls", "--state", "dispatched", "--ids").out
    act = ("act", "calls.recall", "-", "reason=storm")
    recalled = started("--database", demo, "--as", "wu", *act, given=numbers.encode())
    assert (recalled.code, recalled.out.split()) == (0, numbers.split())
    assert len(numbers.split()) > 1
    assert "called off" in recalled.err
    assert started("--database", demo, "--as", "wu", "list", "calls", "--state", "dispatched", "--ids").out == ""


def test_many_numbers_are_done_all_or_none(run: Callable[..., Ran], demo: str) -> None:
    dispatched = run("wu", "list calls --state dispatched --ids").out.split()
    logged = run("wu", "list calls --state logged --ids").out.split()
    before = head(demo)
    refused = run("wu", "act calls.recall", *dispatched, logged[0], "reason=storm")
    assert (refused.code, refused.out) == (1, "")
    assert logged[0] in refused.err
    assert head(demo) == before


def test_one_by_one_stops_at_the_first_refusal(run: Callable[..., Ran]) -> None:
    first, second = run("wu", "list calls --state dispatched --ids --limit 2").out.split()
    struck = run("wu", "list calls --state struck_off --ids --limit 1").out.strip()
    done = run("chen", "act calls.attach", first, struck, second, "words=urgent")
    assert (done.code, done.out.split()) == (1, [first])
    assert struck in done.err


def test_nothing_piped_in_is_no_success(run: Callable[..., Ran]) -> None:
    assert run("wu", "act calls.recall - reason=x", given=b"").code == 1


def test_refusals_name_their_fields(run: Callable[..., Ran]) -> None:
    number = waiting(run)
    refused = run("wu", f"act calls.dispatch {number} technician=nobody")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("technician: ")
    missing = run("chen", "act calls.log called_at=never warranty_until=soon")
    assert missing.code == 1
    assert {line.partition(":")[0] for line in missing.err.splitlines()} == {"called_at", "warranty_until"}
    assert run("wu", "act calls.dispatch 1 technician=li technician=zhao").err.startswith("technician: ")


def test_who_may_not_is_refused_and_leaves_a_line(run: Callable[..., Ran]) -> None:
    number = waiting(run)
    refused = run("chen", f"act calls.dispatch {number} technician=li")
    assert refused.code == 1
    assert "service supervisor" in refused.err
    assert "refused" in run("shi", "audit show --limit 1").out


def test_a_retry_with_the_same_request_saves_once(run: Callable[..., Ran], demo: str) -> None:
    first = run("chen", "act calls.log --request one", *NEW_CALL)
    once = head(demo)
    again = run("chen", "act calls.log --request one", *NEW_CALL)
    assert (first.code, again.code) == (0, 0)
    assert first.out == again.out != ""
    assert "Already saved" in again.err
    assert head(demo) == once


def test_a_dry_run_writes_nothing(run: Callable[..., Ran], demo: str) -> None:
    before = head(demo)
    number = run("wu", "list calls --state dispatched --ids --limit 1").out.strip()
    tried = run("wu", f"act calls.recall {number} reason=storm --dry-run")
    assert (tried.code, tried.out) == (0, "")
    assert "Nothing was written" in tried.err
    assert run("wu", f"act calls.recall {number} --dry-run").code == 1
    assert head(demo) == before


def test_fields_as_json(run: Callable[..., Ran], tmp_path: Path) -> None:
    number = waiting(run)
    typed = json.dumps({"technician": "zhao"}).encode()
    done = run("wu", f"act calls.dispatch {number} --json -", given=typed)
    assert (done.code, done.out.strip()) == (0, number), done.err
    wrong = tmp_path / "wrong.json"
    for text in ("[1]", "{", ""):
        wrong.write_text(text, encoding="utf-8")
        refused = run("wu", "act calls.dispatch 1 --json", str(wrong))
        assert (refused.code, refused.out) == (1, "")
        assert "JSON" in refused.err


def test_secrets_are_never_words_of_a_command(run: Callable[..., Ran]) -> None:
    refused = run("admin", "staff reset li passphrase='four quiet green lanterns'")
    assert refused.code == 1
    assert refused.err.startswith("passphrase: ")
    assert "lanterns" not in refused.err


def test_what_is_not_utf8_is_refused_with_the_way_out(demo: str) -> None:
    gbk = "你好".encode("gbk")
    refused = started("--database", demo, "--as", "wu", "act", "calls.recall", "-", "reason=x", given=gbk)
    assert (refused.code, refused.out) == (1, "")
    assert "iconv" in refused.err
    done = subprocess.run(
        [os.fsencode(word) for word in (*PROGRAM, "--database", demo, "--as", "chen", "search")] + [gbk],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


# Who acts


def test_nobody_acts_unnamed_or_without_a_terminal(sqlite_url: str) -> None:
    database = sqlite_url.removeprefix("sqlite:///")
    World(sqlite_url).books.close()
    for words, told in (((), "--as LOGIN"), (("--as", "lin"), "terminal")):
        refused = subprocess.run(
            [*PROGRAM, "--database", database, *words, "list", "units"],
            input=f"{PASSPHRASE}\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            start_new_session=True,
        )
        assert (refused.returncode, refused.stdout) == (1, "")
        assert told in refused.stderr


def test_a_passphrase_is_typed_at_the_terminal(sqlite_url: str) -> None:
    database = sqlite_url.removeprefix("sqlite:///")
    World(sqlite_url).books.close()
    with Terminal([*PROGRAM, "--database", database, "--as", "lin", "list", "units"], env=dict(os.environ)) as terminal:
        terminal.wait("Passphrase of lin")
        terminal.feed(PASSPHRASE + "\n")
        terminal.wait("Shenzhen branch")
        assert PASSPHRASE not in terminal.text


def test_the_account_of_this_machine_acts_where_the_books_allow_it(sqlite_url: str) -> None:
    world = World(sqlite_url)
    world.do("adm", "staff.correct", "lin", os_user=ACCOUNT)
    with world.books.writing() as desk:
        people.set_fact(desk, people.facts(desk), "os_sign_in", "yes")
    world.books.close()
    database = sqlite_url.removeprefix("sqlite:///")
    assert started("--database", database, "list", "units").code == 0
    assert started("--database", database, "--as", "lin", "list", "units").code == 0


# From nothing to the first dispatch


def test_the_way_from_init_to_the_first_dispatch(tmp_path: Path) -> None:
    database = str(tmp_path / "new" / "books.db")
    options = "--unit CD --unit-name Department --timezone Asia/Shanghai --login admin --name Admin --passphrase-file -"
    made = CliRunner().invoke(app, ["--database", database, "init", *shlex.split(options)], input=f"{PASSPHRASE}\n")
    assert made.exit_code == 0, made.stderr
    books = open_books(database)
    with books.writing() as desk:
        people.set_fact(desk, people.facts(desk), DEMO, "yes")  # the passphrases are not what is tried here
    books.close()
    commands = [shlex.split(line) for line in made.stdout.splitlines()]
    for program, *words in commands:
        assert program == "servicedesk"
        done = CliRunner().invoke(app, words, catch_exceptions=False)
        assert done.exit_code == 0, (words, done.stderr)
    last = CliRunner().invoke(app, ["--database", database, "--as", "wu", "list", "calls", "--json"])
    (call,) = json.loads(last.stdout)
    assert (call["state"], call["technician"], call["zone"]) == ("dispatched", "li", "urban")


def test_init_makes_no_second_administrator(demo: str) -> None:
    options = "--unit XX --unit-name X --timezone Asia/Shanghai --login x2 --name X --passphrase-file -"
    refused = CliRunner().invoke(app, ["--database", demo, "init", *shlex.split(options)], input=f"{PASSPHRASE}\n")
    assert refused.exit_code == 1
    assert "already" in refused.stderr


# Keeping


def test_staff_and_calendar(run: Callable[..., Ran]) -> None:
    entered = run("admin", "staff enter login=new name=Nova unit=SZ roles=clerk")
    assert (entered.code, entered.out.strip()) == (0, "new")
    assert "passphrase is" in entered.err
    assert "Nova" in run("admin", "staff list --unit SZ").out
    assert run("admin", "staff correct new active=no").code == 0
    assert run("wu", "staff absence li begins='2030-01-07 09:00' ends='2030-01-08 18:00' reason=training").code == 0
    assert run("admin", "calendar fill 2026 --unit SZ").code == 0
    assert run("admin", "calendar set 2026-11-24 closed --note stocktaking --unit SZ").code == 0
    shown = run("chen", "calendar show 2026").out
    assert "2026-11-24\tTue\tclosed\tstocktaking\tby hand" in shown
    assert run("chen", "calendar set 2026-11-25 closed").code == 1


def test_bad_lines_of_a_sheet_are_told_or_left_out(run: Callable[..., Ran], tmp_path: Path, demo: str) -> None:
    sheet, report = tmp_path / "districts.csv", tmp_path / "report.csv"
    sheet.write_text("District,Zone,Unit\n光明,urban,SZ\n盐田,far away,SZ\n", encoding="utf-8")
    before = head(demo)
    checked = run("admin", "import districts --dry-run", str(sheet))
    assert checked.code == 1
    refused = run("admin", f"import districts --report {report}", str(sheet))
    assert (refused.code, refused.out) == (1, "")
    assert "Line 3" in refused.err
    assert "盐田" in report.read_text(encoding="utf-8-sig")
    assert head(demo) == before
    taken = run("admin", "import districts --skip-bad", str(sheet))
    assert (taken.code, taken.out.strip()) == (0, "1")
    assert run("admin", "import cows", str(sheet)).code == 1
    days = tmp_path / "days.csv"
    days.write_text("day,hours,note\n2026-12-24,08:30-12:00,half day\n", encoding="utf-8")
    assert run("admin", "import calendar --unit SZ", str(days)).code == 0


def test_the_audit_log_is_checked_and_shown_to_those_who_may(run: Callable[..., Ran], demo: str) -> None:
    assert run("", "audit verify").out.strip() == head(demo)
    number = run("wu", "list calls --state dispatched --ids --limit 1").out.strip()
    shown = run("shi", f"audit show --number {number}")
    assert [line.split("\t")[4] for line in shown.out.splitlines()[1:]] == ["calls.log", "calls.dispatch"]
    assert run("chen", "audit show").code == 1
    assert run("", "audit verify --anchor 1:abc").code == 1


def test_the_database_is_told_checked_copied_and_restored(run: Callable[..., Ran], demo: str, tmp_path: Path) -> None:
    assert "Journal: " in run("", "db info").out
    assert (run("", "db check").code, run("", "db upgrade").code) == (0, 0)
    copy = tmp_path / "copy.db"
    assert run("", "db backup", str(copy)).out.strip() == str(copy)
    assert run("", "db backup", str(copy)).code == 1
    before = head(demo)
    number = run("wu", "list calls --state dispatched --ids --limit 1").out.strip()
    assert run("wu", f"act calls.recall {number} reason=x").code == 0
    aside = run("", "db restore", str(copy)).out.split()
    assert head(demo) == before
    assert all(Path(old).exists() for old in aside)


def test_the_keys_of_every_screen_are_listed(run: Callable[..., Ran]) -> None:
    lines = [line.split("\t") for line in run("", "keys").out.splitlines()]
    assert ["", "F1 ?", "Help", ""] in lines
    assert any(line[3] == "calls.dispatch" for line in lines)


# Where the books cannot be worked with


@pytest.mark.parametrize("words", ["db info", "db check", "db upgrade", "db backup x.db"])
def test_looking_at_books_makes_none(tmp_path: Path, words: str) -> None:
    refused = CliRunner().invoke(app, ["--database", str(tmp_path / "none.db"), *words.split()])
    assert refused.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_usage_ends_with_two(run: Callable[..., Ran]) -> None:
    for line in ("list", "list calls --limit many", "nothing", "act"):
        assert run("chen", line).code == 2


def test_output_that_cannot_be_written_ends_with_one(demo: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "--database", demo, "--as", "wu", "list", "calls"],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)


def test_a_reader_that_leaves_early_is_no_crash(demo: str) -> None:
    line = f"{shlex.join(PROGRAM)} --database {shlex.quote(demo)} --as wu list calls --ids --limit 99 | head -1"
    done = subprocess.run(["sh", "-c", line], capture_output=True, timeout=60, check=False)
    assert (done.stdout.count(b"\n"), done.stderr) == (1, b"")


def test_newer_books_and_strangers_end_with_one(demo: str, tmp_path: Path) -> None:
    raw = sqlite_driver().connect(demo)
    raw.execute(f"PRAGMA user_version={SCHEMA + 1}")
    raw.close()
    letter = tmp_path / "letter.db"
    letter.write_text("Dear Sir or Madam, " * 50, encoding="utf-8")
    for database, told in ((demo, "newer"), (str(letter), "not a servicedesk database")):
        before = Path(database).read_bytes()
        refused = started("--database", database, "--as", "chen", "list", "calls")
        assert (refused.code, refused.out) == (1, "")
        assert told in refused.err
        assert Path(database).read_bytes() == before


def test_a_server_that_is_not_there_ends_with_three() -> None:
    refused = started("--database", "postgresql://127.0.0.1:1/servicedesk", "--as", "chen", "list", "calls")
    assert (refused.code, refused.out) == (3, "")
    assert "not reachable" in refused.err


@pytest.fixture
def read_only(demo: str) -> Iterator[str]:
    """The demo books in a file that may only be read."""
    Path(demo).chmod(0o444)
    yield demo
    Path(demo).chmod(0o660)


@pytest.fixture
def shut_folder(demo: str) -> Iterator[str]:
    """The demo books in a folder where nothing may be made."""
    folder = Path(demo).parent
    folder.chmod(0o555)
    yield demo
    folder.chmod(0o755)


@pytest.mark.parametrize("place", ["read_only", "shut_folder"])
def test_read_only_books_end_with_three(place: str, request: pytest.FixtureRequest) -> None:
    database = request.getfixturevalue(place)
    refused = started("--database", database, "--as", "chen", "act", "calls.log", *NEW_CALL, program=UNPRIVILEGED)
    assert (refused.code, refused.out) == (3, "")
    assert database in refused.err


def test_a_full_disk_inside_an_act_ends_with_three_and_changes_nothing(demo: str) -> None:
    before = head(demo)
    limited = (
        sys.executable,
        "-c",
        "import resource, sys\nfrom servicedesk.__main__ import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_960, 40_960))\nsys.exit(main())",
    )
    act = ("--database", demo, "--as", "chen", "act", "calls.log", *NEW_CALL)
    refused = started(*act, program=limited)
    assert (refused.code, refused.out) == (3, "")
    assert "full" in refused.err
    assert head(demo) == before
    assert started(*act).code == 0


# Demo books


def test_demo_books_with_a_history_are_sound(database_url: str) -> None:
    database = database_url
    told: list[tuple[int, int]] = []
    build(database, calls=300, now=NOW, told=lambda done, total: told.append((done, total)))
    assert told[-1] == (300, 300)
    books = open_books(database)
    try:
        assert health.check(books) == []
    finally:
        books.close()
    rows = CliRunner().invoke(app, ["--database", database, "--as", "luo", "list", "calls", "--limit", "999", "--ids"])
    numbers = rows.stdout.split()
    assert len(set(numbers)) == len(numbers) > 340


def test_demo_books_can_be_kept(tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    made = CliRunner().invoke(app, ["demo", "--write", str(kept), "--on", "2026-11-23"], catch_exceptions=False)
    assert (made.exit_code, made.stdout.strip()) == (0, str(kept))
    assert [path.name for path in tmp_path.iterdir()] == ["kept.db"]
    assert CliRunner().invoke(app, ["demo", "--write", str(kept)]).exit_code == 1
    listed = CliRunner().invoke(app, ["--database", str(kept), "--as", "chen", "list", "calls", "--ids"])
    assert listed.stdout.startswith("SZ-C-261123-")


def test_the_example_needs_no_upgrade(tmp_path: Path) -> None:
    example = tmp_path / "servicedesk.db"
    shutil.copyfile(ROOT / "servicedesk.db.example", example)
    listed = CliRunner().invoke(app, ["--database", str(example), "--as", "chen", "list", "calls", "--json"])
    assert listed.exit_code == 0, listed.stderr
    assert json.loads(listed.stdout)
