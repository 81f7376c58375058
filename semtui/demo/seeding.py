"""Turns the fixed data into an organization's state."""

import base64
import hashlib
from datetime import datetime

from semtui.demo import seed_data as seeds
from semtui.demo.access import Access
from semtui.demo.activity_data import ActivitySeed, TargetSeed, TaskSeed
from semtui.demo.activity_records import (
    DeploymentRecord,
    NotificationRecord,
    TargetRecord,
    TaskRecord,
    WorkflowRecord,
)
from semtui.demo.catalog import Role, built_in_role_id, built_in_roles, fixed_id, permissions_of
from semtui.demo.records import (
    MANUALLY,
    AccessPolicy,
    Group,
    Person,
    Project,
    ScmAccount,
    SecretRecord,
    ServiceAccountRecord,
    State,
    Subject,
)
from semtui.demo.service_accounts import ServiceAccounts
from semtui.demo.tokens import Tokens


class Seeding:
    """Fills an empty state, once; people first, because everything else refers to them."""

    def __init__(self, state: State, access: Access, accounts: ServiceAccounts, tokens: Tokens) -> None:
        self._state = state
        self._access = access
        self._accounts = accounts
        self._tokens = tokens
        self._ids: dict[str, str] = {"": ""}

    def add_all(self, population: seeds.Population) -> None:
        """Add everybody and everything; Community has neither groups nor custom roles."""
        self._add_roles(population.roles)
        for person in population.people:
            self._add_person(person)
        for provider, handle, uid in population.strangers:
            self._state.scm_accounts[provider, handle] = ScmAccount(provider, handle, uid)
        # Accounts may be created by accounts, so their ids are needed first.
        self._ids |= {account.name: fixed_id("service account", account.name) for account in population.accounts}
        for account in population.accounts:
            self._add_account(account)
        if self._state.edition == "ee":
            for group in population.groups:
                self._add_group(group)
        for project in population.projects:
            self._add_project(project)
        for secret in population.secrets:
            self._add_secret(secret)
        self._add_activity(population.activity)

    def _add_roles(self, custom: tuple[seeds.RoleSeed, ...]) -> None:
        state = self._state
        state.permissions = permissions_of(state.edition)
        state.roles = {role.id: role for role in built_in_roles(state.edition, state.org_id)}
        if state.edition == "ce":
            return
        for seed in custom:
            role_id = built_in_role_id(seed.name, "org")
            mapped = built_in_role_id(seed.maps_to, "project") if seed.maps_to else None
            state.roles[role_id] = Role(
                role_id, seed.name, "org", seed.description, list(seed.permissions), state.org_id, False, mapped
            )

    def _role_id(self, name: str) -> str:
        """The role's id; CE has no custom roles, so their holders are Members there."""
        role = self._state.role_named(name) or self._state.role_named("Member")
        assert role is not None
        return role.id

    def _add_person(self, seed: seeds.PersonSeed) -> None:
        state = self._state
        person = Person(fixed_id("person", seed.key or seed.name), seed.name)
        state.people[person.id] = person
        state.subjects[person.id] = Subject("user", person.name)
        state.stored_types[person.id] = "user"
        self._ids[seed.key or seed.name] = person.id
        for source, role in seed.roles.items():
            self._access.bind(person.id, self._role_id(role), source if state.edition == "ee" else MANUALLY)
        if seed.login:
            uid = str(int(fixed_id("uid", seed.login)[:6], 16))
            state.scm_accounts["github", seed.login] = ScmAccount("github", seed.login, uid, person.id)
        if seed.token:
            self._tokens.issue(person.id, seed.token)

    def _add_account(self, seed: seeds.AccountSeed) -> None:
        account = ServiceAccountRecord(
            id=self._ids[seed.name],
            name=seed.name,
            description=seed.description,
            creator_id=self._ids[seed.creator],
            created_at=_seconds(seed.created),
            updated_at=_seconds(seed.updated or seed.created),
            deactivated=seed.deactivated,
        )
        self._accounts.register(account, seed.first_name or None)
        self._state.stored_types[account.id] = "user" if seed.among_people else "service_account"
        self._tokens.issue(account.id, seed.token or _fixed_token(seed.name))
        if seed.role:
            self._access.bind(account.id, self._role_id(seed.role))

    def _add_group(self, seed: seeds.GroupSeed) -> None:
        group = Group(fixed_id("group", seed.name), seed.name, seed.description)
        group.member_ids = [self._ids[name] for name in seed.members]
        self._state.groups[group.id] = group
        self._state.subjects[group.id] = Subject("group", seed.name)
        self._ids[seed.name] = group.id
        if seed.role:
            self._access.bind(group.id, self._role_id(seed.role))

    def _add_project(self, seed: seeds.ProjectSeed) -> None:
        state = self._state
        url = f"git@github.com:{state.org_name}/{seed.name}.git"
        owner_id = self._ids[seed.owner]
        project = Project(fixed_id("project", seed.name), seed.name, seed.description, owner_id, url)
        state.projects[project.id] = project
        bindings = state.project_bindings_of(project.id)
        for who, role, source in seed.members:
            if state.edition == "ee":
                bindings.setdefault(self._ids[who], {})[source] = built_in_role_id(role, "project")
            elif self._access.has_role(self._ids.get(who, ""), "Member"):
                bindings[self._ids[who]] = {MANUALLY: ""}

    def _add_secret(self, seed: seeds.SecretSeed) -> None:
        state, created = self._state, _seconds(seed.created)
        secret = SecretRecord(
            id=fixed_id("secret", f"{seed.project}/{seed.name}"),
            name=seed.name,
            project_id=fixed_id("project", seed.project) if seed.project else "",
            env_vars={name: self._value(text) for name, text in seed.env_vars},
            files=dict(seed.files),
            creator_id=self._ids[seed.creator],
            created_at=created,
            updated_at=created,
            used_at=_seconds(seed.used) if seed.used else 0,
        )
        if seed.only_in:
            project_ids = [fixed_id("project", name) for name in seed.only_in]
            secret.policy = AccessPolicy(False, project_ids, True, True)
        state.secrets[secret.id] = secret

    def _add_activity(self, seed: ActivitySeed) -> None:
        ids = {**self._ids, "": fixed_id("service account", "deleted")}
        activity = self._state.activity
        for workflow in seed.workflows:
            for moment in workflow.created:
                activity.workflows.append(
                    WorkflowRecord(
                        fixed_id("workflow", f"{workflow.project} {workflow.requester} {moment}"),
                        fixed_id("project", workflow.project),
                        ids[workflow.requester],
                        _seconds(moment),
                        workflow.triggered_by,
                    )
                )
        activity.tasks = [_task(task, ids) for task in seed.tasks]
        activity.targets = [_target(target, ids) for target in seed.targets]
        activity.notifications = [
            NotificationRecord(
                fixed_id("notification", each.name),
                each.name,
                ids[each.creator],
                list(each.projects),
                _seconds(each.created),
                "https://hooks.slack.example/services/T0/B0/not-a-real-hook",
            )
            for each in seed.notifications
        ]

    def _value(self, text: str) -> str:
        return self._tokens.held_by(self._ids[text[1:]]) or "" if text.startswith("@") else text


def _task(seed: TaskSeed, ids: dict[str, str]) -> TaskRecord:
    created = _seconds(seed.created)
    return TaskRecord(
        fixed_id("task", f"{seed.project}/{seed.name}"),
        fixed_id("project", seed.project),
        seed.name,
        seed.description,
        ids[seed.requester],
        seed.at,
        created,
        created,
        paused=bool(seed.paused_by),
        paused_by=ids[seed.paused_by] if seed.paused_by else "",
    )


def _target(seed: TargetSeed, ids: dict[str, str]) -> TargetRecord:
    place = f"{seed.project}/{seed.name}"
    rules = [
        (kind, built_in_role_id(name, "project") if kind == "ROLE" else ids[name] if name else "")
        for kind, name in seed.rules
    ]
    deployments = [
        DeploymentRecord(fixed_id("deployment", f"{place} {moment}"), ids[who], _seconds(moment), {"VERSION": "1.2.3"})
        for who, moment in seed.deployments
    ]
    return TargetRecord(
        fixed_id("target", place),
        fixed_id("project", seed.project),
        seed.name,
        "",
        ids[seed.creator],
        _seconds(seed.created),
        rules,
        deployments,
    )


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _fixed_token(name: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()[:15]).decode()
