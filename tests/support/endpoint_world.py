"""A demo organization to send requests to, and what is known of a request that changes something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import SecretStr

from semtui.api.client import SemaphoreClient
from semtui.api.secret_models import Secret, SecretContent
from semtui.changes.reconcile import Reconciliation
from semtui.demo.catalog import Role as DemoRole
from semtui.demo.server import DemoServer

NEW = "crew"
"""What is created is called this."""
VALUE = SecretStr("Ship-3vT8mB1-Zc_q0")
"""What is put into secrets."""
CONTENT = SecretContent(env_vars=(("TOKEN", VALUE),), files=(("/home/semaphore/token", VALUE),))
FEATURES = {"secrets_exposed_content", "secrets_access_policy", "public_api_v1"}
"""Switched on, so that every request has something to do, and answers hold values in clear."""


class World:
    """A demo organization, and the ids in it that the requests are about."""

    def __init__(self, server: DemoServer) -> None:
        organization = self.organization = server.organization
        self.server = server
        organization.features |= FEATURES
        account = organization.service_account_named("terraform")
        person, group = organization.person_named("Noor Haddad"), organization.group_named("Support desk")
        guest, project = organization.person_named("Ingrid Bakke"), organization.project_named("payments-api")
        assert account is not None
        assert group is not None
        assert project is not None
        assert person
        assert guest
        self.account, self.person, self.group, self.guest, self.project = (
            account.id,
            person,
            group.id,
            guest,
            project.id,
        )
        self.updated_at = account.updated_at
        self.sleeper = organization.create_service_account("sleeper")[0].id
        organization.deactivate_service_account(self.sleeper)
        self.auditor = organization.create_role("Auditor", ["organization.view"], "Reads.").id
        self.support = self.role("Support")
        self.contributor = self.role("Contributor", "project").id
        organization.projects.give(self.project, self.person, self.role("Reader", "project").id)
        self.old_token = organization.token_of(self.account)
        self.secret = self.secret_of("aws-production")
        self.shop = organization.project_named("web-storefront").id  # type: ignore[union-attr]
        self.deployer = organization.service_account_named("ci-deployer").id  # type: ignore[union-attr]
        self.target = organization.state.activity.targets[0].id
        self.shop_secret = self.secret_of("storefront-deploy", "web-storefront")

    def secret_of(self, name: str, project: str = "") -> Secret:
        """A secret as it is now, as far as requests to change it need it."""
        found = self.organization.secret_store.named(name, project)
        assert found is not None
        return Secret(
            id=found.id,
            name=name,
            project_id=found.project_id,
            org_id=self.organization.id,
            updated_at=found.updated_at,
        )

    def holds(self, secret: Secret) -> bool:
        """Whether a secret has just what requests put into it."""
        stored = self.organization.state.secrets.get(secret.id)
        return stored is not None and stored.env_vars == {"TOKEN": VALUE.get_secret_value()}

    def role(self, name: str, scope: str = "org") -> DemoRole:
        role = self.organization.role_named(name, scope)  # type: ignore[arg-type]
        assert role is not None, name
        return role

    def token_now(self) -> str | None:
        """The token that only the request under test can have made."""
        new = self.organization.service_account_named(NEW)
        if new is not None:
            return self.organization.token_of(new.id)
        now = self.organization.token_of(self.account)
        return now if now != self.old_token else None

    def project_role_of(self, person: str) -> list[str]:
        """The names of the roles somebody holds by hand in the project."""
        members = self.organization.projects.members({"project_id": self.project})["members"]
        return [
            role["role_name"]
            for member in members
            if member["id"] == person
            for role in member["roles"]
            if role["source"] == "manually"
        ]


Act = Callable[[SemaphoreClient, World], Awaitable[object]]
Check = Callable[[SemaphoreClient, World], Awaitable[Reconciliation]]


@dataclass(frozen=True)
class Write:
    """A request that changes something."""

    name: str
    act: Act
    happened: Callable[[World], bool]
    check: Check | None
    """How semtui looks up what a lost answer left behind; None where Semaphore cannot be asked."""
    never_disproved: bool = False
    """“Not there” is no proof: the change is queued, or cannot be listed."""
    makes_token: bool = False
