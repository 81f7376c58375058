"""The rules of the report on findings in words: what each finds, what mends it, and when it may mislead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class RuleWords:
    """A rule in words, each a sentence or several."""

    title: str
    """What it finds, without a period."""
    condition: str
    fix: str
    misleads: str = ""
    """When a finding means less than it seems, or more."""
    not_told: str = ""
    """What the API does not show of it."""


RULE_WORDS: Mapping[str, RuleWords] = {
    "ghost": RuleWords(
        "A service account without a role",
        "The account is not deactivated, and holds no role, neither directly nor through a group. Info if it was "
        "created less than a day before.",
        "Give it a role, or delete it.",
        "An account is created in two calls, and may be between the two.",
        "Whether its token is used.",
    ),
    "ghost-in-group": RuleWords(
        "A service account with roles through groups only",
        "The account is not deactivated, has no role assigned directly, and is in a group that has one. High if it "
        "reaches Owner or Admin.",
        "Remove it from the group, or delete it.",
        "A removal may still be queued: reload after a minute.",
    ),
    "orphan": RuleWords(
        "A service account whose creator is gone",
        "The account has no creator any more. High if it reaches Owner or Admin, low if it is deactivated.",
        "Replace it by another account, then delete it.",
        "Its creator may have returned under another id.",
        "Who created it.",
    ),
    "creator-left": RuleWords(
        "A service account created by somebody who left",
        "Its creator is in no list of people or service accounts. High if it reaches Owner or Admin, low if it is "
        "deactivated.",
        "Regenerate its token.",
        "Its creator may have been removed and still be trusted.",
        "Whether they kept the token.",
    ),
    "stale-token": RuleWords(
        "An old token",
        "The account is not deactivated, and has not changed for 180 days; for high, 365.",
        "Regenerate its token, or rotate the account by a twin until nobody uses the old token.",
        "The date also moves when the account is renamed, deactivated or reactivated: the token may be older than "
        "that, and an old token behind a recent date is not found.",
        "When the token was last used.",
    ),
    "privileged-account": RuleWords(
        "A service account that reaches Owner or Admin",
        "The account is not deactivated, and holds every permission of the organization that Owner has; for info, that "
        "Admin has. On Community both permit the same, and it is high.",
        "Give it a custom role with what it needs.",
        "Tools that set up infrastructure need it: waive it, with the reason.",
    ),
    "dormant-privileged": RuleWords(
        "A deactivated service account that reaches Owner or Admin",
        "The account is deactivated, and holds every permission of the organization that Owner or Admin has. Whoever "
        "manages service accounts can reactivate it.",
        "Remove its role, or delete it.",
        not_told="The day on which it was deactivated.",
    ),
    "removed-in-group": RuleWords(
        "A member of a group who is in no list",
        "An id is in a group with a role, and in no list of people or service accounts. High if the group reaches "
        "Owner or Admin.",
        "Remove the id from the group.",
        "A deleted account is shown for seconds, and a removal waits up to a minute. It is confirmed only if the list "
        "showed the same at least a minute before.",
    ),
    "group-admin": RuleWords(
        "Owner or Admin through a group only",
        "A person reaches Owner or Admin, and not by roles assigned to them directly.",
        "Nothing needs fixing; it is good to know.",
        "Groups are a good way to grant roles.",
    ),
    "empty-admin-group": RuleWords(
        "An empty group that reaches Owner or Admin",
        "The group holds roles that reach Owner or Admin, and nobody is in it.",
        "Give it a lesser role, or delete it.",
        "It may be kept for an emergency.",
    ),
    "manual-beside-sync": RuleWords(
        "A directly assigned role beside synchronized ones",
        "A person holds a directly assigned role and one from another source. Low if the direct role permits "
        "nothing that the others do not.",
        "Remove the directly assigned role.",
        "It may be a deliberate exception.",
        "Who gave it, and when.",
    ),
    "owners": RuleWords(
        "Fewer than two Owners",
        "At most one person holds every permission of Owner; for high, none.",
        "Make a second person Owner.",
        not_told="Whether a person is locked out at the identity provider.",
    ),
    "one-step": RuleWords(
        "One call away from Owner or Admin",
        "Somebody who lacks permissions of Owner or Admin may send one call that lets them act with all of them. "
        "Medium if part of that is not certain.",
        "Make one of the changes that end it.",
    ),
    "sensitive-role": RuleWords(
        "A custom role with a sensitive permission",
        "A custom role that somebody holds permits changing owners, managing people, service accounts, custom roles "
        "or Okta, or deleting the organization.",
        "Split the role.",
        "The role may exist for exactly that.",
    ),
    "everyone-manages-secrets": RuleWords(
        "Members manage secrets or self-hosted agents",
        "The role Member permits managing the organization's secrets, or its self-hosted agents.",
        "Give most people a custom role without that.",
        "Semaphore ships Member like this: waive it once.",
    ),
    "unused-role": RuleWords(
        "A custom role that nobody holds",
        "A custom role of the organization is held by no person, service account or group.",
        "Delete it.",
        "An identity provider may assign it, or it may be held on projects that another role brings along.",
        "Mappings of identity providers, and roles of groups and service accounts in projects.",
    ),
    "twin-roles": RuleWords(
        "Two roles that permit the same",
        "A custom role permits the same as another role of the organization.",
        "Keep one of them.",
        "They may bring along different roles on projects.",
    ),
    "everyone-admin": RuleWords(
        "Most people reach Owner or Admin",
        "More than half of at least six people hold every permission of Admin.",
        "Give most of them Member, or a custom role.",
    ),
    "owner-not-listed": RuleWords(
        "A project whose owner is in no list",
        "The owner of a project is in no list of people or service accounts.",
        "Change its owner on the web page of the project.",
        "The owner may be an account outside the organization.",
    ),
    "look-alike": RuleWords(
        "Names that look alike",
        "Two people, two service accounts or two groups have names that look the same.",
        "Rename one of them, after a look at both ids.",
        "Two people may share a name.",
    ),
    "retyped": RuleWords(
        "A service account among people",
        "The API lists an account's roles among those of people (Community).",
        "Nothing needs fixing.",
        "It does no harm: tools that read the API may take the account for a person.",
    ),
    "name-drift": RuleWords(
        "A service account with two names",
        "The list of members has another name for the account.",
        "Nothing needs fixing: go by its id.",
        "Semaphore does not rename it in the list of members.",
    ),
    "coverage": RuleWords(
        "An incomplete list",
        "A list of the organization is incomplete or out of date.",
        "Reload it, with a token that may see it.",
    ),
}
"""Every rule in words, by its id."""
