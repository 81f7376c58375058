"""Choose a role: each with its meaning, and the reason where one cannot be assigned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.plain.speech import spoken_lines
from semtui.wording.granting import withheld_roles
from semtui.wording.permissions import permission_summary, permissions_page

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.plain.context import PlainContext


def choose_role(context: PlainContext, present: str = "", *, none: str = "") -> Role | None:
    """Choose a role other than the one with the id `present`; None for no choice. `none` describes no choice."""
    roles, note = context.people.role_offers
    withheld = withheld_roles(
        (role for role in roles if role.id != present), context.people, context.session.permissions.not_held
    )
    if note:
        context.console.say(note)
    entries = []
    for role in roles:
        words = withheld.get(role.id) or role.description.partition(". ")[0]
        now = ", the current one" if role.id == present else ""
        entries.append(f"{role.name}{now}. {words}".rstrip(". ") + ".")
    while chosen := context.console.menu("Which role?", entries, zero=none or "leaves it"):
        role = roles[chosen - 1]
        if role.id in withheld:
            context.console.complain(f"{role.name} is {withheld[role.id]}.")
        else:
            context.console.say(f"{role.name}. {role.description} {role.name} can {permission_summary(role)}.")
            return role
    return None


def read_role(context: PlainContext, role: Role) -> None:
    """Print everything a role permits."""
    context.console.say(f"What {role.name} permits:")
    context.console.read_out(spoken_lines(permissions_page(role)))
