"""What the People page shows: members, service accounts and groups as one list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from semtui.changes.availability import permission_for, row_obstacle
from semtui.organization.people import People
from semtui.organization.sorting import FALLING
from semtui.organization.subject import KINDS, Kind, Subject
from semtui.text.counting import count
from semtui.tui.content.page import PageContent
from semtui.tui.content.people_filter import PeopleFilter
from semtui.tui.content.searched import Lines
from semtui.tui.content.sorts import SORTS
from semtui.wording import lists as list_words
from semtui.wording import people_rows
from semtui.wording import subjects as subject_words
from semtui.wording.styled_text import Line, Piece, Target, Tone
from semtui.wording.subject_details import details

if TYPE_CHECKING:
    from semtui.changes.availability import RequestedAction
    from semtui.export.contents import What
    from semtui.export.offer import Offer
    from semtui.organization.filters.completion import Vocabulary
    from semtui.organization.store import OrganizationStore


class PeopleContent(PageContent[Subject]):
    """Everyone in the organization; four tabs share it, each narrowed to a kind."""

    SORTS = SORTS["all"]
    FALLING = FALLING
    SEARCH_HINT = "search name, description, id"
    TERM_HINT = "role: state: kind: by: can: age> …"
    LOADED = "all lists"

    _order_of: dict[str, tuple[str, bool]]
    """The order of each tab that was sorted, while another is shown."""

    def __init__(self, store: OrganizationStore, warnings: tuple[str, ...] = ()) -> None:
        super().__init__(store, warnings)
        self._rotations_of: object = None
        """The list of accounts that `_rotation_lines` was made from."""
        self._rotation_lines: Lines = []
        self.filter = PeopleFilter(store)
        self._order_of = {}

    @property
    def sorts(self) -> tuple[str, ...]:
        """The columns of this tab that the rows can be sorted by."""
        return SORTS[self.tab]

    @property
    def people(self) -> People:
        """The lists, as far as they are loaded."""
        return self.store.people

    @property
    def marked(self) -> list[Subject]:
        """The marked subjects, in the order of the whole list."""
        return self.marks.among(self.people.subjects)

    @property
    def tab(self) -> str:
        """The kind of subject shown, or `all`."""
        return self.view.kind or "all"

    def open_tab(self, tab: str) -> None:
        """Narrow the rows to the kind `tab` names; to none for any other tab."""
        self._order_of[self.tab] = self.view.sort, self.view.reverse
        kind: Kind | None = next((kind for kind in KINDS if kind == tab), None)
        self.narrow(kind=kind)
        sort, reverse = self._order_of.get(self.tab, self.usual_order())
        self.narrow(sort=sort, reverse=reverse)

    def rows(self) -> Sequence[Subject]:
        """The subjects of this tab that match the search line."""
        rows = self.filter.selection(self.view).rows
        self.lapsed = self.filter.lapsed
        return rows

    @property
    def unknown(self) -> int:
        """For how many rows it is not known whether the search finds them."""
        return self.filter.selection(self.view).unknown

    def problem(self, text: str) -> str:
        """Why a text cannot be understood; empty if it can."""
        return self.filter.problem(text)

    @property
    def vocabulary(self) -> Vocabulary:
        """What the search line understands besides words."""
        return self.filter.vocabulary

    def cells(self, row: Subject) -> dict[str, list[Piece]]:
        """What every column of any tab shows."""
        return people_rows.cells(row, self.people, self.session.clock())

    def why_empty(self) -> Lines:
        """Why no subject is shown."""
        return list_words.placeholder(self.people, self.view)

    def list_notices(self) -> Lines:
        """A line for each cause of missing or outdated lists, and for each account that is being replaced."""
        if self._rotations_of is not self.people.accounts:
            from semtui.wording.rotation import notices

            self._rotations_of = self.people.accounts
            self._rotation_lines = [[(words, "warn")] for words in notices(self.people)]
        return [*list_words.notices(self.people), *self._rotation_lines]

    def summary(self, row: Subject) -> list[Piece]:
        """The subject in one line, with all of its roles."""
        return subject_words.sentence(row, self.people)

    def one_line(self, row: Subject) -> list[Piece]:
        """The same, with what the columns show."""
        return subject_words.sentence(row, self.people, whole=True)

    def details(self, row: Subject) -> list[Line]:
        """Roles and their sources, permissions, token age, groups or members."""
        return details(row, self.people, self.session.clock(), self.store.projects.listing.items)

    def title(self, row: Subject) -> str:
        """The subject's name, or its id if it has none."""
        return subject_words.name_of(row)

    def target(self, row: Subject) -> Target:
        """A subject by its id."""
        return ("subject", row.id)

    def row_of(self, target: Target) -> Subject | None:
        """The subject with that id."""
        return self.people.by_id.get(target[1]) if target[0] == "subject" else None

    def menu_title(self, row: Subject | None) -> str:
        """What the actions apply to: the marked rows if there are any, else the row under the cursor."""
        return f"Actions for {count(len(self.marks), 'marked row')}" if self.marks else super().menu_title(row)

    def kind(self, row: Subject) -> str:
        """Person, account or group."""
        return row.kind

    def record(self, row: Subject) -> dict[str, Any]:
        """The subject as an export writes it."""
        from semtui.export.records import Records

        return Records(self.people, self.store.projects).subject_record(row)

    def export_offers(self) -> Sequence[Offer]:
        """The marked rows if there are any, the rows shown, and all rows of this tab where the search hides some."""
        from semtui.export.offer import Offer

        names: dict[Kind | None, What] = {
            None: "all",
            "person": "people",
            "account": "service-accounts",
            "group": "groups",
        }
        what = names[self.view.kind]
        shown = self.rows()
        everything = [row for row in self.people.subjects if self.view.kind in (None, row.kind)]
        offers = [Offer(f"The {count(len(shown), 'row')} shown", what, shown)]
        if marked := self.marked:
            kinds = {row.kind for row in marked}
            what_marked = names[kinds.pop()] if len(kinds) == 1 else "all"
            offers.insert(0, Offer(f"The {count(len(marked), 'marked row')}", what_marked, marked))
        if len(everything) > len(shown):
            offers.append(Offer(f"All {count(len(everything), 'row')}", what, everything))
        return offers if everything else ()

    def renew_warnings(self) -> None:
        """Keep only the warnings of tokens that still wait in private files."""
        vault = self.session.vault
        self.warnings = tuple(list_words.rescued_words(each, vault.warning_of(each)) for each in vault.rescued_before())

    async def load(self, changed: Callable[[], None]) -> tuple[str, Tone]:
        """Load the six lists of the organization."""
        await self.store.load_people(changed)
        return list_words.load_words(self.people)

    def permission_for(self, action: RequestedAction, row: Subject | None) -> str:
        """Editing or deleting a service account takes another permission than a person or group."""
        return permission_for(action, row)

    def row_obstacle(self, action: RequestedAction, row: Subject | None) -> str:
        """Why the row, or the marked rows, do not allow `action`."""
        if self.marks and action.method in ("switch", "edit", "delete", "regenerate", "rotate"):
            # The plan says which of the marked rows allow it.
            return ""
        return row_obstacle(action, row, community=self.people.community)

    def key_words(self, method: str, row: Subject | None) -> str:
        """`reactivate` for an inactive account, `remove` for a person."""
        if method == "switch" and row is not None and row.state == "deactivated":
            return "reactivate"
        if method == "delete" and row is not None and row.kind == "person":
            return "remove"
        return ""
