"""A token that reached this computer: kept until it is stored elsewhere, and shown only on request."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

from semtui.api.errors import NotSentError, OutcomeUnknownError, SemaphoreError
from semtui.changes import assign_role
from semtui.tokens.delivery import (
    DeliveryError,
    Destination,
    check_destination,
    destination,
    suggested_path,
)
from semtui.wording.confirmations import acceptance_words
from semtui.wording.tokens import token_words, usage_example

if TYPE_CHECKING:
    from semtui.api.models import NewToken, Role
    from semtui.plain.context import PlainContext

_SALVAGED = (
    "The answer was damaged, and only the token could be read from it. It looks complete: try it before relying on it."
)
_SHOWING = (
    "It would stay readable above, in this terminal and in whatever records it. Type show to have it shown; Enter "
    "leaves it hidden"
)
_STORED = "Nobody can show this token again. Type stored when you have stored it; Enter keeps it here"


def ask_destination(desk: PlainContext) -> Destination | None:
    """Where a token is to go, asked before there is one and tried out; None to keep it here."""
    while True:
        typed = desk.shell.text(
            "The token goes to a new file, or to | and a command that reads it; Enter keeps it here"
        )
        to = destination(typed)
        try:
            desk.wait(checked_destination(to))
        except NotSentError as error:
            desk.shell.complain(str(error))
        else:
            return to


async def checked_destination(to: Destination | None) -> None:
    """Check that a token could be delivered there. Raises NotSentError, before anything is sent."""
    if to is not None:
        try:
            await check_destination(to, os.environ)
        except DeliveryError as error:
            raise NotSentError(f"{error} Nothing was sent.") from None


class TokenHolder:
    """Holds one token. For a new account it also assigns the role, once the token is where it was to go."""

    def __init__(
        self,
        desk: PlainContext,
        token: NewToken,
        role: Role | None = None,
        opening: str = "",
        to: Destination | None = None,
    ) -> None:
        self._desk = desk
        self._shell = desk.shell
        self._token = token
        self._role = role
        self._opening = opening
        self._to = to
        self._fate = ""
        """What became of the token, in words that follow “it was”; empty while nothing did."""

    @property
    def stored(self) -> bool:
        """True once it is elsewhere too, as far as can be known."""
        return bool(self._fate)

    def run(self) -> str:
        """Keep the token until the user is done with it; returns what became of it, in words."""
        number = len(self._token.secret.get_secret_value())
        self._shell.say(
            f"{self._opening} The API token of {self._token.account_name} is here: {number} characters, not shown. "
            "Semaphore keeps no copy that can be read again.".strip()
        )
        if self._token.salvaged:
            self._shell.say(_SALVAGED)
        if self._to is not None:
            self._deliver(self._to)
        if self._role is not None:
            self._assign(self._role)
        while not self._done():
            pass
        self._desk.session.vault.release(self._token)
        role = " It has no role yet." if self._role is not None else ""
        return f"Its token was {self._fate}.{role}"

    def _done(self) -> bool:
        """Show the menu once; True when the user is done with the token."""
        ways: list[tuple[str, Callable[[], None]]] = [
            ("Write it to a new file that only you can read", self._write),
            ("Hand it to a command", self._hand_over),
            ("Show it here", self._show),
            ("Ask Semaphore whether it accepts the token", self._test),
            ("Hear how a token is used", self._explain),
        ]
        if self._role is not None:
            ways.append((f"Assign the role {self._role.name} again", partial(self._assign, self._role)))
        words = [each for each, _ in ways]
        chosen = self._shell.menu("", words, zero="done", stay=not self._fate)
        if chosen:
            ways[chosen - 1][1]()
            return False
        if not self._fate and self._shell.confirmed(_STORED, "stored"):
            self._fate = "neither saved nor handed over by semtui; you said that you have stored it"
        return bool(self._fate)

    # Ways to take it

    def _write(self) -> None:
        self._ask_where(f"New file, as in {suggested_path(self._token.account_name)}; Enter goes back", "")

    def _hand_over(self) -> None:
        self._ask_where("Command that reads it, as in: vault kv put secret/ci token=-; Enter goes back", "| ")

    def _ask_where(self, prompt: str, mark: str) -> None:
        typed = self._shell.text(prompt)
        if typed and (to := destination(typed if typed.startswith("|") else mark + typed)) is not None:
            self._deliver(to)

    def _deliver(self, to: Destination) -> None:
        self._shell.say(f"Handing the token to {to.words}…" if to.path is None else f"Writing it to {to.words}…")
        try:
            fate = self._desk.wait(self._desk.session.store(self._token, to))
        except DeliveryError as error:
            self._shell.complain(str(error))
            return
        self._fate = fate
        self._shell.say(f"It was {fate}.")

    def _show(self) -> None:
        if self._shell.confirmed(_SHOWING, "show"):
            self._shell.verbatim(token_words(self._token, shown=True))

    def _test(self) -> None:
        if wait := self._desk.session.vault.seconds_until_settled(self._token.account_id):
            # Semaphore remembers a yes for minutes, so it must not be asked while the token may yet be replaced.
            self._shell.say(f"An earlier request may still replace this token; asking in {ceil(wait)} seconds…")
            self._desk.wait(asyncio.sleep(wait))
        accepted = self._desk.wait_for("Asking Semaphore with this token…", self._desk.session.accepts(self._token))
        if accepted is None:
            self._shell.say("It is not known whether the token works.")
        else:
            self._shell.say(acceptance_words(accepted, self._desk.session.clock()))

    def _explain(self) -> None:
        self._shell.say("In a call, with the token in the variable API_TOKEN:")
        for line in usage_example(self._desk.session.context.base_url).splitlines():
            self._shell.verbatim(line)

    # The role of a new account

    def _assign(self, role: Role) -> None:
        account_id, name, session = self._token.account_id, self._token.account_name, self._desk.session
        if not account_id:
            self._shell.complain("No role: Semaphore's answer did not name the account. Reload, then edit it.")
            return
        self._shell.say(f"Assigning the role {role.name}…")
        try:
            self._desk.wait(session.write(lambda client: client.assign_role(account_id, role.id)))
        except OutcomeUnknownError:
            self._shell.say("The answer was lost. Checking, for up to a minute…")
            check = session.read(lambda client: assign_role.check_role(client, account_id, name, role))
            verdict = self._desk.wait(check)
            self._shell.say(verdict.sentence)
            self._role = None if verdict.outcome == "done" else role
        except SemaphoreError as error:
            session.learn(error)
            self._shell.complain(f"The role {role.name} is not assigned. {error}")
        else:
            self._role = None
            self._shell.say(f"{name} has the role {role.name}.")
