"""Keeps what was typed into a dialog that is closed without sending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from semtui.tui.widgets.choice_list import ChoiceList
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.picker import Picker

if TYPE_CHECKING:
    from textual.widget import Widget

    from semtui.session.session import Session

KEPT = "What you typed is kept: open the dialog again to go on."
BACK = "What you typed before is back."


@dataclass(frozen=True)
class Draft:
    """The contents of a dialog's fields, lists and pickers, by id."""

    words: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str | None] = field(default_factory=dict)
    ticks: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def holds_work(self, opened: Draft) -> bool:
        """True if text or marks differ from how the dialog opened; the cursor in a list does not count."""
        return (self.words, self.ticks) != (opened.words, opened.ticks)


def draft_of(body: Widget) -> Draft:
    """The current contents of a dialog."""
    return Draft(
        {each.id or "": each.value for each in _fields(body)},
        {each.id or "": each.chosen_id for each in body.query(ChoiceList)},
        {each.id or "": each.toggled for each in body.query(Picker)},
    )


def _fields(body: Widget) -> Iterable[Field]:
    """The form's own fields, without search fields."""
    return (each for each in body.query(Field) if each.parent is not None and each.parent.has_class("field"))


def restore(body: Widget, draft: Draft) -> None:
    """Put a draft back, as far as what it chose is still offered."""
    for each in body.query(ChoiceList):
        each.choose(draft.choices.get(each.id or "") or "")
    for field_ in _fields(body):
        if (field_.id or "") in draft.words and not field_.disabled:
            field_.prefill(draft.words[field_.id or ""])
    for picker in body.query(Picker):
        picker.toggle(draft.ticks.get(picker.id or "", ()))


_kept: WeakKeyDictionary[Session, dict[tuple[str, str], Draft]] = WeakKeyDictionary()


def drafts(session: Session) -> dict[tuple[str, str], Draft]:
    """Drafts of the open organization, by dialog and by the id of the row it is about."""
    return _kept.setdefault(session, {})
