"""The choice of the column to sort by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from semtui.tui.content.ordered import sort_name
from semtui.tui.screens.candidate import Candidate
from semtui.tui.screens.chooser import Chooser

if TYPE_CHECKING:
    from collections.abc import Callable

    from semtui.tui.content.page import PageContent


def sort_chooser(
    content: PageContent[Any], chosen: Callable[[str], None]
) -> tuple[Chooser, Callable[[str | None], None]]:
    """The chooser, and what is called when it closes; `chosen` gets the column."""
    present = content.view.sort

    def closed(column: str | None) -> None:
        if column is not None:
            chosen(column)

    candidates = [
        Candidate(column, f"{sort_name(column)}, reversed" if column == present else sort_name(column))
        for column in content.sorts
    ]
    return Chooser("Sort by", candidates, "column"), closed
