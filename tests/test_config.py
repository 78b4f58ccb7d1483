"""Where settings come from, which one wins, and the sentences for what cannot be read."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from servicedesk.config import Settings, load, private_folder, where
from servicedesk.domain.words import Refused


def write(text: str) -> Path:
    file = where()["config"]
    private_folder(file.parent)
    file.write_text(text, encoding="utf-8")
    return file


def test_nothing_given() -> None:
    assert load() == Settings(database=str(where()["data"] / "servicedesk.db"), language=None, login=None, mouse=True)


def test_later_sources_win() -> None:
    write('database = "/books/file.db"\nlanguage = "zh_CN"\nlogin = "li"\nmouse = false\n')
    assert load(environ={}) == Settings("/books/file.db", "zh_CN", "li", mouse=False)

    environ = {"SERVICEDESK_DATABASE": "postgresql://books/unit", "SERVICEDESK_LANG": "zh_TW", "SERVICEDESK_AS": "wang"}
    assert load(environ=environ) == Settings("postgresql://books/unit", "zh_TW", "wang", mouse=False)

    flags = {"database": "/books/flag.db", "language": "en", "login": None, "mouse": None}
    assert load(flags, environ) == Settings("/books/flag.db", "en", "wang", mouse=False)


def test_an_empty_variable_is_not_given() -> None:
    assert load(environ={"SERVICEDESK_LANG": "", "SERVICEDESK_AS": ""}) == load(environ={})


def test_database_paths_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load({"database": "unit.db"}).database == str(tmp_path / "unit.db")
    assert load({"database": "~/unit.db"}).database == str(Path.home() / "unit.db")


@pytest.mark.parametrize(
    ("spelling", "language"), [("zh-TW", "zh_TW"), ("zh_Hant", "zh_TW"), ("zh", "zh_CN"), ("en_GB", "en")]
)
def test_language_spellings(spelling: str, language: str) -> None:
    assert load({"language": spelling}).language == language


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('databse = "/books/a.db"', ["databse", "Did you mean database?"]),
        ('xyzzy = "1"', ["xyzzy", "Did you mean "]),
        ('[database]\npath = "/books/a.db"', ["database must be a text in quotation marks"]),
        ('mouse = "no"', ["mouse must be true or false"]),
        ('login = " "', ["login must be a text in quotation marks"]),
        ('language = "fr"', ["no language fr", "en, zh_CN, zh_TW"]),
        ("mouse = yes", ["is not valid TOML", "line 1"]),
    ],
)
def test_refusals_name_file_and_key(text: str, parts: list[str]) -> None:
    file = write(text)
    with pytest.raises(Refused) as refusal:
        load()
    assert str(file) in str(refusal.value)
    for part in parts:
        assert part in str(refusal.value)


def test_refusals_name_the_variable_or_flag() -> None:
    with pytest.raises(Refused, match="SERVICEDESK_LANG: there is no language fr"):
        load(environ={"SERVICEDESK_LANG": "fr"})
    with pytest.raises(Refused, match="--language: there is no language fr"):
        load({"language": "fr"})


def test_a_file_that_is_not_utf8_or_no_file() -> None:
    file = where()["config"]
    private_folder(file.parent)
    file.write_bytes('login = "王"'.encode("gbk"))
    with pytest.raises(Refused, match="not UTF-8"):
        load()
    file.unlink()
    file.mkdir()
    with pytest.raises(Refused, match="cannot be read"):
        load()


def test_places_lie_under_the_persons_home_and_are_not_made_by_asking(tmp_path: Path) -> None:
    for path in where().values():
        assert path.is_relative_to(Path.home())
        assert not path.exists()


def test_private_folders_are_private_and_others_are_left_alone(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o2770)
    made = private_folder(shared / "drafts" / "li")
    assert stat.S_IMODE(made.stat().st_mode) & 0o777 == 0o700
    assert stat.S_IMODE(made.parent.stat().st_mode) & 0o777 == 0o700
    assert stat.S_IMODE(private_folder(shared).stat().st_mode) == 0o2770
