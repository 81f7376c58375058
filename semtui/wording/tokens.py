"""API tokens in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.wording.subjects import _intended

if TYPE_CHECKING:
    from semtui.api.models import NewToken
    from semtui.tokens.delivery import Destination
    from semtui.tokens.journal import Intent


def unfinished_words(intent: Intent) -> str:
    """What was under way when semtui ended without warning, or when another organization was opened."""
    return f"It is not known how this ended: {_intended(intent)}."


def usage_example(base_url: str) -> str:
    """The guide's next step with this organization's address: use the token in a call."""
    return f'curl -H "Authorization: Token $API_TOKEN" \\\n  "{base_url}/api/v1alpha/projects"'


def offer_words(to: Destination | None) -> str:
    """What Enter does while `to` is typed as the place for a token; None for an empty line."""
    if to is None:
        return "Enter goes back. A new file is needed, or | and a command."
    if to.path is None:
        return (
            "Enter hands it to the command's standard input, as in: | vault kv put secret/ci token=-   "
            "The command has no terminal to ask on; an empty line goes back."
        )
    does = f"Enter saves it to {to.place}, readable by you alone" if to.place else "No file can have this name"
    return f"{does}; an empty line goes back. No existing file is overwritten."


def token_words(token: NewToken, *, shown: bool) -> str:
    """The token itself, or as many dots."""
    secret = token.secret.get_secret_value()
    return secret if shown else "•" * len(secret)
