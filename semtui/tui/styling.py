"""Words as Textual content: tones become colors of the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style

from semtui.wording.lists import TABS
from semtui.wording.organizations import context_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from semtui.settings.contexts import Context
    from semtui.settings.organization_marks import OrganizationMark
    from semtui.wording.styled_text import Piece, Tone

TONES: dict[Tone, str] = {
    "plain": "",
    "strong": "bold",
    "muted": "$muted",
    "owner": "bold $role-owner",
    "admin": "bold $role-admin",
    "member": "",
    "other": "$role-other",
    "good": "$success",
    "warn": "$warning",
    "bad": "$error",
}
"""The style of each tone, by variables of the theme."""

CLICKED = "action"
"""The key under which text carries the action that a click on it runs."""
_MARK_COLORS = {"red": "$error", "yellow": "$warning", "green": "$success", "blue": "$role-admin"}


def styled(pieces: Iterable[Piece]) -> Content:
    """Pieces as Textual content. Their text is never read as markup."""
    return Content.assemble(*((text, TONES[tone]) for text, tone in pieces))


def organization_line(
    context: Context, mark: OrganizationMark, read_only: bool, proxy: str = "", snapshot: str = ""
) -> Content:
    """The organization, what chose it where that adds something, the proxy, and its mark, DEMO and READ-ONLY; or
    which snapshot of it this is."""
    parts = [Content.styled(f" {context.host} ", "bold")]
    if snapshot:
        return Content("").join([*parts, Content.styled(f" {snapshot} ", "bold reverse $warning")])
    chosen_by = context_words(context.name, context.host, from_environment=context.from_environment)
    if chosen_by and not context.demo:
        parts.append(Content.styled(f"{chosen_by} ", "$muted"))
    if proxy:
        parts.append(Content.styled(f"via proxy {proxy} ", "$muted"))
    marks = [(mark.label, _MARK_COLORS[mark.color])] if mark.label else []
    marks += [("DEMO", "$warning")] * context.demo + [("READ-ONLY", "$warning")] * read_only
    parts += [Content.assemble((f" {words} ", f"bold reverse {color}"), " ") for words, color in marks]
    return Content("").join(parts)


_GIVE_WAY = ("roles", "group", "projects", "all", "findings", "account", "person")
"""Whose count is left out first where all of them do not fit."""
_BRIEF = {tab: {"account": "Accts", "projects": "Proj", "findings": "Find"}.get(tab, words) for tab, _, words in TABS}
"""The labels where not even one count fits."""


def tab_line(counts: dict[str, str], active: str, width: int) -> Content:
    """The tabs with their keys and counts, in words short enough for `width` cells. `counts` are by tab.

    Each tab carries its action, which a `ClickableLine` runs.
    """
    long = {tab: words for tab, words, _ in TABS}
    short = {tab: words for tab, _, words in TABS}
    forms = [(long, counts), (short, counts)]
    for tab in _GIVE_WAY:
        forms.append((short, forms[-1][1] | ({tab: ""} if tab != active else {})))
    line = Content("")
    none = dict.fromkeys(counts, "")
    for words, numbers in (*forms, (_BRIEF, none), ({active: short[active]}, counts)):
        line = Content("")
        for key, tab in enumerate(long, start=1):
            style = "bold underline $accent" if tab == active else "$muted"
            end = " " if key < len(long) else ""
            label = Content.assemble(f" {key} ", (f"{words.get(tab, '')} {numbers[tab]}".strip(), style), end)
            line += clickable(label, "findings" if tab == "findings" else f"tab('{tab}')")
        if line.cell_length <= width:
            break
    return line


def clickable(content: Content, action: str) -> Content:
    """Content that stands for an action of the screen it is on."""
    return content.stylize(Style.from_meta({CLICKED: action}))
