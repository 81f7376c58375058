"""One line that gives each of several accounts a destination of its own: `{name}` in it stands for the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.tokens.delivery import destination, plain_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from semtui.tokens.delivery import Destination

NAME, ID = "{name}", "{id}"
SUGGESTED = f"~/{NAME}.token"
FOR_TWINS = f"~/{NAME}-next.token"
HOW_TYPED = (
    f"A new file, as {SUGGESTED}; or | and a command; or secret:{NAME} or secret:PROJECT/{NAME}. {NAME} stands for "
    f"the name of each account, {ID} for its id, with only letters, digits, - and _ kept."
)
NEEDED = f"A place for the tokens is needed, with {NAME} in it, as in {SUGGESTED}."


def expanded(pattern: str, name: str, account_id: str) -> Destination | None:
    """The destination of one account; None for a blank pattern."""
    return destination(filled(pattern, name, account_id))


def filled(pattern: str, name: str, account_id: str) -> str:
    """The same as it would be typed. Of name and id only letters, digits, - and _ are kept, so that they can act on no
    shell and lead to no other directory."""
    return pattern.replace(NAME, plain_name(name)).replace(ID, plain_name(account_id))


def shared(destinations: Mapping[str, Destination]) -> dict[str, str]:
    """Those that are the place of another one too: the key of each, and that of one it shares with."""
    first: dict[tuple[str, ...], str] = {}
    found: dict[str, str] = {}
    for key, to in destinations.items():
        other = first.setdefault(_place(to), key)
        if other != key:
            found[key] = other
            found.setdefault(other, key)
    return found


def _place(to: Destination) -> tuple[str, ...]:
    if to.secret is not None:
        return "secret", to.secret.project, to.secret.name
    if to.path is not None:
        # Some disks ignore case.
        return "file", (to.place or to.typed).casefold()
    return "command", to.typed
