"""Secrets of Semaphore as the place a token goes to, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.text.clean import clean
from semtui.wording.styled_text import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.api.secret_models import Secret
    from semtui.tokens.secret_place import SecretPlace

HOW_TYPED = "secret:NAME, secret:PROJECT/NAME; =VARIABLE or =FILE behind it, ;only=PROJECT for its jobs alone"
RECREATION = "deletes it and creates it again: jobs that name it cannot start in between, and its description is lost"


UNKNOWN_ROLES = "whatever roles its account has"


def place_words(place: SecretPlace) -> str:
    """What a place that is being typed stands for."""
    does = {"new": "a new secret", "replace": "replaces the secret", "recreate": "deletes and creates again the secret"}
    owner = f"of the project {clean(place.project)}" if place.project else "of the organization"
    return f"{does[place.way]} {clean(place.name)} {owner}, with {place.entry_words}"


def exposure_words(place: SecretPlace, stronger: Sequence[str] = ()) -> str:
    """Who will be able to read the token there; `stronger` are its account's roles that permit more than Member."""
    if place.project:
        where = clean(place.project)
        act = f" Whoever does acts with {_roles(stronger)}." if stronger else ""
        return f"Whoever may run or change a pipeline of {where} can read the token there.{act}"
    jobs = f"jobs of {listed([clean(each) for each in place.only])}" if place.only else "jobs of every project"
    act = f" With this token every Member can act with {_roles(stronger)}." if stronger else ""
    return f"It can be read by {jobs}, and every Member may delete and replace secrets of the organization.{act}"


def typing_words(name: str) -> str:
    """What to type before a token goes where it gives somebody more than they have."""
    return f"Type the secret's name, {clean(name)}, to put it there anyway"


def _roles(names: Sequence[str]) -> str:
    if UNKNOWN_ROLES in names:
        return UNKNOWN_ROLES
    return f"the role {listed(names)}" if len(names) == 1 else f"the roles {listed(names)}"


def taken_words(place: SecretPlace, found: Secret) -> str:
    """That the name is taken, and the ways on."""
    start = f"There is {place.words} already."
    if other := others_in(place, found):
        held = f"It also holds {listed(other)}, whose values cannot be read and would be lost."
        return f"{start} {held} Choose another name."
    return (
        f"{start} Choose another name, change the pipelines to it and delete the old one later; or add ;replace to "
        f"replace it at once, where Semaphore can; or ;recreate, which {RECREATION}."
    )


def others_in(place: SecretPlace, found: Secret) -> list[str]:
    """What a secret holds besides the place's own variable or file."""
    own = "variable" if place.is_variable else "file"
    entries = [("variable", entry.name) for entry in found.env_vars] + [("file", entry.name) for entry in found.files]
    return [name for kind, name in entries if (kind, name) != (own, clean(place.entry))]
