"""Create, edit and delete custom roles; says first who loses what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from semtui.api.permissions import MANAGE_ROLES
from semtui.changes import custom_role
from semtui.changes.availability import NO_CUSTOM_ROLES
from semtui.changes.custom_role import ALWAYS, RoleDraft, Scope
from semtui.organization.role_catalog import all_permissions
from semtui.plain.account_actions import confirmed_by_name
from semtui.plain.browser import Browser, holding
from semtui.plain.context import Job
from semtui.plain.effect import Effect
from semtui.plain.speech import spoken_lines
from semtui.text.counting import count
from semtui.wording import confirmations as confirmation_words
from semtui.wording import roles as role_words
from semtui.wording.edits import spoken_change

if TYPE_CHECKING:
    from semtui.changes.result import ChangeResult
    from semtui.organization.roles import KnownRole
    from semtui.plain.context import PlainContext

_CREATE = Job("create", "Create a custom role", MANAGE_ROLES, "")
_EDIT = Job("edit", "Edit the custom role", MANAGE_ROLES)
_DELETE = Job("delete", "Delete the custom role", MANAGE_ROLES)


class _RoleForm:
    def __init__(self, context: PlainContext, known: KnownRole | None = None) -> None:
        self._context = context
        self._console = context.console
        self._known = known
        role = known.role if known else None
        self._scope: Scope = "project" if role and role.scope == "project" else "org"
        self._name, self._description = (role.name, role.description) if role else ("", "")
        self._chosen = set(role.permissions if role else ())
        self._taken = custom_role.taken_names(context.store, known.id if known else "")
        self._offered: dict[str, str] = {}
        """Permissions of the scope with their meaning."""

    @property
    def _draft(self) -> RoleDraft:
        return custom_role.draft(self._name, self._description, self._chosen, self._scope)

    def run(self) -> None:
        console = self._console
        console.say(f"Edit the role {self._known.role.name}." if self._known else "Create a custom role.")
        if self._known is None:
            self._scope = "project" if console.menu("For what?", ("The organization", "Projects")) == 2 else "org"
            self._ask_name()
            if not self._name:
                console.say("Nothing was created.")
                return
            self._ask_description()
        self._load_permissions()
        asking: tuple[Callable[[], None], ...] = (self._ask_name, self._ask_description, self._add, self._remove)
        while chosen := console.menu("", self._entries(), zero="leaves it", stay=True, sending=0 if self._known else 5):
            if chosen <= len(asking):
                asking[chosen - 1]()
            elif (done := self._send()) is not None:
                self._context.finish(done)
                return
        console.say("Nothing was changed." if self._known else "Nothing was created.")

    def _entries(self) -> list[str]:
        return [
            f"Name: {self._name}",
            f"Description: {self._description or 'none'}",
            f"Add a permission. {count(len(self._draft.permissions), 'permission')}",
            "Remove a permission",
            "Save" if self._known else "Create it",
        ]

    def _ask_name(self) -> None:
        while typed := self._console.text(f"Name; Enter {'keeps it' if self._name else 'goes back'}"):
            draft = custom_role.draft(typed, self._description, (), self._scope)
            error = custom_role.draft_obstacle(draft, self._scope, self._taken)
            if not error:
                self._name = typed
                return
            self._console.complain(error)

    def _ask_description(self) -> None:
        while typed := self._console.text(f"Description; Enter {'keeps it' if self._description else 'for none'}"):
            if len(typed) <= custom_role.LONGEST:
                self._description = typed
                return
            self._console.complain(f"Semaphore takes at most {custom_role.LONGEST} characters.")

    # Permissions

    def _load_permissions(self) -> None:
        """Load the permissions from Semaphore, or take the built-in catalog if it gives none."""
        scope, session = self._scope, self._context.session
        listed = self._context.wait_for(
            "Loading the permissions…", session.read(lambda client: client.list_permissions(scope))
        )
        if listed is None:
            self._console.say("Offered are the permissions of semtui's built-in catalog; yours may differ.")
        offered = listed if listed is not None else all_permissions(scope)
        self._offered = dict.fromkeys(self._chosen, "") | {each.name: each.description for each in offered}
        self._console.say(f"{ALWAYS[scope]} is part of every role.")

    def _pick(self, fit: Callable[[str], bool]) -> str | None:
        def rows(words: str) -> Sequence[str]:
            names = sorted(name for name in self._offered if name != ALWAYS[self._scope] and fit(name))
            return [name for name in names if holding(words, name, self._offered[name])]

        def said(name: str) -> str:
            return f"{name}. {self._offered[name]}"

        return Browser(self._console, "permission", rows, said).choose()

    def _add(self) -> None:
        # Permissions Semaphore said this API token does not hold cannot be granted with it; for project roles it does
        # not check that (`API.md#creating-a-role`).
        withheld = self._context.session.permissions.not_held if self._scope == "org" else set()
        name = self._pick(lambda name: name not in self._chosen)
        if name in withheld:
            self._console.complain(f"{name} cannot be granted: this API token lacks it.")
        elif name is not None:
            self._chosen.add(name)
            self._console.say(f"{name} will be added.")

    def _remove(self) -> None:
        if (name := self._pick(lambda name: name in self._chosen)) is not None:
            self._chosen.remove(name)
            self._console.say(f"{name} will not be part of the role.")

    # Sending

    def _send(self) -> ChangeResult | None:
        draft, store = self._draft, self._context.store
        if self._known is not None:
            return self._save(self._known, draft)
        known_ids = {role.id for role in self._context.people.roles.items}
        return self._context.carry_out(
            f"Creating {draft.name}…",
            partial(custom_role.create, store, draft, self._scope),
            partial(custom_role.check_created, self._context.session, draft, self._scope, known_ids),
        )

    def _save(self, known: KnownRole, draft: RoleDraft) -> ChangeResult | None:
        role, console = known.role, self._console
        if words := custom_role.edit_obstacle(draft, role):
            console.complain(words)
            return None
        if draft == custom_role.draft_of(role, self._scope):
            console.complain("Nothing is changed yet.")
            return None
        console.read_out(spoken_lines(role_words.saving_lines(role, draft.permissions)))
        effect = Effect(self._context, custom_role.edit_operations(role, draft), role_words.TOLD_WHEN_SAVING)
        effect.say()
        saving = custom_role.RoleUpdate(self._context.store, role, draft)
        for label, old, new in (("Name", role.name, draft.name), ("Description", role.description, draft.description)):
            if old.strip() != new:
                console.say(f"{label}: {spoken_change(old, new)}.")
        alike = custom_role.alike_ids(self._context.store, role)
        word = confirmation_words.code_to_type(role.name, role.id, alike) if alike else "save"
        what = f"{word}, the start of its id," if alike else word
        done = None
        question = f"Type {what} to save the role {role.name}"
        while done is None and effect.confirmed(question, "Enter goes back", word):
            done = self._context.carry_out(f"Saving {draft.name}…", saving.send, saving.check)
        return done


def create_role(context: PlainContext) -> None:
    """Ask for everything, and create it."""
    obstacle = NO_CUSTOM_ROLES if context.people.community else context.obstacle(_CREATE, None)
    if obstacle:
        context.console.complain(obstacle)
    else:
        _RoleForm(context).run()


def edit_role(context: PlainContext, known: KnownRole) -> None:
    """Change name, description and permissions."""
    if not _refused(context, _EDIT, known):
        _RoleForm(context, known).run()


def delete_role(context: PlainContext, known: KnownRole) -> None:
    """Delete a custom role nobody is seen to hold."""
    if _refused(context, _DELETE, known):
        return
    console = context.console
    console.say(f"{custom_role.DELETION} {custom_role.not_held_words(known)}")
    effect = Effect(context, custom_role.deletion_operations(known.role))
    effect.say()
    alike = custom_role.alike_ids(context.store, known.role)
    if not confirmed_by_name(effect, known.role.name, known.id, alike):
        console.say("Nothing was deleted.")
        return
    context.finish(
        context.carry_out(
            f"Deleting the role {known.role.name}…",
            partial(custom_role.delete, context.store, known),
            partial(custom_role.check_deleted, context.session, known),
        )
    )


def _refused(context: PlainContext, job: Job, known: KnownRole) -> bool:
    """True if it cannot be done, having said why."""
    session = context.session
    words = session.read_only_reason or role_words.change_obstacle(known, context.people, deleting=job is _DELETE)
    words = words.removesuffix(" h shows who.")
    if not words and job.permission in session.permissions.denied:
        words = f"This API token lacks the permission {job.permission}."
    if words:
        context.console.complain(words)
    return bool(words)
