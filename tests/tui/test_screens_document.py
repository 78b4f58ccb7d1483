"""screens.md is the contract: its drawings and key tables are what the program shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from servicedesk.tui import screens
from tests.tui.scenes import DOCUMENT, SCENES, Scene, drawing, key_table

TEXT = DOCUMENT.read_text(encoding="utf-8")
DRAWN = [line.split()[2] for line in TEXT.splitlines() if line.startswith("<!-- drawing ")]
KEYED = [line.split()[2] for line in TEXT.splitlines() if line.startswith("<!-- keys ")]


@pytest.mark.parametrize("name", DRAWN)
def test_the_drawing_is_what_the_screen_shows(name: str, tmp_path: Path) -> None:
    scene: Scene = SCENES[name]
    assert f"<!-- drawing {name} -->\n```text\n{drawing(scene, tmp_path)}\n```" in TEXT


@pytest.mark.parametrize("place", KEYED)
def test_the_key_table_is_what_the_screen_declares(place: str) -> None:
    assert f"<!-- keys {place} -->\n\n{key_table(place)}\n" in TEXT


def test_every_screen_has_its_keys_in_the_document() -> None:
    folder = Path(next(iter(screens.__path__)))
    named = {place.partition(":")[0] for place in KEYED}
    declared = {
        f"screens.{path.stem}" for path in folder.glob("*.py") if "    KEYS" in path.read_text(encoding="utf-8")
    }
    assert declared - named == set()
