"""Shows what changes would do, and what is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.tui.answers.what_if_questions import WhatIfQuestions
from semtui.tui.answers.worked_out import WithProjects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.audit.what_if.operations import Operation
    from semtui.organization.store import OrganizationStore


class WhatIfScreen(WithProjects):
    """What would change if these changes were made one after another."""

    def __init__(self, store: OrganizationStore, operations: Sequence[Operation]) -> None:
        questions = WhatIfQuestions(store, operations)
        super().__init__(store, questions, questions.what_if, "Working out what would change…")
