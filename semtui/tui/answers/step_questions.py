"""Who can come to act as Owner or Admin, and how roles differ, as answers on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from semtui.organization.role_catalog import explanation
from semtui.text.clean import shorten
from semtui.tui.answers.access_questions import AccessQuestions
from semtui.tui.answers.answer import Answer, Ask
from semtui.tui.answers.questions import Questions
from semtui.tui.screens.candidate import Candidate
from semtui.tui.screens.chooser import Chooser
from semtui.tui.widgets.columns import Column
from semtui.wording import steps_rows as words
from semtui.wording.styled_text import listed

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.organization.store import OrganizationStore

_STEPS = (
    Column("name", "WHO", 18, share=1),
    Column("kind", "KIND", 8, rank=2),
    Column("how", "HOW", 30, share=4, rank=1),
)
_TARGETS = ("Owner", "Admin")
_DEPTHS = (1, 2, 3)
_ROLE_WIDTH = 12


class StepQuestions(Questions):
    """Who is a step away from something, and how roles differ."""

    def __init__(self, store: OrganizationStore) -> None:
        super().__init__(store)
        self._access = AccessQuestions(store)

    def steps(self, target: str, depth: int = 1) -> Ask:
        """Who can come to act as Owner or Admin, or with a permission, in so many steps."""
        within = f"Who is {_within(depth)} of {target}"

        def make(graph: AccessGraph) -> Answer:
            from semtui.audit.access.steps import steps
            from semtui.wording.access_answer import steps_text
            from semtui.wording.access_rows import reading_lines

            answer = steps(graph, target, depth)
            rows = [words.StepsRow(each) for each in answer.found]
            return Answer(
                within,
                self.as_of,
                [*reading_lines(graph.people), *words.steps_head(answer, steps_text(answer, graph).head)],
                _STEPS,
                rows=rows,
                cells=lambda row, _: words.steps_cells(row),
                nothing="Nobody." if answer.complete else "Nobody seen.",
                hint="enter how to end it  v what they can do",
                deeper=lambda row: self._one(within, row),
                other=lambda row: self._access.can(row.id) if row else None,
                answered=self.written("steps", target, depth),
                size=len(rows),
                stem="steps",
            )

        return self.asked(make, within)

    def _one(self, title: str, row: words.StepsRow) -> Ask:
        def ask() -> Answer:
            return Answer(
                title,
                self.as_of,
                lines=words.steps_lines(row),
                hint="v what they can do",
                other=lambda _: self._access.can(row.id),
            )

        return ask

    def compare(self, role_ids: Sequence[str]) -> Ask:
        """How roles of the organization differ in effect."""

        def make(graph: AccessGraph) -> Answer:
            from semtui.audit.access.questions import compare, roles_known
            from semtui.wording.access_answer import comparison_text

            answer, known = compare(graph, role_ids), roles_known(graph)
            names = [known[each] or each[:8] for each in role_ids]
            columns = [
                Column(f"role {number}", shorten(name, _ROLE_WIDTH), _ROLE_WIDTH) for number, name in enumerate(names)
            ]
            rows = words.compared_rows(answer)
            return Answer(
                f"How {listed(names)} differ",
                self.as_of,
                words.compared_head(answer, comparison_text(answer, graph).head),
                (Column("permission", "PERMISSION", 34, share=1), *columns),
                rows=rows,
                cells=lambda row, _: words.compared_cells(row),
                nothing="What they permit is not known.",
                hint="enter who can  v what the first role permits",
                deeper=lambda row: self._access.who_can(row.permission),
                other=lambda _: self._access.can_role(role_ids[0]),
                answered=self.written("compare", role_ids),
                size=len(rows),
                stem="compare",
            )

        return self.asked(make, "How roles differ")


def _within(depth: int) -> str:
    return "within one step" if depth == 1 else f"within {depth} steps"


def target_chooser(
    store: OrganizationStore, answer: Callable[[Ask], None]
) -> tuple[Chooser, Callable[[str | None], None]]:
    """The chooser of whom to act as and in how many steps, and what to do with what is chosen."""
    questions = StepQuestions(store)
    found = [
        Candidate(f"{depth} {target}", f"{target}, {_within(depth)}", "every permission of that role")
        for depth in _DEPTHS
        for target in _TARGETS
    ]
    found += [Candidate(f"1 {name}", name, explanation(name)) for name in questions.graph.permissions.names]

    def chosen(which: str | None) -> None:
        if which is not None:
            depth, _, target = which.partition(" ")
            answer(questions.steps(target, int(depth)))

    return Chooser("Who can come to act as…", found, "owner, or a permission"), chosen
