"""A secret of Semaphore as the place a token goes to, and how it is typed: `secret:PROJECT/NAME=VARIABLE`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui.text.clean import clean

if TYPE_CHECKING:
    from pydantic import SecretStr

    from semtui.api.secret_models import SecretContent

MARK = "secret:"
USUAL_VARIABLE = "SEMAPHORE_API_TOKEN"
Way = Literal["new", "replace", "recreate"]

_VARIABLE = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
# The dash makes a range, from the space to the full stop (API.md#organization-secrets).
_NAME = re.compile(r"[@: -._a-zA-Z0-9]+")
_ID_WITHIN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class SecretPlace:
    """A variable or a file of a secret of the organization or of a project."""

    name: str
    project: str = ""
    """The project's name or id; empty for a secret of the organization."""
    entry: str = USUAL_VARIABLE
    """The variable's name, or the file's path."""
    only: tuple[str, ...] = ()
    """Projects, by name or id, whose jobs alone may use a secret of the organization; empty for all."""
    way: Way = "new"
    """`new`, or what is done to the secret of that name: `replace` it at once, or delete and create it again."""
    unread: tuple[str, ...] = ()
    """What was typed behind a semicolon and means nothing."""

    @property
    def typed(self) -> str:
        """The place as it is typed."""
        project = f"{self.project}/" if self.project else ""
        entry = f"={self.entry}" if self.entry != USUAL_VARIABLE else ""
        only = f";only={','.join(self.only)}" if self.only else ""
        way = f";{self.way}" if self.way != "new" else ""
        return f"{MARK}{project}{self.name}{entry}{only}{way}"

    @property
    def words(self) -> str:
        """The place within a sentence."""
        return f"the secret {clean(self.name)} of {clean(self.project) or 'the organization'}"

    @property
    def sentence_start(self) -> str:
        """The place at the start of a sentence."""
        return f"T{self.words.removeprefix('t')}"

    @property
    def is_variable(self) -> bool:
        """Whether the token becomes a variable, not a file."""
        return _VARIABLE.fullmatch(self.entry) is not None

    @property
    def entry_words(self) -> str:
        """`the variable X` or `the file /x`."""
        return f"the {'variable' if self.is_variable else 'file'} {clean(self.entry)}"

    @property
    def mistake(self) -> str:
        """What is wrong with what was typed, in a sentence; empty if nothing is known to be."""
        if self.unread:
            return f"“{clean(self.unread[0])}” means nothing here; there are only=PROJECT, replace and recreate."
        if self.name.startswith("/"):
            # As a variable without a value leaves it: that must not become a secret of the organization.
            return "A project is needed before the /, as in secret:PROJECT/deploy-token."
        if not self.name.strip("."):
            return "A name for the secret is needed, as in secret:deploy-token."
        if "/" in self.name or (not self.project and _NAME.fullmatch(self.name) is None):
            return "Semaphore takes only letters, digits, spaces and @:!\"#$%&'()*+,-._ in the name of a secret."
        if not self.project and _ID_WITHIN.search(self.name):
            return "Semaphore takes no name for a secret that contains an id."
        if not self.is_variable and "/" not in self.entry and "." not in self.entry:
            return f"{clean(self.entry)} can be no variable: letters, digits and _; a file has a / or a full stop."
        if self.only and (self.project or self.way != "new"):
            return "only= is for a new secret of the organization."
        return ""

    def content(self, token: SecretStr) -> SecretContent:
        """The whole content of the secret with this token."""
        from semtui.api.secret_models import SecretContent

        entry = ((self.entry, token),)
        return SecretContent(env_vars=entry) if self.is_variable else SecretContent(files=entry)


def secret_place(typed: str) -> SecretPlace:
    """The place that was typed behind `secret:`: `[PROJECT/]NAME[=VARIABLE or FILE][;only=PROJECT,…][;replace]`."""
    first, *options = (part.strip() for part in typed.split(";"))
    left, _, entry = first.partition("=")
    project, slash, name = left.partition("/")
    only: tuple[str, ...] = ()
    way: Way = "new"
    unread = []
    for option in options:
        key, _, value = option.partition("=")
        if key == "only" and value.strip(" ,"):
            only += tuple(each.strip() for each in value.split(",") if each.strip())
        elif option in ("replace", "recreate"):
            way = "replace" if option == "replace" else "recreate"
        elif option:
            unread.append(option)
    name, project = (name.strip(), project.strip()) if slash and project.strip() else (left.strip(), "")
    return SecretPlace(name, project, entry.strip() or USUAL_VARIABLE, only, way, tuple(unread))
