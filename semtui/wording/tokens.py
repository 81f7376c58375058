"""API tokens in words."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from semtui.system.timestamps import utc
from semtui.text.clean import clean
from semtui.text.counting import count
from semtui.tokens.destination_pattern import expanded
from semtui.wording.dates import date_words
from semtui.wording.secrets import place_words
from semtui.wording.styled_text import listed
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from semtui.api.models import NewToken
    from semtui.organization.subject import Subject
    from semtui.tokens.delivery import Destination
    from semtui.tokens.journal import Intent, Record


def unfinished_words(intent: Intent) -> str:
    """A request that was under way when semtui was killed or another organization was opened."""
    look = "" if intent.secret else ": look there first"
    going = f" Its token was going to {intent.destination}{look}." if intent.destination else ""
    return f"It is not known how this ended: {request_words(intent)}.{going}"


def unverifiable_words(record: Record) -> str:
    """A request that may still be awaited by a semtui on another machine, which cannot be checked from here."""
    host = record.process.host if record.process else "another computer"
    return (
        f"Another semtui on {host} may still be waiting for it: {request_words(record.intent)}. Once that run has "
        f"ended, remove {clean(str(record.path))}."
    )


def request_words(intent: Intent) -> str:
    """What was requested, and when: `creating ci-bot (Jan 02, 2026 03:04 UTC)`."""
    what = (
        f"regenerating the token of {intent.account_name}" if intent.account_id else f"creating {intent.account_name}"
    )
    moment = utc(intent.begun_at)
    when = f"{date_words(intent.begun_at)} {moment.tm_hour:02}:{moment.tm_min:02} UTC" if moment else "some time ago"
    return f"{what} ({when})"


SALVAGED = (
    "The answer was damaged, and only the token could be read from it. It looks complete: try it before relying on it."
)
ASKING = "Asking Semaphore with this token…"
ACCEPTANCE_UNKNOWN = "It is not known whether the token works."
NOT_STORED_YET = "An API token is not stored yet; semtui saves it to a private file when it closes."
NO_COPY = "Semaphore keeps no copy that can be read again."
DESTINATION_NEEDED = "A new file is needed, or | and a command, or secret:NAME."


NOT_ACCEPTED = "is not accepted by Semaphore: it was replaced meanwhile, or its account is deactivated"
_MOST_PROJECTS_NAMED = 5


def reach_words(names: Sequence[str]) -> str:
    """The projects a token reaches: `reaches 3 projects: a, b and c`."""
    if not names:
        return "reaches no project yet"
    return f"reaches {count(len(names), 'project')}: {_named(names)}"


def unknown_reach_words(error: Exception, seen: Sequence[str] = ()) -> str:
    """That it is not known what a token reaches; `seen` are the projects that were listed all the same."""
    known = f"reaches {_named(seen)}; whether more is not known" if seen else "what it reaches is not known"
    return f"{known}. {error}"


def unasked_reach_words(seconds: float) -> str:
    """Why it is not asked yet what a token reaches: a lost request may still replace it for `seconds`."""
    return f"what it reaches is not asked for {count(ceil(seconds), 'second')}: an earlier request may still replace it"


def _named(names: Sequence[str]) -> str:
    """The first of the names, and how many more there are."""
    ordered = sorted(names, key=str.casefold)
    more = len(ordered) - _MOST_PROJECTS_NAMED
    return listed([*ordered[:_MOST_PROJECTS_NAMED], f"{more:,} more"] if more > 0 else ordered)


def saved_words(path: Path, warning: str) -> str:
    """A notice of a token saved in a private file; `warning` says why it should not stay there long."""
    return f"A token that was not stored was saved to {clean(str(path))}.{warning}"


def file_removal_words(path: Path, *, removed: bool) -> str:
    """Whether the private file of a token that is now stored elsewhere has been removed."""
    shown = clean(str(path))
    return f"{shown} is removed." if removed else f"{shown} cannot be removed: delete it yourself."


def pending_request_words(seconds: float) -> str:
    """Why a token is not tested yet: a lost request may still replace it for `seconds`."""
    return f"An earlier request may still replace this token; asking in {count(ceil(seconds), 'second')}…"


def delivering_words(to: Destination) -> str:
    """Shown while a token is being delivered."""
    if to.secret is not None:
        return f"Putting it into {to.words}…"
    return f"Writing it to {to.words}…" if to.path is not None or to.stdout else f"Handing the token to {to.words}…"


def usage_example(base_url: str) -> str:
    """A curl command that uses the token with this organization's address."""
    return f'curl -H "Authorization: Token $API_TOKEN" \\\n  "{base_url}/api/v1alpha/projects"'


def offer_words(to: Destination | None) -> str:
    """What Enter does with the destination typed so far; `to` is None for an empty line."""
    if to is None:
        return f"Enter goes back. {DESTINATION_NEEDED}"
    if to.secret is not None:
        return f"{to.secret.mistake or f'Enter: {place_words(to.secret)}'}   An empty line goes back."
    if to.path is None:
        return (
            "Enter hands it to the command's standard input, as in: | vault kv put secret/ci token=-   "
            "The command has no terminal to ask on. secret:NAME puts it into a secret of Semaphore; an empty line goes "
            "back."
        )
    does = f"Enter saves it to {to.place}, readable by you alone" if to.place else "No file can have this name"
    return f"{does}; an empty line goes back. No existing file is overwritten."


def token_words(token: NewToken, *, shown: bool) -> str:
    """The token, or dots in its place."""
    secret = token.secret.get_secret_value()
    return secret if shown else "•" * len(secret)


_MOST_SHOWN = 2


def pattern_words(pattern: str, accounts: Sequence[Subject]) -> str:
    """Where the tokens of some accounts go by a line that gives each a place of its own, in a line for each."""
    lines = []
    for account in accounts[:_MOST_SHOWN]:
        to = expanded(pattern, account.name, account.id)
        lines.append(f"{name_of(account)}: {full_place(to) if to else 'nowhere yet'}")
    if (more := len(accounts) - _MOST_SHOWN) > 0:
        lines.append(f"and {count(more, 'more place')}, which the plan shows")
    return "\n".join(lines)


def full_place(to: Destination) -> str:
    """A destination as it is told before a token goes there: in full."""
    return to.place or clean(to.typed)
