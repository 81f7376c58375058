"""Semaphore's names of the permissions semtui uses (`API.md#permissions`)."""

VIEW_ORGANIZATION = "organization.view"
"""Every organization role has it."""
VIEW_PEOPLE = "organization.people.view"
MANAGE_PEOPLE = "organization.people.manage"
VIEW_SERVICE_ACCOUNTS = "organization.service_accounts.view"
MANAGE_SERVICE_ACCOUNTS = "organization.service_accounts.manage"
VIEW_ROLES = "organization.custom_roles.view"
MANAGE_ROLES = "organization.custom_roles.manage"
VIEW_NOTIFICATIONS = "organization.notifications.view"
MANAGE_SECRETS = "organization.secrets.manage"
VIEW_SECRETS = "organization.secrets.view"
MANAGE_AGENTS = "organization.self_hosted_agents.manage"
CHANGE_OWNER = "organization.change_owner"
"""Required to grant or revoke the role Owner."""

VIEW_PROJECT = "project.view"
"""Every project role has it."""
VIEW_PROJECT_ACCESS = "project.access.view"
MANAGE_PROJECT_ACCESS = "project.access.manage"
VIEW_TASKS = "project.scheduler.view"
VIEW_DEPLOYMENT_TARGETS = "project.deployment_targets.view"
MANAGE_PROJECT_SECRETS = "project.secrets.manage"
VIEW_PROJECT_SECRETS = "project.secrets.view"

SENSITIVE = (
    "organization.change_owner",
    "organization.people.manage",
    "organization.service_accounts.manage",
    "organization.custom_roles.manage",
    "organization.okta.manage",
    "organization.delete",
)
"""Permissions that lead to others, or can end everything, in the order they are listed."""
