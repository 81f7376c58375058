"""A token that has arrived: held until it is stored elsewhere, and shown only on request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from semtui.api.errors import NotSentError
from semtui.changes.new_account_access import NOTHING, NewAccountAccess
from semtui.changes.secret_exposure import Exposure, exposure
from semtui.changes.token_delivery import deliver_token, require_deliverable
from semtui.changes.token_questions import is_accepted, wait_until_settled
from semtui.plain.speech import file_question, name_alone_words
from semtui.tokens.delivery import (
    DeliveryError,
    DeliveryUnknownError,
    Destination,
    destination,
    suggested_path,
)
from semtui.tokens.secret_place import MARK
from semtui.wording.confirmations import acceptance_words
from semtui.wording.secrets import HOW_TYPED, UNKNOWN_ROLES, place_words, typing_words
from semtui.wording.tokens import (
    ACCEPTANCE_UNKNOWN,
    ASKING,
    NO_COPY,
    SALVAGED,
    delivering_words,
    token_words,
    unasked_reach_words,
    usage_example,
)

if TYPE_CHECKING:
    from semtui.api.models import NewToken, Role
    from semtui.changes.lacking import Missing
    from semtui.plain.context import PlainContext
    from semtui.wording.styled_text import Tone

_SHOWING = (
    "It would stay readable above, in this terminal and in whatever records it. Type show to have it shown; Enter "
    "leaves it hidden"
)
_STORED = "Nobody can show this token again. Type stored when you have stored it; Enter keeps it here"


def ask_destination(context: PlainContext) -> Destination | None:
    """Ask where a token is to go, before it is requested, and check that it can; None to keep it here."""
    while True:
        where = name_alone_words()
        typed = context.console.text(
            f"The token goes to a new file{f' ({where})' if where else ''}, or to | and a command that reads it, or to "
            f"{HOW_TYPED}; Enter keeps it here"
        )
        to = destination(typed)
        try:
            context.wait(require_deliverable(context.session, to))
        except NotSentError as error:
            context.console.complain(str(error))
        else:
            if to is not None and to.place:
                context.console.say(f"It will be saved to {to.place}.")
            if to is not None and to.secret is not None:
                context.console.say(f"It will be put into {place_words(to.secret)}.")
            return to


def exposure_accepted(context: PlainContext, exposed: Exposure) -> bool:
    """Whether a token may be exposed like this: the user is asked where it gives somebody more than they have."""
    if exposed.words:
        context.console.say(exposed.words)
    return not exposed.name or bool(
        context.console.confirmed(f"{typing_words(exposed.name)}; Enter goes back", exposed.name)
    )


class TokenHolder:
    """Holds one token. For a new account it also assigns the role, once the token is delivered."""

    def __init__(
        self,
        context: PlainContext,
        token: NewToken,
        role: Role | None = None,
        opening: str = "",
        to: Destination | None = None,
        stronger: Sequence[str] = (UNKNOWN_ROLES,),
        also: Missing | None = None,
    ) -> None:
        """`stronger` are the roles of the token's account that permit more than Member does."""
        self._context = context
        self._console = context.console
        self._token = token
        self._access = NewAccountAccess(context.session, token, role, also or NOTHING)
        self._opening = opening
        self._to = to
        self._stronger = stronger
        self._delivered = ""
        """The result of storing the token, in words that follow “it was”; empty while it is not stored."""
        self._handed = ""
        """A command that read the token, and may not have stored it."""

    @property
    def stored(self) -> bool:
        """True once the token is stored elsewhere too, as far as that can be known."""
        return bool(self._delivered)

    def run(self) -> str:
        """Hold the token until the user is done with it; returns the result in a sentence."""
        number = len(self._token.secret.get_secret_value())
        self._console.say(
            f"{self._opening} The API token of {self._token.account_name} is here: {number} characters, not shown. "
            f"{NO_COPY}".strip()
        )
        if self._token.salvaged:
            self._console.say(SALVAGED)
        if self._to is not None:
            self._deliver(self._to)
        self._give_access()
        while not self._done():
            pass
        self._context.session.vault.release(self._token)
        return f"Its token was {self._delivered}.{self._access.lacking}"

    def _done(self) -> bool:
        """Show the menu once; True when the user is done with the token."""
        ways: list[tuple[str, Callable[[], None]]] = [
            ("Write it to a new file that only you can read", self._write),
            ("Hand it to a command", self._hand_over),
            ("Show it here", self._show),
            ("Ask Semaphore whether it accepts the token, and what it reaches", self._test),
            ("Read how a token is used", self._explain),
            ("Put it into a secret of Semaphore", self._put_into_secret),
        ]
        if self._access.to_try_again:
            ways.append(("Try again what failed", self._give_access))
        words = [each for each, _ in ways]
        chosen = self._console.menu("", words, zero="done", stay=not self._delivered)
        if chosen:
            ways[chosen - 1][1]()
            return False
        if not self._delivered and self._console.confirmed(_STORED, "stored"):
            done = f"handed to {self._handed}" if self._handed else "neither saved nor handed over by semtui"
            self._delivered = f"{done}; you said that you have stored it"
        return bool(self._delivered)

    # Ways to take it

    def _write(self) -> None:
        self._ask_where(file_question(suggested_path(self._token.account_name)), "")

    def _hand_over(self) -> None:
        self._ask_where("Command that reads it, as in: vault kv put secret/ci token=-; Enter goes back", "| ")

    def _put_into_secret(self) -> None:
        self._ask_where(f"Secret, as in {HOW_TYPED}; Enter goes back", MARK)

    def _ask_where(self, prompt: str, mark: str) -> None:
        typed = self._console.text(prompt)
        to = destination(typed if not typed or typed.startswith(("|", MARK)) else mark + typed)
        if to is not None and exposure_accepted(self._context, exposure(to, self._stronger)):
            self._deliver(to)

    def _deliver(self, to: Destination) -> None:
        self._console.say(delivering_words(to))
        try:
            delivered = self._context.wait(deliver_token(self._context.session, self._token, to))
        except DeliveryUnknownError as error:
            self._handed = to.taker
            self._console.say(f"{error} If it is stored, choose 0 and type stored.")
            return
        except DeliveryError as error:
            self._console.complain(str(error))
            return
        self._delivered = delivered
        self._console.say(f"It was {delivered}.")

    def _show(self) -> None:
        if self._console.confirmed(_SHOWING, "show"):
            self._console.verbatim(token_words(self._token, shown=True))

    def _test(self) -> None:
        session, token = self._context.session, self._token
        self._context.wait(wait_until_settled(session, token, self._console.say))
        accepted = self._context.wait_for(ASKING, is_accepted(session, token))
        if accepted is None:
            self._console.say(ACCEPTANCE_UNKNOWN)
        else:
            self._console.say(acceptance_words(accepted, session.clock()))
            self._say_reach()

    def _explain(self) -> None:
        self._console.say("In a call, with the token in the variable API_TOKEN:")
        for line in usage_example(self._context.session.context.base_url).splitlines():
            self._console.verbatim(line)

    # The role of a new account

    def _give_access(self) -> None:
        """Give what is still to be given, and say what the token reaches then."""
        said: set[str] = set()

        def report(words: str, tone: Tone) -> None:
            # What was typed behind a failure was meant for something else.
            (self._console.complain if tone == "bad" else self._console.say)(f"Role: {words}")

        def report_more(told: list[tuple[str, Tone]]) -> None:
            for words, tone in told:
                if tone != "muted" and words not in said:
                    said.add(words)
                    (self._console.complain if tone == "bad" else self._console.say)(f"{words}.")

        self._context.wait(self._access.give(report, report_more))
        self._say_reach()

    def _say_reach(self) -> None:
        """Say what the token reaches, unless it may still be replaced: nobody is made to wait for that."""
        session, token = self._context.session, self._token
        if wait := session.vault.seconds_until_over(token.account_id):
            self._console.say(f"Token: {unasked_reach_words(wait)}.")
        else:
            words, _ = self._context.wait(self._access.reach())
            self._console.say(f"Token: {words}{'' if words.endswith('.') else '.'}")
