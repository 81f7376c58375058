"""Where role bindings come from, in words: short ones for a column, longer ones for a sentence (`API.md#sources`).

Exports keep Semaphore's own spelling.
"""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str]] = {
    "manually": ("direct", "assigned directly"),
    "scim": ("SCIM", "from SCIM provisioning"),
    "github": ("GitHub", "synced from GitHub"),
    "bitbucket": ("Bitbucket", "synced from Bitbucket"),
    "gitlab": ("GitLab", "synced from GitLab"),
    "saml_jit": ("SAML", "from a SAML sign-in"),
    "inherited_from_org_role": ("from org role", "from an organization role"),
    "unspecified": ("source not named", "from a source Semaphore does not name (GitLab or SAML)"),
    "unknown": ("unknown source", "from an unknown source"),
    "": ("unknown source", "from an unknown source"),
}


def short_source(source: str) -> str:
    """`SCIM`, `from org role`, `unknown source “xyz”`."""
    return _WORDS[source][0] if source in _WORDS else f"unknown source “{source}”"


def source_words(source: str) -> str:
    """`from SCIM provisioning`, `from an organization role`, `from the unknown source “xyz”`."""
    return _WORDS[source][1] if source in _WORDS else f"from the unknown source “{source}”"


LONGER = {f"({short})": words for short, words in _WORDS.values()}
"""The sentence form of a short word in parentheses."""
