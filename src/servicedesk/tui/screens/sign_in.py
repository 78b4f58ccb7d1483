"""Signing in with login and passphrase; the same page locks an idle screen, its content hidden behind it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from servicedesk.domain.words import Refused, label
from servicedesk.tui.dialog import DIALOG
from servicedesk.tui.keys import Key

if TYPE_CHECKING:
    from servicedesk.tui.app import ServiceDesk


class SignInScreen(Screen[bool]):
    """Asks until somebody is let in; a locked screen asks the person who is signed in."""

    DEFAULT_CSS = (
        DIALOG
        + """
    #sign-in { width: 60; height: auto; padding: 1 2; }
    .heading { height: 2; text-style: bold; }
    """
    )
    KEYS = (Key("enter", label("Sign in"), action="submit"), Key("ctrl+q", label("Leave"), action="app.quit"))
    # With priority: else what is typed fast after the login would stand in it, the passphrase in clear.
    BINDINGS = [Binding("enter", "submit", show=False, priority=True)]
    AUTO_FOCUS = ""

    def __init__(self, login: str = "", *, locked: bool = False) -> None:
        super().__init__()
        self._login = login
        self._locked = locked
        self._busy = False

    @property
    def _desk(self) -> ServiceDesk:
        return cast("ServiceDesk", self.app)

    def compose(self) -> ComposeResult:
        """Two fields and what went wrong."""
        words = self._desk.words
        heading = label("This screen is locked. Your work is kept.") if self._locked else label("Sign in")
        with Vertical(id="sign-in"):
            yield Static(Content(words(heading)), classes="heading", markup=False)
            with Horizontal(classes="dialog-line"):
                yield Static(Content(words(label("Login"))), classes="dialog-label", markup=False)
                yield _field("login", self._login, disabled=self._locked)
            with Horizontal(classes="dialog-line"):
                yield Static(Content(words(label("Passphrase"))), classes="dialog-label", markup=False)
                yield _field("passphrase", "", password=True)
            yield Static("", id="refusal", markup=False)
        yield Static(Content(words(label("Enter Sign in  ctrl+q Leave"))), id="keys", markup=False)

    def on_mount(self) -> None:
        """The first empty field has the focus."""
        self.query_one("#passphrase" if self._login else "#login", Input).focus()

    def action_submit(self) -> None:
        """Enter in the login goes on to the passphrase, there it signs in."""
        if self.focused is self.query_one("#login", Input):
            self.set_focus(self.query_one("#passphrase", Input))
        elif not self._busy:
            self._busy = True
            self._sign_in()

    @work
    async def _sign_in(self) -> None:
        login, passphrase = self.query_one("#login", Input), self.query_one("#passphrase", Input)
        refusal = self.query_one("#refusal", Static)
        refusal.update(Content(self._desk.words(label("One moment."))))
        for field in (login, passphrase):  # keys pressed before Enter may still be on their way
            settled = asyncio.Event()
            field.call_later(settled.set)
            await settled.wait()
        try:
            await self._desk.door.sign_in(login.value, passphrase.value)
        except Refused as refused:
            refusal.update(Content(self._desk.words(refused.sentence)))
            passphrase.value = ""
        else:
            self.dismiss(True)
        finally:
            self._busy = False


def _field(id: str, value: str, *, password: bool = False, disabled: bool = False) -> Input:  # noqa: A002
    field = Input(value, password=password, id=id, compact=True, disabled=disabled, classes="dialog-field")
    field.cursor_blink = False
    return field
