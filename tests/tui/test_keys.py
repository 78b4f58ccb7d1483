"""The declared keys: every act exists, no key does two things, the list's own keys stay its own."""

from __future__ import annotations

import pytest

from servicedesk.domain.rulebook import RULES
from servicedesk.tui.desks import DESKS
from servicedesk.tui.register_list import RegisterList
from servicedesk.tui.screen import DeskScreen
from servicedesk.tui.screens.call import CallScreen
from servicedesk.tui.screens.calls import CallsScreen
from servicedesk.tui.screens.customer import CustomerScreen
from servicedesk.tui.screens.day import DayScreen
from servicedesk.tui.screens.why import WhyScreen

SCREENS: tuple[type[DeskScreen], ...] = (CallsScreen, CallScreen, CustomerScreen, DayScreen, WhyScreen)
UNSAFE = {"ctrl+h", "ctrl+i", "ctrl+m", "ctrl+j", "ctrl+z", "ctrl+b", "ctrl+a"}
"""Keys that terminals mistake for others or keep for themselves."""


@pytest.mark.parametrize("screen", SCREENS)
def test_keys_of_a_screen(screen: type[DeskScreen]) -> None:
    keys = screen.all_keys()
    assert {key.act for key in keys if key.act} <= RULES.keys()
    assert all(bool(key.act) != bool(key.action) for key in keys)
    pressed = [name for key in keys for name in key.key.split(",") if key.action != "back"]
    assert len(pressed) == len(set(pressed))
    assert not UNSAFE & set(pressed)
    assert not {desk.key for desk in DESKS} & set(pressed)
    names = [key.name for key in keys if key.action != "back"]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("screen", [CallsScreen, DayScreen])
def test_the_list_keeps_its_own_keys(screen: type[DeskScreen]) -> None:
    of_the_list = {name for binding in RegisterList.BINDINGS for name in binding.key.split(",")}  # type: ignore[union-attr]
    meant_for_it = {"enter", "space"}
    pressed = {name for key in screen.all_keys() for name in key.key.split(",")}
    assert pressed & of_the_list <= meant_for_it
