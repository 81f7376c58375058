"""API tokens in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.wording.subjects import _intended

if TYPE_CHECKING:
    from semtui.api.models import NewToken
    from semtui.tokens.journal import Intent


def unfinished_words(intent: Intent) -> str:
    """What was under way when semtui ended without warning, or when another organization was opened."""
    return f"It is not known how this ended: {_intended(intent)}."


def usage_example(base_url: str) -> str:
    """The guide's next step with this organization's address: use the token in a call."""
    return f'curl -H "Authorization: Token $API_TOKEN" \\\n  "{base_url}/api/v1alpha/projects"'


def token_words(token: NewToken, *, shown: bool) -> str:
    """The token itself, or as many dots."""
    secret = token.secret.get_secret_value()
    return secret if shown else "•" * len(secret)
