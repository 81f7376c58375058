"""Audit: who can do something, what somebody can do, why, who is a step away, and answers as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.organization.role_catalog import explanation
from semtui.plain.browser import Browser, holding
from semtui.plain.projects import projects_found
from semtui.plain.speech import file_question, spoken_lines
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError, write_new
from semtui.wording.dates import day_words
from semtui.wording.filters import PROJECT_FILTER_HELP
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Project
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.audit.findings.findings import Report
    from semtui.audit.findings.waivers import Judgement
    from semtui.organization.subject import Subject
    from semtui.plain.context import PlainContext
    from semtui.wording.answered import Answered

_TARGETS = ("Owner", "Admin")
_MOST_COMPARED = 3
_DEPTH = 3
"""In how many steps somebody may come to act as Owner or Admin."""


class Audit:
    """Asks about the lists as they are."""

    def __init__(self, context: PlainContext) -> None:
        self._context = context
        self._console = context.console

    def run(self) -> None:
        """Offer the questions until none is chosen."""
        questions: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Who can do something", self.who_can),
            ("What a person, service account or group can do", self.can),
            ("What a role permits, on projects too", self.can_role),
            ("Why somebody can do something, or cannot", self.why),
            ("Who can come to act as Owner or Admin, and how", self.steps),
            ("How roles differ", self.compare),
            ("Findings: what may be wrong", self.findings),
            ("What has changed since a snapshot", self.changed_since),
            ("What would change if", self.what_if),
        )
        while chosen := self._console.menu("Audit", [words for words, _ in questions]):
            questions[chosen - 1][1]()

    # What the questions are about

    @property
    def graph(self) -> AccessGraph:
        """Who holds which permission, by the lists as they are."""
        from semtui.audit.access.current import graph_of

        return graph_of(self._context.people, self._context.store.projects)

    @property
    def source(self) -> Source:
        """The lists as a file of an answer names them."""
        from semtui.audit.sources import source_of

        return source_of(self._context.store)

    def _permission(self) -> str | None:
        names = self.graph.permissions.names

        def rows(words: str) -> Sequence[str]:
            return [name for name in names if holding(words, name, explanation(name))]

        self._console.say("Words find a permission, as in: secrets manage")
        return Browser(self._console, "permission", rows, lambda name: f"{name}. {explanation(name)}").choose()

    def _where(self, permission: str) -> str | None:
        """The id of the project a permission is asked about; None for the organization or every project."""
        if not permission.startswith("project."):
            return None
        if self._console.menu("Where?", ("On every project", "On one project"), zero="on every project") != 2:
            return None
        store = self._context.store
        self._load_projects()

        def words(project: Project) -> str:
            return f"{project.name}, id {project.id}"

        found = partial(projects_found, self._context)
        project = Browser(self._console, "project", found, words, search_help=PROJECT_FILTER_HELP).choose()
        if project is None:
            return None
        if not store.projects.members_of(project.id).is_known:
            self._context.wait(store.load_project_members(project.id, lambda: None))
        return project.id

    def _load_projects(self) -> None:
        store = self._context.store
        if not store.projects.listing.is_known:
            self._console.say("Loading the projects…")
            self._context.wait(store.load_projects(lambda: None))

    def _subject(self) -> Subject | None:
        def rows(words: str) -> Sequence[Subject]:
            return self._context.rows(words)

        return Browser(self._console, "row", rows, self._context.row_words).choose()

    def _role(self, without: Sequence[str] = ()) -> str | None:
        from semtui.audit.access.questions import roles_known

        roles = {each: name for each, name in roles_known(self.graph).items() if each not in without}

        def rows(words: str) -> Sequence[str]:
            return [each for each, name in roles.items() if holding(words, name, each)]

        return Browser(self._console, "role", rows, lambda each: f"{roles[each]}, id {each}").choose()

    # The questions

    def who_can(self) -> None:
        """Who holds a permission."""
        from semtui.audit.access import questions
        from semtui.wording import answered
        from semtui.wording.access import who_can_lines

        if (permission := self._permission()) is None:
            return
        project_id = self._where(permission)
        graph = self.graph
        self._console.say(f"Who can {permission}:")
        lines = who_can_lines(questions.who_can(graph, permission, project_id), graph, cut=False)
        self._read(spoken_lines(lines))
        self._take_away("who-can", lambda: answered.who_can(self.source, graph, permission, project_id))

    def can(self) -> None:
        """Everything somebody can do."""
        from semtui.wording import answered

        if (subject := self._subject()) is not None:
            self._tell("can", answered.can(self.source, self.graph, subject.id))

    def can_role(self) -> None:
        """Everything a role permits."""
        from semtui.wording import answered

        if (role_id := self._role()) is not None:
            self._tell("can", answered.can_role(self.source, self.graph, role_id))

    def why(self) -> None:
        """Whether somebody holds a permission, and why."""
        from semtui.wording import answered

        if (subject := self._subject()) is None:
            return
        self._console.say(f"{name_of(subject)} and which permission?")
        if (permission := self._permission()) is not None:
            project_id = self._where(permission)
            self._tell("why", answered.why(self.source, self.graph, subject.id, permission, project_id)[0])

    def steps(self) -> None:
        """Who can come to act as Owner or Admin."""
        from semtui.wording import answered

        if not (chosen := self._console.menu("Act as whom?", _TARGETS)):
            return
        depths = ("In one step", *(f"In at most {depth} steps" for depth in range(2, _DEPTH + 1)))
        if depth := self._console.menu("In how many steps?", depths):
            self._tell("steps", answered.steps(self.source, self.graph, _TARGETS[chosen - 1], depth))

    def compare(self) -> None:
        """How two or three roles differ."""
        from semtui.wording import answered

        chosen: list[str] = []
        while len(chosen) < _MOST_COMPARED:
            if len(chosen) == _MOST_COMPARED - 1:
                self._console.say("A third role, or Enter for these two.")
            if (role_id := self._role(without=chosen)) is None:
                break
            chosen.append(role_id)
        if len(chosen) > 1:
            self._tell("compare", answered.compare(self.source, self.graph, chosen))

    def findings(self) -> None:
        """What may be wrong in the organization; lets the user waive it."""
        from semtui.audit.findings.rules import find
        from semtui.plain.waivers import waive_one
        from semtui.wording.findings_answer import findings_answered

        self._load_projects()
        source = self.source
        report = find(self.graph, source.head.finished_at)
        told, by = self._judged(report, source), ""
        self._tell_only(findings_answered(told, source))
        while told.judged and self._console.menu("Waive a finding?", ["Choose one"], zero="no"):
            if waiver := waive_one(self._console, told, source.head.host, by):
                told, by = self._judged(report, source), waiver.by
                self._console.say(f"{len(told.open):,} open, {len(told.waived):,} waived.")
        self._take_away("findings", lambda: findings_answered(told, source))

    def changed_since(self) -> None:
        """What has changed since a snapshot, and who gained or lost access by it."""
        from semtui.plain.comparison import changed_since

        if answered := changed_since(self._context, lambda: self.source):
            self._tell("diff", answered)

    def _judged(self, report: Report, source: Source) -> Judgement:
        """The report with the user's own waivers."""
        from semtui.audit.findings.waivers import judge
        from semtui.changes.own_waivers import own_waivers

        try:
            waivers = own_waivers()
        except ConfigurationError as error:
            self._console.complain(f"{error} No finding is waived.")
            waivers = ()
        return judge(report, waivers, source.head.host, source.head.finished_at)

    def what_if(self) -> None:
        """What a change of somebody, of a group or of a role would do."""
        from semtui.plain.what_if import WhatIfChoice
        from semtui.wording.what_if_answer import what_if

        chosen = self._console.menu("Of what?", ("A person, service account or group", "A role"))
        subject = self._subject() if chosen == 1 else None
        row_id = self._role() if chosen > 1 else subject.id if subject else None
        if row_id is None or (operation := WhatIfChoice(self._console, self.graph, row_id).ask()) is None:
            return
        self._load_projects()
        self._tell("what-if", what_if(self.source, self.graph, [operation]))

    # The answers

    def _tell(self, stem: str, answered: Answered) -> None:
        self._tell_only(answered)
        self._take_away(stem, lambda: answered)

    def _tell_only(self, answered: Answered) -> None:
        if answered.text is not None:
            text = answered.text()
            self._console.say(f"{text.title}:")
            self._read([line.strip() for line in text.lines])

    def _read(self, lines: Sequence[str]) -> None:
        self._console.read_out([line for line in lines if line])

    def _take_away(self, stem: str, answered: Callable[[], Answered]) -> None:
        """Offer to write the answer to a file, as a command would."""
        from semtui.wording.answered import FORM_WORDS, FORMS, ending_of

        if not (
            chosen := self._console.menu("Save the answer to a file?", [FORM_WORDS[form] for form in FORMS], zero="no")
        ):
            return
        form = FORMS[chosen - 1]
        day = day_words(self._context.session.clock())
        while typed := self._console.text(file_question(f"~/semtui-{stem}-{day}.{ending_of(form)}")):
            answer = answered()
            try:
                path = write_new(Path(typed), answer.write(form))
            except PrivateFileError as error:
                self._console.complain(str(error))
                continue
            lacking = "" if answer.complete else " The answer is incomplete; the file says what is missing."
            self._console.say(f"Written to {path}.{lacking}")
            return


def audit(context: PlainContext) -> None:
    """Ask about who can do what."""
    Audit(context).run()
