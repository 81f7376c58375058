"""What acme's people and accounts have done: fixed data, the same in every run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkflowSeed:
    """Workflows that somebody started in a project; the subject is given by name, "" for one who is gone."""

    project: str
    requester: str
    created: tuple[str, ...]
    triggered_by: int = 2


@dataclass(frozen=True)
class TaskSeed:
    """A task to seed."""

    project: str
    name: str
    requester: str
    """A name; "" for an account that was deleted."""
    at: str
    created: str
    description: str = ""
    paused_by: str = ""


@dataclass(frozen=True)
class NotificationSeed:
    """A notification to seed."""

    name: str
    creator: str
    created: str
    projects: tuple[str, ...] = ()


@dataclass(frozen=True)
class TargetSeed:
    """A deployment target to seed."""

    project: str
    name: str
    creator: str
    created: str
    rules: tuple[tuple[str, str], ...] = (("ANY", ""),)
    """Type and name of the subject; the role of a ROLE is a project role."""
    deployments: tuple[tuple[str, str], ...] = ()
    """Who and when."""


@dataclass(frozen=True)
class ActivitySeed:
    """All that was done."""

    workflows: tuple[WorkflowSeed, ...] = ()
    tasks: tuple[TaskSeed, ...] = ()
    notifications: tuple[NotificationSeed, ...] = ()
    targets: tuple[TargetSeed, ...] = ()


ACTIVITY = ActivitySeed(
    workflows=(
        WorkflowSeed(
            "web-storefront",
            "ci-deployer",
            ("2026-11-20T16:01:00Z", "2026-11-21T17:30:12Z", "2026-11-22T18:02:05Z"),
        ),
        WorkflowSeed("web-storefront", "Noor Haddad", ("2026-11-23T08:12:44Z",), 0),
        WorkflowSeed("payments-api", "abandoned-importer", ("2026-11-22T03:00:03Z",), 1),
        WorkflowSeed("infra-live", "terraform", ("2026-10-30T01:04:15Z", "2026-11-01T01:04:11Z")),
    ),
    tasks=(
        TaskSeed("payments-api", "nightly-import", "abandoned-importer", "0 3 * * *", "2025-12-12T16:00:00Z"),
        TaskSeed("web-storefront", "smoke-test", "ci-deployer", "*/30 * * * *", "2026-02-01T09:00:00Z"),
        TaskSeed(
            "web-storefront",
            "rebuild-search",
            "Zoë Müller-Lüdenscheidt",
            "",
            "2026-05-05T05:05:05Z",
            "By hand, after a change of the catalog",
        ),
        TaskSeed(
            "infra-live", "drift-report", "terraform", "0 6 * * 1", "2025-08-01T06:00:00Z", paused_by="Kenji Watanabe"
        ),
        TaskSeed("infra-live", "rotate-keys", "", "0 0 1 * *", "2025-05-02T10:10:10Z", "Its account was deleted"),
    ),
    notifications=(
        NotificationSeed("deploys to #releases", "Priya Raghunathan", "2025-06-01T12:00:00Z", ("web-storefront",)),
        NotificationSeed("failures of everything", "Noor Haddad", "2026-01-09T15:45:00Z", ("/.*/",)),
    ),
    targets=(
        TargetSeed(
            "web-storefront",
            "production",
            "Desmond O'Connor",
            "2025-09-01T08:00:00Z",
            (("USER", "Zoë Müller-Lüdenscheidt"), ("USER", "ci-deployer"), ("ROLE", "Admin"), ("AUTO", "")),
            (("ci-deployer", "2026-11-21T17:41:00Z"), ("ci-deployer", "2026-11-22T18:13:30Z")),
        ),
        TargetSeed("web-storefront", "staging", "Noor Haddad", "2026-03-03T13:00:00Z"),
    ),
)
