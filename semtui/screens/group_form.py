"""Create and edit a group: its name, description, organization role and members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.getters import query_one
from textual.widgets import Button, Input, Label, OptionList, Static

from semtui import conflicts, group_operations, operations
from semtui.access_words import withheld_roles
from semtui.errors import ConflictError, SemaphoreError
from semtui.outcomes import Done, Queued
from semtui.people import Subject
from semtui.presentation import KIND_WORDS, name_of
from semtui.roster import Roster
from semtui.screens.request_modal import RequestModal
from semtui.styling import styled
from semtui.verdicts import Verdict
from semtui.widgets.picker import Choice, Picker
from semtui.widgets.role_list import RoleList
from semtui.widgets.row_table import Column

if TYPE_CHECKING:
    from semtui.models import Role

LONGEST = 255
"""Characters of a name or a description; Semaphore answers more with a 500 (`api.md` §2.11)."""


@dataclass(frozen=True)
class _Asked:
    """What differs from what is saved."""

    name: str | None
    description: str | None
    add: tuple[str, ...]
    remove: tuple[str, ...]
    role: Role | None

    @property
    def group(self) -> bool:
        """True when the group itself changes, not only its role."""
        return self.name is not None or self.description is not None or bool(self.add or self.remove)


class GroupForm(RequestModal):
    """With `subject` the form edits that group, otherwise it creates one."""

    CSS_PATH = "group_form.tcss"

    name_input = query_one("#name", Input)
    description_input = query_one("#description", Input)
    role_list = query_one("#roles", RoleList)
    members = query_one("#members", Picker)

    def __init__(self, roster: Roster, subject: Subject | None = None) -> None:
        super().__init__(roster.session, subject.id if subject else "")
        self._people = roster.people
        self._subject = subject
        self._group_id = subject.id if subject else ""
        self._saved_name = subject.name if subject else ""
        self._saved_description = subject.description if subject else ""
        manual = subject.manual_role if subject else None
        # A new group is given the role Member by Semaphore itself.
        member = next((role.id for role in self._people.roles.items if role.name == "Member" and role.readonly), "")
        self._role_id = manual.role_id if manual else "" if subject else member
        self._saved_so_far = ""

    def heading(self) -> str:
        return f"Edit the group {name_of(self._subject)}" if self._subject else "Create group"

    def compose_body(self) -> ComposeResult:
        with Horizontal(classes="field"):
            yield Label("Name")
            yield Input(self._saved_name, id="name", compact=True, select_on_focus=False)
        with Horizontal(classes="field"):
            yield Label("Description")
            yield Input(self._saved_description, id="description", compact=True, select_on_focus=False)
        yield Static(id="trouble", classes="trouble")
        roles, _ = self._people.role_offers
        others = (role for role in roles if role.id != self._role_id)
        with Horizontal(id="role-field"):
            yield Label("Role")
            withheld = withheld_roles(others, self._people, self.session.not_held)
            yield RoleList(roles, self._role_id, withheld, id="roles")
        present = (self._subject.member_ids or ()) if self._subject else ()
        able = [subject for subject in self._people.subjects if _may_join(subject)]
        able.sort(key=lambda subject: (subject.id not in present, name_of(subject).casefold()))
        choices = [Choice(each.id, name_of(each), KIND_WORDS[each.kind], each.haystack) for each in able]
        yield Picker(
            choices,
            present,
            columns=(Column("name", "MEMBERS", 20, share=2), Column("words", "", 8, rank=1)),
            hint="find people and service accounts",
            nothing="Nobody matches.",
            id="members",
        )

    def compose_buttons(self) -> ComposeResult:
        yield Button("Save" if self._subject else "Create", id="send", variant="primary", compact=True)
        yield Button("Cancel", id="cancel", compact=True)
        yield Static("tab next   space adds, removes   p permissions", id="hint")

    def on_mount(self) -> None:
        for field in (self.name_input, self.description_input):
            field.cursor_blink = False
        self._review()
        self.name_input.focus()

    @on(Input.Changed)
    def _review(self) -> None:
        words = self._trouble()
        trouble = self.query_one("#trouble", Static)
        trouble.update(styled([(words, "warn")]))
        trouble.display = bool(words)

    def _trouble(self) -> str:
        """What Semaphore would refuse or stumble over, as far as it can be known (`api.md` §2.11)."""
        name, description = self.name_input.value.strip(), self.description_input.value.strip()
        if max(len(name), len(description)) > LONGEST:
            return f"Semaphore takes at most {LONGEST} characters."
        for group in self._people.groups.items:
            if group.id != self._group_id and group.name == name:
                return f"There is a group called {name} already."
        return ""

    def _asked(self) -> _Asked:
        name, description = self.name_input.value.strip(), self.description_input.value.strip()
        role = self.role_list.chosen
        return _Asked(
            name if name != self._saved_name.strip() else None,
            description if description != self._saved_description.strip() else None,
            self.members.added,
            self.members.removed,
            role if role is not None and role.id != self._role_id else None,
        )

    @on(Input.Submitted, "#name")
    @on(Input.Submitted, "#description")
    @on(OptionList.OptionSelected)
    def confirm(self) -> None:
        """Send, when everything that can be checked here is right."""
        if self.busy or not self.settled_in:
            return
        asked = self._asked()
        for field, words in ((self.name_input, "name"), (self.description_input, "description")):
            if not field.value.strip():
                self.say(f"A {words} is needed: Semaphore makes no group without one.", "bad")
                field.focus()
                return
        if self._trouble():
            self.say("Something else is needed there; the reason stands below it.", "bad")
            self.name_input.focus()
        elif not asked.group and asked.role is None:
            self.say("Nothing is changed.")
        else:
            self._send(asked)

    @work(group="request", description="")
    async def _send(self, asked: _Asked) -> None:
        name = self.name_input.value.strip()
        step = ""

        async def send() -> Done:
            nonlocal step
            if asked.group:
                step = "group"
                await self._send_group(asked)
            if asked.role is not None:
                step = "role"
                role, group_id = asked.role, self._group_id
                await self.session.write(lambda client: client.assign_role(group_id, role.id))
            words = f"Saved the group {name}." if self._subject else f"Created the group {name}."
            return Done(words, self._group_id, queued=self._queued(asked))

        async def check() -> Verdict:
            return await self._check_role(asked) if step == "role" else await self._check_group(asked)

        await self.carry_out(f"Saving {name}…" if self._subject else f"Creating {name}…", send, check)

    async def _send_group(self, asked: _Asked) -> None:
        """The group itself. What went through is remembered, so that a retry sends only the rest."""
        name, description = self.name_input.value.strip(), self.description_input.value.strip()
        if not self._group_id:
            group = await self.session.write(lambda client: client.create_group(name, description, asked.add))
            self._group_id = group.id
        else:
            await self._expect_details(asked)
            await self.session.write(
                lambda client: client.update_group(
                    self._group_id, name=asked.name, description=asked.description, add=asked.add, remove=asked.remove
                )
            )
        self._saved_name, self._saved_description = name, description
        self._saved_so_far = f"The group {name} is saved. "
        words = f"The group {name} is saved; its role is not changed."
        self.achieved = Done(words, self._group_id, tone="warn", queued=self._queued(asked))

    async def _expect_details(self, asked: _Asked) -> None:
        """Stop once when somebody else has changed the same meanwhile; what is theirs then counts as saved."""
        before, ours = (self._saved_name, self._saved_description), (asked.name, asked.description)
        try:
            await self.session.read(lambda client: conflicts.group_unchanged(client, self._group_id, before, ours))
        except ConflictError as conflict:
            self._saved_name = conflict.theirs.get("name", self._saved_name)
            self._saved_description = conflict.theirs.get("description", self._saved_description)
            raise

    def _queued(self, asked: _Asked) -> Queued | None:
        if not asked.add and not asked.remove:
            return None
        return Queued(self._group_id, self._saved_name, asked.add, asked.remove)

    def refusal_words(self, error: SemaphoreError) -> str:
        return f"{self._saved_so_far}The role is not changed. {error}" if self._saved_so_far else str(error)

    async def _check_group(self, asked: _Asked) -> Verdict:
        name, description = self.name_input.value.strip(), self.description_input.value.strip()
        group_id = self._group_id
        known = {group.id for group in self._people.groups.items}
        if not group_id:
            return await self.session.read(lambda client: group_operations.check_group_creation(client, name, known))
        if asked.name is None and asked.description is None:
            return await self.session.read(
                lambda client: group_operations.follow_members(client, group_id, asked.add, asked.remove, self._tell)
            )
        return await self.session.read(
            lambda client: group_operations.check_group_details(client, group_id, name, description)
        )

    def _tell(self, words: str) -> None:
        # Heard on the session's own thread.
        self.call_later(self.say, words, "warn")

    async def _check_role(self, asked: _Asked) -> Verdict:
        role, group_id, before = asked.role, self._group_id, self._role_id
        assert role is not None, "only a role that was asked for is looked up"
        name = self._saved_name
        verdict = await self.session.read(lambda client: operations.check_role(client, group_id, name, role, before))
        return Verdict(verdict.outcome, self._saved_so_far + verdict.sentence)


def _may_join(subject: Subject) -> bool:
    """Only who holds a role in the organization can be a member of a group (`api.md` §2.11)."""
    return subject.kind != "group" and subject.roles != ()
