"""What questions about the lists have in common: the lists, of when they are, and how their answers are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from semtui.tui.answers.answer import Answer, Ask
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.organization.store import OrganizationStore
    from semtui.wording.answered import Answered


class Questions:
    """Asks about the lists of a store, as they are when an answer is shown."""

    def __init__(self, store: OrganizationStore) -> None:
        self._store = store

    @property
    def graph(self) -> AccessGraph:
        """Who holds which permission, by the lists as they are."""
        from semtui.audit.access.current import graph_of

        return graph_of(self._store.people, self._store.projects)

    @property
    def source(self) -> Source:
        """The lists as they are, as a file of an answer names them."""
        from semtui.audit.sources import source_of

        return source_of(self._store)

    @property
    def as_of(self) -> str:
        """`as of 04:23 UTC`, or `snapshot of …`."""
        from semtui.wording.dates import clock_words

        return self._store.session.snapshot or f"as of {clock_words(self.source.head.finished_at)}"

    def project_name(self, project_id: str | None) -> str:
        """A project by its name; its id if it is in no list."""
        projects = self._store.projects.listing.items
        return next((each.name for each in projects if each.id == project_id), project_id or "")

    def asked(self, make: Callable[[AccessGraph], Answer], title: str) -> Ask:
        """A question; for an id or permission that is in no list any more, the answer `title` says so."""

        def ask() -> Answer:
            try:
                return make(self.graph)
            except LookupError:
                head = [Line([("This is no longer listed.", "warn")])]
                return Answer(title, self.as_of, head, nothing="")

        return ask

    def written(self, name: str, *arguments: str | int | Sequence[str] | None) -> Callable[[], Answered]:
        """The answer as the command `name` gives it."""
        from semtui.wording import answered

        return lambda: getattr(answered, name)(self.source, self.graph, *arguments)

    def basis(self) -> Ask:
        """Which lists were read, and what the API does not show."""

        def ask() -> Answer:
            from semtui.wording.answer import basis_lines

            lines = [Line([(each, "plain")], 4) for each in basis_lines(self.source)]
            return Answer("What this is based on", self.as_of, lines=lines)

        return ask
