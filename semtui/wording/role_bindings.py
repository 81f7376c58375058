"""Role bindings in words: the role, its color, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.wording.sources import short_source
from semtui.wording.styled_text import Piece, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from semtui.api.models import RoleBinding


def role_tone(role_name: str) -> Tone:
    """The color the web page gives a role's label (`API.md#web-page`)."""
    tones: dict[str, Tone] = {"Owner": "owner", "Admin": "admin", "Member": "member"}
    return tones.get(role_name, "other")


def role_pieces(roles: Iterable[RoleBinding] | None) -> list[Piece]:
    """`Admin (SCIM), Member`: a binding that was not assigned directly shows its source."""
    if roles is None:
        return [("?", "muted")]
    pieces: list[Piece] = []
    for binding in roles:
        if pieces:
            pieces.append((", ", "muted"))
        pieces.append((binding.role_name or "(unnamed role)", role_tone(binding.role_name)))
        if not binding.is_manual:
            pieces.append((f" ({short_source(binding.source)})", "muted"))
    return pieces
