"""People, service accounts and groups: listed, found, read in full, and changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from semtui.api.permissions import MANAGE_PEOPLE, MANAGE_SERVICE_ACCOUNTS
from semtui.organization.filters.language import with_term
from semtui.organization.filters.terms import NONE, written
from semtui.plain import (
    account_actions as upkeep,
)
from semtui.plain import (
    accounts,
    groups,
    members,
)
from semtui.plain.browser import Browser, Command, Found
from semtui.plain.bulk import change_many
from semtui.plain.context import Job, PlainContext
from semtui.plain.offboard import offboard_person
from semtui.plain.rotation import rotate
from semtui.plain.speech import spoken_lines
from semtui.settings import named_filters
from semtui.wording import subjects as presentation
from semtui.wording.filters import FILTER_HELP
from semtui.wording.subject_details import details

if TYPE_CHECKING:
    from semtui.organization.subject import Kind, Subject

Work = Callable[[PlainContext, "Subject"], None]

_JOBS: dict[Kind, tuple[tuple[Job, Work], ...]] = {
    "account": (
        (Job("edit", "Edit name, description and role", MANAGE_SERVICE_ACCOUNTS), accounts.edit_account),
        (Job("regenerate", "Regenerate the API token", MANAGE_SERVICE_ACCOUNTS, "account"), upkeep.regenerate),
        (Job("switch", "Deactivate it", MANAGE_SERVICE_ACCOUNTS, "account"), upkeep.switch),
        (Job("delete", "Delete it", MANAGE_PEOPLE), upkeep.delete),
    ),
    "person": (
        (Job("edit", "Change the role", MANAGE_PEOPLE), members.change_role),
        (Job("delete", "Remove from the organization", MANAGE_PEOPLE), members.remove),
        (
            Job("offboard", "Offboard: plan what becomes of everything that depends on them", MANAGE_PEOPLE),
            offboard_person,
        ),
    ),
    "group": (
        (Job("edit", "Edit name, description, role and members", MANAGE_PEOPLE), groups.edit_group),
        (Job("edit", "Change the role (says first what that grants and revokes)", MANAGE_PEOPLE), members.change_role),
        (Job("remove_role", "Remove the role", MANAGE_PEOPLE), members.remove),
        (Job("delete", "Delete it", MANAGE_PEOPLE), upkeep.delete_group),
    ),
}
_LATER: tuple[tuple[str, Work], ...] = (
    ("Replace it by a twin, step by step", rotate),
    ("Deactivate it now, and be reminded to delete it after 24 h", upkeep.delete_later),
)
"""What is begun with an account and finished later."""
NOUNS: dict[Kind | None, str] = {None: "row", "person": "person", "account": "service account", "group": "group"}


class _Rows:
    """The rows of one kind or all."""

    def __init__(self, context: PlainContext, kind: Kind | None) -> None:
        self._context = context
        self._kind = kind
        self._search = ""
        """What the rows listed last were searched for."""

    def run(self) -> None:
        commands = {
            "f": Command("f filter", "f shows only the holders of a role.", self._filter),
            "a": Command("a all", "a changes all the rows listed, after saying what it would do.", self._change_all),
        }
        if named_filters.named():
            commands["'"] = Command("' named filters", "' offers the filters of config.toml.", self._choose_named)
        console, noun = self._context.console, NOUNS[self._kind]
        rows = Browser(
            console,
            noun,
            self._found,
            lambda row: self._context.row_words(row, self._kind),
            commands=commands,
            search_help=FILTER_HELP,
            last_search=self._context.last_searches["people"],
        )
        rows.each(self._open)

    def _found(self, search: str) -> Found[Subject]:
        selection = self._context.selection(search, self._kind)
        self._search = search
        return Found(selection.rows, selection.unknown)

    def _change_all(self, rows: Sequence[Subject]) -> None:
        if reason := self._context.session.read_only_reason:
            self._context.console.complain(reason)
        elif rows:
            change_many(self._context, rows)

    def _filter(self, _: Sequence[Subject]) -> str:
        """The search with the role that is chosen."""
        names = self._context.people.role_names
        chosen = self._context.console.menu("Only holders of which role?", (*names, "no role"), zero="any role")
        values = ("", *(written("role", name) for name in names), NONE)
        return with_term(self._search, "role", values[chosen])

    def _choose_named(self, _: Sequence[Subject]) -> str | None:
        """The text of the filter that is chosen; None for none."""
        filters = named_filters.named()
        chosen = self._context.console.menu("Which filter?", [f"{name}: {text}" for name, text in filters.items()])
        return list(filters.values())[chosen - 1] if chosen else None

    def _open(self, row: Subject) -> None:
        """Show everything about a row and offer its actions, until the user goes back or the row is gone."""
        say = self._context.console.say
        self._read(row)
        while job := self._choose(row):
            job(self._context, row)
            now = self._context.people.by_id.get(row.id)
            if now is None:
                say(f"{presentation.name_of(row)} is no longer listed.")
                return
            say(f"{self._context.row_words(now, now.kind)}.")
            row = now

    def _read(self, row: Subject) -> None:
        people, now = self._context.people, self._context.session.clock()
        self._context.console.read_out([line for line in spoken_lines(details(row, people, now, whole=False)) if line])

    def _read_impact(self, row: Subject) -> None:
        from semtui.plain.impact import say_impact

        say_impact(self._context, row)

    def _read_traces(self, row: Subject) -> None:
        from semtui.plain.impact import say_traces

        say_traces(self._context, row)

    def _choose(self, row: Subject) -> Callable[[PlainContext, Subject], None] | None:
        """Let the user choose an action for the row; None for none."""
        if reason := self._context.session.read_only_reason:
            self._context.console.complain(reason)
            return None
        jobs = _JOBS[row.kind]
        availability = [self._context.obstacle(job, row) for job, _ in jobs]
        entries = []
        for (job, _), obstacle in zip(jobs, availability, strict=True):
            words = "Reactivate it" if job.method == "switch" and row.state == "deactivated" else job.words
            entries.append(f"{words}: not possible. {obstacle}" if obstacle else words)
        entries.append("Read everything about it again")
        if row.kind != "group":
            entries += [f"Read what depends on {presentation.name_of(row)}", "Read traces: what was done last"]
        readings = (self._read, self._read_impact, self._read_traces)
        later = _LATER if row.kind == "account" and row.account is not None else ()
        entries += [words for words, _ in later]
        while chosen := self._context.console.menu("", entries):
            if chosen > len(jobs) + len(readings):
                return later[chosen - len(jobs) - len(readings) - 1][1]
            if chosen > len(jobs):
                readings[chosen - len(jobs) - 1](row)
            elif availability[chosen - 1]:
                self._context.console.complain(availability[chosen - 1])
            else:
                return jobs[chosen - 1][1]
        return None


def browse(context: PlainContext, kind: Kind | None) -> None:
    """Browse the rows of a kind; None is all of them."""
    _Rows(context, kind).run()
