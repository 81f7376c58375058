"""A ~/.sem.yaml, and an organization chosen from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from semtui.settings.contexts import Chosen, choose_context
from semtui.system.errors import ConfigurationError

ACME_TOKEN = "acme-token-000000001"
BETA_TOKEN = "beta-token-000000002"
ENV_TOKEN = "env-token-0000000003"
ALL_TOKENS = (ACME_TOKEN, BETA_TOKEN, ENV_TOKEN)

FILE = f"""\
active-context: Acme_semaphoreci_com
contexts:
  acme_semaphoreci_com:
    auth:
      token: {ACME_TOKEN}
    host: acme.semaphoreci.com
  beta_semaphoreci_com:
    auth:
      token: {BETA_TOKEN}
    host: beta.semaphoreci.com
"""


def write_file(home: Path, content: str | bytes = FILE, mode: int = 0o600) -> Path:
    path = home / ".sem.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def one_context(token: str = ACME_TOKEN, host: str = "acme.semaphoreci.com") -> str:
    return f"active-context: one\ncontexts:\n  one:\n    auth:\n      token: {token}\n    host: {host}\n"


def choose(
    home: Path, name: str | None = None, *, host: str | None = None, env_host: str = "", env_token: str = ""
) -> Chosen:
    environ = {"SEMAPHORE_HOST": env_host, "SEMAPHORE_API_TOKEN": env_token}
    chosen = choose_context(context_name=name, host=host, environ=environ, home=home)
    assert not any(token in repr(chosen) for token in ALL_TOKENS)
    return chosen


def refusal(
    home: Path, name: str | None = None, *, host: str | None = None, env_host: str = "", env_token: str = ""
) -> str:
    """The sentence of a refusal, which never holds a token."""
    with pytest.raises(ConfigurationError) as caught:
        choose(home, name, host=host, env_host=env_host, env_token=env_token)
    sentence = str(caught.value)
    assert not any(token in sentence for token in ALL_TOKENS)
    assert sentence.endswith(".")
    assert sentence.isprintable()
    return sentence
