"""The words: what a person sees in each language, and catalogues that hold every message of the source."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from servicedesk.domain.words import Refused, say
from servicedesk.locales import LANGUAGES, Words, choose_language
from tests.catalogues import SOURCE, TRANSLATED, messages, mo_file, po_file, read, translations
from tests.world import World

MORNING = datetime(2026, 11, 23, 2, 28, tzinfo=UTC)

SIMPLIFIED_ONLY = (
    "么个们为务单发变号处对实应开录户报护换时机条样档检测温现电码确称签级维线经结续网联设证评话误请责费账贴质购"
)
TRADITIONAL_ONLY = (
    "個們為務單發變號處對實應開錄戶報護換時機條樣檔檢測溫現電碼確稱簽級維線經結續網聯設證評話誤請責費帳貼質購"
)
MAINLAND_WORDS = ("合同", "渠道", "上门", "上門", "脱敏", "脫敏", "纳税人识别号", "納稅人識別號", "紅字發票")


def places(text: str) -> list[str]:
    """The places of a message, sorted; one that is more than a plain name is refused."""
    found = []
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is not None:
            assert name.isidentifier(), f"{{{name}}} is not a plain name in {text!r}"
            assert not form, f"a format in {text!r}"
            assert not conversion, f"a conversion in {text!r}"
            found.append(name)
    return sorted(found)


# What a person sees


@pytest.mark.parametrize(
    ("language", "moment", "day", "weekday"),
    [
        ("en", "Mon 23 Nov 10:28", "23 Nov 2026", "Mon"),
        ("zh_CN", "11月23日 周一 10:28", "2026年11月23日", "周一"),
        ("zh_TW", "11月23日 週一 10:28", "2026年11月23日", "週一"),
    ],
)
def test_times_in_the_zone_of_the_unit(language: str, moment: str, day: str, weekday: str) -> None:
    words = Words(language, "Asia/Shanghai")
    assert words.moment(MORNING) == moment
    assert words.day(MORNING) == words.day(date(2026, 11, 23)) == day
    assert words.weekday(MORNING) == words.weekday(date(2026, 11, 23)) == weekday
    assert words.time(MORNING) == "10:28"


def test_the_day_is_the_units_day() -> None:
    late = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)
    assert Words("en", "Asia/Taipei").moment(late) == "Mon 23 Nov 00:05"
    assert Words("en").moment(late) == "Sun 22 Nov 16:05"


def test_a_time_without_a_zone_is_not_shown() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Words("en").moment(MORNING.replace(tzinfo=None))


def test_values_of_a_sentence() -> None:
    sentence = say(
        "{who} at {at}, {on}, {clock}: {count} of {inner}",
        who="{count} [b]王[/b]",
        at=MORNING,
        on=date(2026, 11, 23),
        clock=time(9, 5),
        count=1200,
        inner=say("zone {zone}", zone=say("urban")),
    )
    shown = Words("en", "Asia/Shanghai")(sentence)
    assert shown == "{count} [b]王[/b] at Mon 23 Nov 10:28, 23 Nov 2026, 09:05: 1200 of zone urban"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_in_a_sentence_has_the_comma_of_the_language(language: str) -> None:
    words = Words(language, "Asia/Shanghai")
    sentence = say("{named}", named=("KFR {x}", MORNING, 7, say("urban")))
    listed = ["KFR {x}", words.moment(MORNING), "7", words("urban")]
    assert words(sentence) == words.joined(listed)
    assert (", " in words(sentence)) == (language == "en")
    assert str(say("{roles}", roles=("clerk", say("urban")))) == "clerk, urban"


def test_a_refusal_names_its_choices_with_the_comma_of_the_language(sqlite_url: str) -> None:
    world = World(sqlite_url)
    with pytest.raises(Refused) as told:
        world.do("lin", "calls.log", zone="moon")
    with pytest.raises(Refused) as forbidden:
        world.do("lin", "units.enter", code="GZ")
    world.close()
    for refused in (told.value, forbidden.value):
        assert ", " not in Words("zh_TW")(refused.sentence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_no_catalogue_holds_is_shown_as_it_is(language: str) -> None:
    assert Words(language)("") == ""
    assert Words(language)("no such label 王小明 {x}") == "no such label 王小明 {x}"


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(ValueError, match="fr"):
        Words("fr")


@pytest.mark.parametrize(
    ("setting", "environ", "language"),
    [
        ("zh_TW", {"LANG": "en_US.UTF-8"}, "zh_TW"),
        (None, {}, "en"),
        (None, {"LANG": "C.UTF-8"}, "en"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        (None, {"LANG": "zh"}, "zh_CN"),
        (None, {"LANG": "zh_SG.GBK"}, "zh_CN"),
        (None, {"LANG": "zh_TW.UTF-8@stroke"}, "zh_TW"),
        (None, {"LANG": "zh_HK.UTF-8"}, "zh_TW"),
        (None, {"LANG": "zh_Hant"}, "zh_TW"),
        (None, {"LANG": "zh_Hans_HK"}, "zh_CN"),
        (None, {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, "zh_TW"),
        (None, {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8", "LC_ALL": "C"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh_CN"),
    ],
)
def test_the_setting_decides_then_the_locale(setting: str | None, environ: dict[str, str], language: str) -> None:
    assert choose_language(setting, environ) == language


# The catalogues and the source


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call of these functions in the source, with its place."""
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield f"{file.relative_to(SOURCE)}:{node.lineno}", node


def literal(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def test_every_message_is_written_out_where_it_is_said() -> None:
    """An f-string or a variable cannot be translated; `label` and `say` take a literal."""
    assert [place for place, call in calls("label", "say") if not literal(call)] == []


def test_every_sentence_is_given_its_values() -> None:
    wrong = []
    for place, call in calls("say"):
        given = {keyword.arg for keyword in call.keywords}
        if None not in given and set(places(literal(call) or "")) != given:
            wrong.append(f"{place} {literal(call)!r}")
    assert wrong == []


def test_extraction_finds_messages_inside_messages(tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text(
        'say("Arrive in {zone} "\n    "by {at}.", zone=say("urban"), at=f(label("noon")))\n', encoding="utf-8"
    )
    assert messages(tmp_path) == {"Arrive in {zone} by {at}.", "urban", "noon"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_and_none_is_left_over(language: str) -> None:
    held, said = translations(read(language)), messages()
    assert sorted(held.keys() - said) == [], "no longer said: run python tests/catalogues.py update"
    assert sorted(said - held.keys()) == [], "not in the catalogue: run python tests/catalogues.py update"
    assert sorted(message for message, text in held.items() if not text.strip()) == [], "not translated"


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_places_of_their_messages(language: str) -> None:
    for message, text in translations(read(language)).items():
        if text:
            assert places(text) == places(message), message


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_the_source(language: str) -> None:
    with mo_file(language).open("rb") as file:
        held = translations(read_mo(file))
    assert held == {message: text for message, text in translations(read(language)).items() if text}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_stays_readable_in_a_diff(language: str) -> None:
    text = po_file(language).read_text(encoding="utf-8")
    for noise in ("fuzzy", "#: ", "#~ ", "-Date:", "Generated-By"):
        assert noise not in text


def test_taiwan_usage_is_written_by_hand() -> None:
    for message, text in translations(read("zh_TW")).items():
        assert [word for word in MAINLAND_WORDS if word in text] == [], message
        assert set(text).isdisjoint(SIMPLIFIED_ONLY), message


def test_simplified_characters_in_the_simplified_catalogue() -> None:
    for message, text in translations(read("zh_CN")).items():
        assert set(text).isdisjoint(TRADITIONAL_ONLY), message
