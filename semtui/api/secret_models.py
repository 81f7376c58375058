"""Secrets as semtui keeps them: names, times and digests, and never a value."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic.dataclasses import dataclass

from semtui.api.models import CONFIG, Id, Text, Word
from semtui.api.moments import Moment


def _empty_if_null(value: object) -> object:
    return () if value is None else value


def digest_of(stored: str) -> str:
    """The base64 of the MD5 of a stored text, as v2 sends it in place of a value (`API.md#secrets-v2`)."""
    return base64.b64encode(hashlib.md5(stored.encode(errors="replace"), usedforsecurity=False).digest()).decode()


def stored_file(content: SecretStr) -> str:
    """What is sent and stored for a file: its content in base64 (`API.md#secrets`)."""
    return base64.b64encode(content.get_secret_value().encode()).decode()


@dataclass(frozen=True, slots=True, config=CONFIG)
class SecretEntry:
    """A variable or a file of a secret, without its value."""

    name: Text
    """The variable's name, or the file's path."""
    digest: str = Field(default="", repr=False)
    """`digest_of` what is stored; "" where Semaphore does not tell."""


@dataclass(frozen=True, slots=True, config=CONFIG)
class SecretPolicy:
    """Which jobs may use a secret of the organization (`API.md#access-policy`)."""

    projects_access: Word = "ALL"
    """`ALL`, `ALLOWED` (those in `project_ids`), `NONE`, or a word not known yet."""
    project_ids: Annotated[tuple[Text, ...], BeforeValidator(_empty_if_null)] = ()
    debug: bool = True
    """Whether debug jobs get it."""
    attach: bool = True
    """Whether it is there for whoever attaches to a job."""

    def equals(self, other: SecretPolicy) -> bool:
        """Whether both allow the same, in whatever order the projects are."""
        return (self.projects_access, self.debug, self.attach, set(self.project_ids)) == (
            other.projects_access,
            other.debug,
            other.attach,
            set(other.project_ids),
        )


@dataclass(frozen=True, slots=True, config=CONFIG)
class Secret:
    """A secret of the organization or of a project (`API.md#secrets`)."""

    id: Id
    name: Text = ""
    project_id: Text = ""
    """Empty for a secret of the organization."""
    org_id: Text = ""
    """Only v2 tells it."""
    description: Text = ""
    """Only v2 tells it."""
    created_at: Moment = None
    updated_at: Moment = None
    used_at: Moment = None
    """When a job last loaded it; None if never."""
    env_vars: Annotated[tuple[SecretEntry, ...], BeforeValidator(_empty_if_null)] = ()
    files: Annotated[tuple[SecretEntry, ...], BeforeValidator(_empty_if_null)] = ()
    values_sent: bool = False
    """Whether Semaphore sends values in clear here; semtui keeps only their digests."""
    policy: SecretPolicy | None = None
    """None where the organization has no policies, and for secrets of projects."""


@dataclasses.dataclass(frozen=True, slots=True)
class SecretContent:
    """What to put into a secret: values by variable, and contents by path."""

    env_vars: tuple[tuple[str, SecretStr], ...] = ()
    files: tuple[tuple[str, SecretStr], ...] = ()

    def sent(self) -> dict[str, object]:
        """The content as all the APIs take it. Not for the eye: it has the values."""
        return {
            "env_vars": [{"name": name, "value": value.get_secret_value()} for name, value in self.env_vars],
            "files": [{"path": path, "content": stored_file(content)} for path, content in self.files],
        }

    def stored(self) -> list[str]:
        """Every text that is sent and stored. Not for the eye."""
        values = [value.get_secret_value() for _, value in self.env_vars]
        contents = [content.get_secret_value() for _, content in self.files]
        return [*values, *contents, *(stored_file(content) for _, content in self.files)]

    def is_in(self, secret: Secret) -> bool | None:
        """Whether the secret holds exactly this, by the digests of its values; None where Semaphore does not tell."""
        wanted = {("env", name): digest_of(value.get_secret_value()) for name, value in self.env_vars}
        wanted |= {("file", path): digest_of(stored_file(content)) for path, content in self.files}
        found = {("env", entry.name): entry.digest for entry in secret.env_vars}
        found |= {("file", entry.name): entry.digest for entry in secret.files}
        if found.keys() != wanted.keys():
            return False
        known = {place: digest for place, digest in found.items() if digest}
        if any(wanted[place] != digest for place, digest in known.items()):
            return False
        return True if len(known) == len(wanted) else None
