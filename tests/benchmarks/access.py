"""`python -m tests.benchmarks.access`: how long questions about access take, on this machine.

The lists are made in memory as loading leaves them: whoever holds the same roles shares them, and the rows of the
People page are worked out already.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import time
from collections.abc import Callable, Sequence

from semtui.api.models import Group, Member, Role, RoleBinding, ServiceAccount
from semtui.audit.access.graph import AccessGraph
from semtui.audit.access.questions import can, who_can, why
from semtui.audit.access.steps import steps
from semtui.audit.findings.rules import find
from semtui.organization.people import People
from semtui.organization.projects import Projects
from semtui.organization.role_catalog import built_in_role

ORG = "0d6b8d3e-7a0e-4a3e-9d4f-0f8f4f6f1c11"
NAMES = ("Owner", "Admin", "Member")
ROUNDS = 7
NOW = 1_700_000_000


def organization(size: int) -> People:
    """So many people and accounts, half and half, and a group for every 200 of them with twenty members each."""
    chance = random.Random(14)
    roles = [_role(name) for name in NAMES] + [
        Role(id="role-lead", name="Lead", org_id=ORG, scope="org", permissions=("organization.people.manage",))
    ]
    by_hand, by_scim = ([_binding(role, source) for role in roles] for source in ("manually", "scim"))

    def drawn() -> tuple[RoleBinding, ...]:
        number = chance.random()
        place = 0 if number < 0.0001 else 1 if number < 0.02 else 3 if number < 0.025 else 2
        return (by_hand[place],) if chance.random() < 0.9 else (by_scim[2], by_hand[place])

    shared: dict[tuple[RoleBinding, ...], tuple[RoleBinding, ...]] = {}

    def bindings() -> tuple[RoleBinding, ...]:
        found = drawn()
        return shared.setdefault(found, found)

    persons = [Member(f"person-{number:06}", f"Person {number}", "user", bindings()) for number in range(size // 2)]
    accounts = [_account(number, persons, chance) for number in range(size - len(persons))]
    members = [Member(each.id, each.name, "service_account", bindings()) for each in accounts]
    ids = [each.id for each in persons] + [each.id for each in accounts]
    groups = [
        Group(f"group-{number:04}", f"Group {number}", "", tuple(chance.sample(ids, 20)))
        for number in range(size // 200)
    ]
    of_groups = [Member(each.id, each.name, "group", bindings()) for each in groups]
    found = People()
    for name, items in (
        ("users", persons),
        ("account_members", members),
        ("group_members", of_groups),
        ("accounts", accounts),
        ("groups", groups),
        ("roles", roles),
    ):
        found = found.arrived(name, tuple(items), 1.0)  # type: ignore[arg-type]
    return found


def _account(number: int, persons: Sequence[Member], chance: random.Random) -> ServiceAccount:
    """One of up to three years, made by somebody who is there still, gone, or no longer listed."""
    created = NOW - chance.randrange(1000) * 86_400
    updated = min(NOW, created + chance.randrange(300) * 86_400 * (chance.random() < 0.5))
    drawn = chance.random()
    creator = "" if drawn < 0.05 else f"left-{number}" if drawn < 0.1 else chance.choice(persons).id
    return ServiceAccount(
        f"account-{number:06}", f"bot {number}", "", ORG, creator, created, updated, deactivated=number % 30 == 0
    )


def _role(name: str) -> Role:
    known = built_in_role(name, "org", community=False)
    assert known is not None
    return Role(id=f"role-{name}", name=name, org_id=ORG, scope="org", permissions=known.permissions, readonly=True)


def _binding(role: Role, source: str) -> RoleBinding:
    return RoleBinding(role.id, role.name, source)


def milliseconds(act: Callable[[], object]) -> float:
    """The median of several runs."""
    found = []
    for _ in range(ROUNDS):
        gc.collect()
        before = time.perf_counter()
        act()
        found.append((time.perf_counter() - before) * 1000)
    return statistics.median(found)


def measured(size: int) -> dict[str, tuple[float, float]]:
    """Milliseconds by what was done, each with its goal at 100,000."""
    people = organization(size)
    people = people.prepare(People())
    graph = AccessGraph(people, Projects()).prepare()
    row = graph.index.rows[size // 4]
    found: dict[str, tuple[float, float]] = {
        "index": (milliseconds(lambda: AccessGraph(people, Projects()).prepare()), 400)
    }
    for permission in ("organization.people.manage", "organization.secrets.manage", "project.secrets.view"):
        found[f"who can {permission}"] = milliseconds(lambda asked=permission: _seen(graph, asked)), 100  # type: ignore[misc]
    found["can"] = milliseconds(lambda: can(graph, row.id)), 50
    found["why"] = milliseconds(lambda: why(graph, row.id, "organization.secrets.manage")), 50
    found["findings"] = milliseconds(lambda: find(graph, NOW)), 1000
    found["steps to Owner"] = milliseconds(lambda: steps(graph, "Owner")), 1000
    found["steps to Owner, at most three"] = milliseconds(lambda: steps(graph, "Owner", 3)), 1000
    return found


def _seen(graph: AccessGraph, permission: str) -> int:
    """An answer with what a screen shows of it: the causes, twenty rows, and twenty of the largest cause."""
    answer = who_can(graph, permission)
    rows = [*answer.people[:20], *answer.accounts[:20], *answer.unknown[:20]]
    return len(rows) + len(answer.held_by(answer.causes[0])[:20])


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="how many people and accounts")
    size = parser.parse_args(arguments).size
    print(f"{size:,} people and accounts, {size // 200:,} groups\n\n| | ms | goal at 100,000 |\n|---|---|---|")
    for what, (found, goal) in measured(size).items():
        print(f"| {what} | {found:,.1f} | {goal:,.0f} |")


if __name__ == "__main__":
    main()
