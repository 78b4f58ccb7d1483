"""The few settings of a person's program: defaults < file < environment < flag.

What a unit decides for everybody (zone, hours, deadlines, prices) is kept in the books, not here.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from servicedesk.domain.words import Refused, say
from servicedesk.locales import LANGUAGES, language_of

NAME = "servicedesk"
ENVIRONMENT: Mapping[str, str] = {
    "SERVICEDESK_DATABASE": "database",
    "SERVICEDESK_LANG": "language",
    "SERVICEDESK_AS": "login",
}


@dataclass(frozen=True)
class Settings:
    """The settings in force; the names are those of the file's keys."""

    database: str
    """The SQLite file (an absolute path) or a URL such as `postgresql://…`."""
    language: str | None = None
    """One of `locales.LANGUAGES`; None: as the environment's locale says."""
    login: str | None = None
    """Who signs in where nothing else says it."""
    mouse: bool = True
    """Whether the program takes the mouse; without it the terminal selects text as usual."""


def load(flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in force; a flag that is None and an empty variable count as not given.

    Raises `Refused` with the file or variable and the key where something cannot be read.
    """
    environ = os.environ if environ is None else environ
    settings = Settings(database=str(where()["data"] / f"{NAME}.db"))
    file = where()["config"]
    settings = _with(settings, _file(file), str(file))
    for variable, key in ENVIRONMENT.items():
        if environ.get(variable):
            settings = _with(settings, {key: environ[variable]}, variable)
    for key, value in (flags or {}).items():
        if value is not None:
            settings = _with(settings, {key: value}, f"--{key}")
    return settings


def where() -> dict[str, Path]:
    """The places of this person's files: `config` is a file, `data`, `drafts` and `log` are folders."""
    import platformdirs

    places = platformdirs.PlatformDirs(NAME, appauthor=False)
    return {
        "config": places.user_config_path / "config.toml",
        "data": places.user_data_path,
        "drafts": places.user_state_path / "drafts",
        "log": places.user_log_path,
    }


def private_folder(path: Path) -> Path:
    """The folder, made with its parents if it is missing; what is made can be entered by its owner only (0700)."""
    if not path.is_dir():
        private_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def _file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Refused(
            say("The settings file {file} cannot be read: {reason}.", file=path, reason=error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise Refused(say("The settings file {file} is not UTF-8 text. Save it as UTF-8.", file=path)) from error
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(
            say("The settings file {file} is not valid TOML: {reason}. Correct it.", file=path, reason=error)
        ) from error


def _with(settings: Settings, given: Mapping[str, Any], source: str) -> Settings:
    known = {field.name for field in fields(Settings)}
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.0)[0]
            raise Refused(
                say("{source} has the unknown key {key}. Did you mean {near}?", source=source, key=key, near=near)
            )
    return replace(settings, **{key: _checked(key, value, source) for key, value in given.items()})


def _checked(key: str, value: Any, source: str) -> Any:
    if key == "mouse":
        if not isinstance(value, bool):
            raise Refused(say("{source}: {key} must be true or false.", source=source, key=key))
        return value
    if not isinstance(value, str) or not value.strip():
        raise Refused(say("{source}: {key} must be a text in quotation marks.", source=source, key=key))
    if key == "language":
        language = language_of(value)
        if language is None:
            raise Refused(
                say(
                    "{source}: there is no language {value}. Choose one of {known}.",
                    source=source,
                    value=value,
                    known=tuple(LANGUAGES),
                )
            )
        return language
    if key == "database" and "://" not in value:
        return str(Path(value).expanduser().absolute())
    return value
