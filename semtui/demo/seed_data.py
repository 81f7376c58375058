"""The people, service accounts, groups and projects of acme: fixed data, the same in every run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from semtui.demo.activity_data import ACTIVITY, ActivitySeed

ORG_NAME = "acme"
REFERENCE_TIME = int(datetime(2026, 11, 23, 14, 0, tzinfo=UTC).timestamp())
"""The reference time of the fixed data, in epoch seconds: every date in it is earlier."""

OWNER = "Amara Okafor"


@dataclass(frozen=True)
class PersonSeed:
    """A person to seed."""

    name: str
    roles: dict[str, str]
    """Role names by source; empty for a person who is not in the organization."""
    login: str = ""
    token: str = ""
    key: str = ""
    """What the id is made from, if the name is not unique."""


@dataclass(frozen=True)
class AccountSeed:
    """A service account to seed."""

    name: str
    description: str
    role: str | None
    created: str
    updated: str = ""
    creator: str = OWNER
    deactivated: bool = False
    first_name: str = ""
    token: str = ""
    among_people: bool = False
    """On Community: the role was assigned through the API, and is therefore listed among people's
    (API.md#subject-types)."""


@dataclass(frozen=True)
class GroupSeed:
    """A group to seed; role and members are given by name."""

    name: str
    description: str
    role: str | None
    members: tuple[str, ...]


@dataclass(frozen=True)
class RoleSeed:
    """A custom role to seed."""

    name: str
    description: str
    permissions: tuple[str, ...]
    maps_to: str = ""


@dataclass(frozen=True)
class ProjectSeed:
    """A project to seed."""

    name: str
    description: str
    owner: str
    members: tuple[tuple[str, str, str], ...] = field(default=())
    """Who (a person, an account or a group), project role, source."""


@dataclass(frozen=True)
class SecretSeed:
    """A secret to seed; `@name` stands for the token of the account of that name."""

    name: str
    env_vars: tuple[tuple[str, str], ...]
    created: str
    project: str = ""
    """The project's name; empty for a secret of the organization."""
    files: tuple[tuple[str, str], ...] = ()
    used: str = ""
    """When a job last loaded it."""
    only_in: tuple[str, ...] = ()
    """The projects whose jobs may use it; empty for all."""
    creator: str = OWNER


@dataclass(frozen=True)
class Population:
    """The data an organization starts with."""

    callers: Mapping[str, str]
    """The people whose tokens the server hands out: name of the token, name of the person."""
    people: tuple[PersonSeed, ...]
    accounts: tuple[AccountSeed, ...] = ()
    groups: tuple[GroupSeed, ...] = ()
    roles: tuple[RoleSeed, ...] = ()
    projects: tuple[ProjectSeed, ...] = ()
    secrets: tuple[SecretSeed, ...] = ()
    activity: ActivitySeed = field(default_factory=ActivitySeed)
    strangers: tuple[tuple[str, str, str], ...] = ()
    """Accounts at Git hosts whose owners never signed in to Semaphore: provider, handle, id there."""


def manual_roles(role: str) -> dict[str, str]:
    """The roles of somebody who holds one, assigned by hand."""
    return {"manually": role}


CALLERS = {"owner": OWNER, "admin": "Priya Raghunathan", "support": "Sam Patel", "member": "Noor Haddad"}
"""The people whose tokens the server hands out."""

PEOPLE = (
    PersonSeed(OWNER, manual_roles("Owner"), "amarao", "DemoOwner-9fK2xQ7_Lw"),
    PersonSeed("Henrik Sørensen", manual_roles("Owner"), "hsorensen"),
    PersonSeed("Priya Raghunathan", manual_roles("Admin"), "priyar", "DemoAdmin-3vT8mB1-Zc"),
    PersonSeed("Pam Whitfield", {"scim": "Admin"}, "pamw"),
    PersonSeed("Desmond O'Connor", manual_roles("Admin"), "doconnor"),
    PersonSeed("Sam Patel", manual_roles("Support"), "sampatel", "DemoSupport-5hR0_yNd"),
    PersonSeed("Noor Haddad", manual_roles("Member"), "noorh", "DemoMember-7jX4-pWqE"),
    PersonSeed("Zoë Müller-Lüdenscheidt", manual_roles("Member"), "zoeml"),
    PersonSeed("Tomasz Wiśniewski", {"scim": "Member", "manually": "Release manager"}, "twisniewski"),
    PersonSeed("Olena Kovalenko", manual_roles("Release manager"), "olenak"),
    PersonSeed("Kenji Watanabe", manual_roles("Member"), "kwatanabe"),
    PersonSeed("Nguyễn Thị Minh Khai", {"scim": "Member"}, "minhkhai"),
    PersonSeed("王秀英", manual_roles("Member"), "wangxiuying"),
    PersonSeed("Lucía Fernández", {"scim": "Member"}, "luciaf"),
    PersonSeed("Leilani Kealoha", manual_roles("Member"), "leilanik"),
    PersonSeed(
        "Maximiliana Konstantinopoulou-Featherstonehaugh de la Vega y Montenegro",
        manual_roles("Member"),
        "maxkonst",
    ),
    # Has a Semaphore account, but no role in acme until somebody invites her.
    PersonSeed("Ingrid Bakke", {}, "ingridb"),
)

STRANGERS = (("github", "octocat", "583231"), ("github", "hubot", "480938"), ("gitlab", "tanuki", "1"))
"""Accounts at Git hosts whose owners never signed in to Semaphore."""

ROLES = (
    RoleSeed(
        "Support",
        "Sees the organization and its settings, and changes nothing.",
        (
            "organization.view",
            "organization.people.view",
            "organization.service_accounts.view",
            "organization.custom_roles.view",
            "organization.groups.view",
            "organization.audit_logs.view",
            "organization.activity_monitor.view",
            "organization.dashboards.view",
        ),
    ),
    RoleSeed(
        "Release manager",
        "Ships releases: runs and stops workflows in every project, and keeps the dashboards.",
        (
            "organization.view",
            "organization.activity_monitor.view",
            "organization.dashboards.view",
            "organization.dashboards.manage",
            "organization.notifications.view",
            "organization.people.view",
        ),
        maps_to="Contributor",
    ),
)

LONG_DESCRIPTION = (
    "Reads the audit log every night at 02:15 UTC and files it with compliance. Needs nothing but the right to "
    "view: if it ever asks for more, something is wrong, so talk to the security team before granting it. Runs "
    "in the audit project on self-hosted agents, writes to a locked bucket kept for seven years, and pages the "
    "on-call engineer when two nights in a row bring no file. Its token lives in the compliance vault and is "
    "replaced every January and July by whoever is on duty. Questions: audit guild."
)

ACCOUNTS = (
    AccountSeed("legacy-signer", "Signs the installers", "Admin", "2025-03-04T08:15:22Z"),
    AccountSeed("terraform", "Plans and applies infra-live", "Admin", "2025-07-16T01:04:15Z", "2026-09-30T07:41:03Z"),
    AccountSeed("ci-deployer", "Deploys main to production", "Member", "2025-08-02T10:30:00Z", "2026-11-02T16:20:41Z"),
    AccountSeed("svc[prod] deploy", "Deploys by hand-written script", "Member", "2025-09-19T13:45:09Z"),
    AccountSeed(
        "old-jenkins-bridge",
        "Mirrored builds from Jenkins; kept until the archive is moved",
        None,
        "2025-10-01T09:00:00Z",
        "2026-02-11T12:00:30Z",
        deactivated=True,
    ),
    AccountSeed(
        "nightly-backup",
        "Backs up artifacts",
        "Member",
        "2025-11-28T22:10:55Z",
        "2026-08-14T05:32:10Z",
        creator="Priya Raghunathan",
        deactivated=True,
    ),
    AccountSeed(
        "abandoned-importer",
        "Imports tickets; its creator has left",
        "Member",
        "2025-12-12T15:26:37Z",
        creator="",
    ),
    AccountSeed("audit-exporter", LONG_DESCRIPTION, "Support", "2026-01-20T11:11:11Z", "2026-07-01T06:00:00Z"),
    AccountSeed(
        "staging-deployer",
        "Deploys branches to staging",
        "Member",
        "2026-02-03T14:52:18Z",
        "2026-06-08T09:17:44Z",
        first_name="stage-pusher",
    ),
    AccountSeed(
        "release-publisher",
        "Publishes packages and tags",
        "Release manager",
        "2026-04-22T17:05:29Z",
        "2026-10-19T08:48:56Z",
        creator="Priya Raghunathan",
    ),
    AccountSeed("docs-preview", "", "Member", "2026-05-30T12:34:56Z", token="-Wq3xK8vN2mT5rB7yL0p"),
    AccountSeed("Métricas y alertas", "Envía métricas a Grafana", "Member", "2026-07-07T18:22:05Z"),
    AccountSeed("break-glass", "For emergencies only", "Owner", "2026-08-25T06:59:59Z"),
    AccountSeed(
        "integration-environment-provisioning-and-teardown-orchestrator-for-the-european-data-residency-clusters",
        "Builds test environments each morning and removes them each night",
        "Member",
        "2026-09-14T07:07:07Z",
        creator="Priya Raghunathan",
    ),
    AccountSeed("fresh-runner", "Waiting for a role", None, "2026-11-20T09:41:12Z"),
    AccountSeed("renovate", "Keeps dependencies current", "Member", "2026-11-21T20:03:47Z", "2026-11-23T08:30:00Z"),
)

GROUPS = (
    GroupSeed(
        "Platform engineering",
        "Runs the agents and the cluster",
        "Admin",
        ("Kenji Watanabe", "Leilani Kealoha", "terraform"),
    ),
    GroupSeed(
        "Release crew",
        "Ships every second Tuesday",
        "Release manager",
        ("Olena Kovalenko", "Tomasz Wiśniewski", "release-publisher"),
    ),
    GroupSeed("Support desk", "First answer to customers", "Support", ("Sam Patel", "Lucía Fernández")),
    GroupSeed(
        "Contractors",
        "Here until the end of the quarter",
        "Member",
        ("王秀英", "Maximiliana Konstantinopoulou-Featherstonehaugh de la Vega y Montenegro"),
    ),
    GroupSeed("On-call (weekends)", "Nobody signed up yet", "Member", ()),
)

PROJECTS = (
    ProjectSeed(
        "web-storefront",
        "The shop customers see",
        OWNER,
        (
            ("Noor Haddad", "Contributor", "github"),
            ("Zoë Müller-Lüdenscheidt", "Admin", "manually"),
            ("Lucía Fernández", "Reader", "manually"),
            ("ci-deployer", "Contributor", "manually"),
        ),
    ),
    ProjectSeed(
        "payments-api",
        "Charges, refunds and receipts",
        "Priya Raghunathan",
        (("Noor Haddad", "Reader", "manually"), ("Kenji Watanabe", "Contributor", "github")),
    ),
    ProjectSeed("mobile-app", "", "Desmond O'Connor", (("王秀英", "Contributor", "bitbucket"),)),
    ProjectSeed(
        "infra-live",
        "Terraform for every environment",
        OWNER,
        (("terraform", "Admin", "manually"), ("Leilani Kealoha", "Contributor", "unspecified")),
    ),
)

SECRETS = (
    SecretSeed(
        "deployer-token",
        (("SEMAPHORE_API_TOKEN", "@ci-deployer"),),
        "2025-08-02T10:41:00Z",
        used="2026-11-22T18:02:11Z",
    ),
    SecretSeed(
        "aws-production",
        (("AWS_ACCESS_KEY_ID", "AKIADEMODEMODEMO"), ("AWS_SECRET_ACCESS_KEY", "not-a-real-key")),
        "2025-04-11T07:20:00Z",
        files=(("/home/semaphore/.aws/config", "W2RlZmF1bHRdCg=="),),
        used="2026-11-23T09:15:40Z",
        creator="Priya Raghunathan",
    ),
    SecretSeed(
        "payments-signing",
        (("SIGNING_KEY", "not-a-real-key-either"),),
        "2026-01-15T16:00:00Z",
        only_in=("payments-api",),
    ),
    SecretSeed("storefront-deploy", (("DEPLOY_TOKEN", "@ci-deployer"),), "2026-03-09T12:00:00Z", "web-storefront"),
)

ACME = Population(CALLERS, PEOPLE, ACCOUNTS, GROUPS, ROLES, PROJECTS, SECRETS, ACTIVITY, STRANGERS)
"""The organization that is served unless another is asked for."""
