"""The demo organization: Semaphore's rules over one state, and methods for tests to query and change it."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from semtui.demo.access import Access
from semtui.demo.activity import ProjectActivity
from semtui.demo.catalog import Edition, Role, Scope, fixed_id
from semtui.demo.generated_people import acme
from semtui.demo.groups import Groups
from semtui.demo.members import Members
from semtui.demo.notifications import Notifications
from semtui.demo.organization_secrets import SecretRights, Secrets, SecretStore
from semtui.demo.project_secrets import ProjectSecrets
from semtui.demo.projects import Projects
from semtui.demo.records import (
    Group,
    Project,
    ServiceAccountRecord,
    State,
)
from semtui.demo.roles import Roles
from semtui.demo.seed_data import ORG_NAME, Population
from semtui.demo.seeding import Seeding
from semtui.demo.service_accounts import ServiceAccounts
from semtui.demo.tokens import Tokens

SHIPPED = ("project_level_secrets", "deployment_targets")
"""The features that are on as Semaphore ships."""


class Organization:
    """An organization, as Semaphore would keep it.

    The parts (`members`, `roles`, `groups`, `service_accounts`, `projects`) answer as the API does. The methods here
    query and change the state directly, without permission checks.
    """

    def __init__(
        self,
        *,
        edition: Edition = "ee",
        size: int | None = None,
        population: Population | None = None,
        group_delay: float = 2.0,
        features: Iterable[str] = SHIPPED,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.edition = edition
        self.population = population or acme(size)
        """The data it started with."""
        self.lock = threading.RLock()
        self.clock = clock
        self.ip_allow_list: frozenset[str] | None = None
        """Addresses that may send requests, or None for all (API.md#authentication)."""
        self.state = State(edition, clock, fixed_id("organization", ORG_NAME), ORG_NAME)
        self.state.queue_delay = group_delay
        self.features = self.state.features
        """Semaphore's names of what is switched on here; can be changed in place (API.md#features)."""
        self.features.update(features)
        self.access = Access(self.state)
        self.tokens = Tokens(clock, self._may_enter)
        self.members = Members(self.state, self.access)
        self.roles = Roles(self.state, self.access)
        self.groups = Groups(self.state, self.access)
        self.service_accounts = ServiceAccounts(self.state, self.access, self.tokens)
        self.projects = Projects(self.state, self.access, self.members)
        self.secret_rights = SecretRights(self.state, self.access)
        self.secret_store = SecretStore(self.state)
        self.secrets = Secrets(self.state, self.secret_store, self.secret_rights)
        self.project_secrets = ProjectSecrets(self.state, self.secret_store, self.secret_rights)
        self.activity = ProjectActivity(self.state, self.access)
        self.notifications = Notifications(self.state, self.access)
        Seeding(self.state, self.access, self.service_accounts, self.tokens).add_all(self.population)

    def _may_enter(self, subject_id: str) -> bool:
        account = self.state.service_accounts.get(subject_id)
        return subject_id in self.state.people or (account is not None and not account.deactivated)

    @property
    def id(self) -> str:
        """The organization's id."""
        return self.state.org_id

    @property
    def group_delay(self) -> float:
        """Seconds until a queued change is made; 0 makes it at the next request."""
        return self.state.queue_delay

    @group_delay.setter
    def group_delay(self, seconds: float) -> None:
        self.state.queue_delay = seconds

    @property
    def revocation_delay(self) -> float:
        """Seconds a recently used token keeps working once revoked; 300 on Semaphore, because of its cache."""
        return self.tokens.revocation_delay

    @revocation_delay.setter
    def revocation_delay(self, seconds: float) -> None:
        self.tokens.revocation_delay = seconds

    # Questions

    def service_account(self, account_id: str) -> ServiceAccountRecord | None:
        """A copy of the account as it is now."""
        with self.lock:
            account = self.state.service_accounts.get(account_id)
            return replace(account) if account else None

    def service_account_named(self, name: str) -> ServiceAccountRecord | None:
        """A copy of the first service account with this name, or None."""
        with self.lock:
            found = (one for one in self.state.service_accounts.values() if one.name == name)
            account = next(found, None)
            return replace(account) if account else None

    def service_account_names(self) -> list[str]:
        """The names of all service accounts."""
        with self.lock:
            return [account.name for account in self.state.service_accounts.values()]

    def person_named(self, name: str) -> str | None:
        """The id of the person of this name."""
        with self.lock:
            return next((one.id for one in self.state.people.values() if one.name == name), None)

    def role_named(self, name: str, scope: Scope = "org") -> Role | None:
        """The role of this name and scope."""
        with self.lock:
            return self.state.role_named(name, scope)

    def group_named(self, name: str) -> Group | None:
        """A copy of the first group with this name, after applying queued changes that are due; or None."""
        with self.lock:
            self.state.catch_up()
            group = next((one for one in self.state.groups.values() if one.name == name), None)
            return replace(group, member_ids=list(group.member_ids)) if group else None

    def project_named(self, name: str) -> Project | None:
        """The first project with this name, or None."""
        with self.lock:
            return next((one for one in self.state.projects.values() if one.name == name), None)

    def role_names_of(self, subject_id: str) -> list[str]:
        """The names of the subject's direct organization roles, from any source, sorted."""
        with self.lock:
            self.state.catch_up()
            role_ids = self.state.org_bindings.get(subject_id, {}).values()
            return sorted(self.state.roles[one].name for one in role_ids if one in self.state.roles)

    def holds(self, subject_id: str, permission: str, project_id: str = "") -> bool:
        """Whether the server lets a subject's token do what takes this permission; see `Access.holds`."""
        with self.lock:
            self.state.catch_up()
            return self.access.holds(subject_id, permission, project_id)

    def token_holder(self, token: str) -> str | None:
        """The id of the subject whose current token this is, even if deactivated; None if there is none."""
        with self.lock:
            return self.tokens.holder(token)

    def token_of(self, subject_id: str) -> str | None:
        """The subject's current API token, or None."""
        with self.lock:
            return self.tokens.held_by(subject_id)

    # Edits by somebody else

    def create_service_account(
        self, name: str, description: str = "", role: str | None = None
    ) -> tuple[ServiceAccountRecord, str]:
        """A new account, created by the first Owner, and its token."""
        with self.lock:
            owner_id = fixed_id("person", self.population.callers["owner"])
            account, token = self.service_accounts.add(name, description, owner_id)
            if role is not None:
                self.assign_role(account.id, role)
            return replace(account), token

    def edit_service_account(self, account_id: str, *, name: str | None = None, description: str | None = None) -> None:
        """Edit a service account; None leaves a field as it is."""
        with self.lock:
            self.service_accounts.edit(account_id, name, description)

    def deactivate_service_account(self, account_id: str) -> None:
        """Deactivate a service account."""
        with self.lock:
            self.service_accounts.deactivate({"id": account_id})

    def reactivate_service_account(self, account_id: str) -> None:
        """Reactivate a service account."""
        with self.lock:
            self.service_accounts.reactivate({"id": account_id})

    def regenerate_token(self, account_id: str) -> str:
        """Replace a service account's token and return the new one."""
        with self.lock:
            return str(self.service_accounts.regenerate_token({"id": account_id})["api_token"])

    def delete_service_account(self, account_id: str) -> None:
        """Delete one service account."""
        with self.lock:
            self.service_accounts.drop(account_id)

    def delete_all_service_accounts(self) -> None:
        """Delete every service account."""
        with self.lock:
            for account_id in list(self.state.service_accounts):
                self.service_accounts.drop(account_id)

    def assign_role(self, subject_id: str, role_name: str) -> None:
        """Make the organization role of this name the subject's manual one."""
        with self.lock:
            role = self.state.role_named(role_name)
            if role is None:
                raise LookupError(f"acme has no role {role_name!r}")
            self.members.give(subject_id, role)

    def remove_member(self, subject_id: str) -> None:
        """Remove a subject from the organization."""
        with self.lock:
            self.members.remove(subject_id)

    def create_role(self, name: str, permissions: list[str], description: str = "") -> Role:
        """A new custom organization role."""
        with self.lock:
            return self.roles.add(name, description, "org", permissions)
