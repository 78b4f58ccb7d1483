"""The developer's tool for the catalogues: `python tests/catalogues.py update`.

Takes every `label("…")` and `say("…")` out of the source, keeps the translations that still have their message, writes
both catalogues sorted and without dates or line numbers, compiles them and prints what is not yet translated.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parents[1] / "src" / "servicedesk"
LOCALES = SOURCE / "locales"
TRANSLATED = ("zh_CN", "zh_TW")


class PlainCatalog(Catalog):
    """A catalogue whose header says nothing that changes by itself (no dates, no names of tools)."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=UTF-8"),
        ]


def po_file(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "servicedesk.po"


def mo_file(language: str) -> Path:
    return po_file(language).with_suffix(".mo")


def messages(folder: Path = SOURCE) -> set[str]:
    """Every message of the source: the first argument of `label` and `say`, also inside an f-string."""
    return {
        node.args[0].value
        for path in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("label", "say")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def read(language: str) -> Catalog:
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def translations(catalog: Iterable[object]) -> dict[str, str]:
    """Message to translation, without the header; an untranslated or fuzzy message has an empty one."""
    found = {}
    for message in catalog:
        identity, string = getattr(message, "id", ""), getattr(message, "string", "")
        if identity:
            found[str(identity)] = "" if getattr(message, "fuzzy", False) else str(string)
    return found


def build(language: str, known: Mapping[str, str]) -> PlainCatalog:
    catalog = PlainCatalog(locale=language, fuzzy=False, header_comment=f"# The words of servicedesk in {language}.")
    for message in sorted(known):
        catalog.add(message, known[message])
    return catalog


def compiled(language: str, known: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, build(language, known))
    return buffer.getvalue()


def update(language: str) -> list[str]:
    """Write the .po and .mo of a language; returns the messages that have no translation."""
    held = translations(read(language)) if po_file(language).exists() else {}
    known = {message: held.get(message, "") for message in messages()}
    po_file(language).parent.mkdir(parents=True, exist_ok=True)
    with po_file(language).open("wb") as file:
        write_po(file, build(language, known), width=0, no_location=True, sort_output=True)
    mo_file(language).write_bytes(compiled(language, known))
    return sorted(message for message, string in known.items() if not string)


def main(arguments: list[str]) -> int:
    if arguments != ["update"]:
        print("usage: python tests/catalogues.py update", file=sys.stderr)
        return 2
    for language in TRANSLATED:
        missing = update(language)
        print(f"{language}: {len(missing)} untranslated")
        for message in missing:
            print(f"  {message}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
