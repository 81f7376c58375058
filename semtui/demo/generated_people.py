"""Generated people and accounts, as many as asked for and the same in every run."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from semtui.demo.seed_data import (
    ACME,
    REFERENCE_TIME,
    ROLES,
    AccountSeed,
    GroupSeed,
    PersonSeed,
    Population,
    manual_roles,
)

# fmt: off
_FIRST = (
    "Ada", "Bilal", "Chloe", "Dmitri", "Esi", "Farah", "Goran", "Hana", "Idris", "Jana", "Kofi",
    "Lena", "Mateo", "Nadia", "Oscar", "Petra", "Quentin", "Rosa", "Stellan", "Tariq", "Uma",
    "Viktor", "Wanjiru", "Ximena", "Yusuf", "Zita", "Anneke", "Bruno", "Carmen", "Dao",
)
_LAST = (
    "Abara", "Bergström", "Castillo", "Dvořák", "Eze", "Fontaine", "Gupta", "Haas", "Ibrahim",
    "Jansen", "Kim", "Lindqvist", "Moreau", "Nakamura", "Ozturk", "Petrov", "Quispe", "Rossi",
    "Silva", "Tanaka", "Ueda", "Varga", "Wójcik", "Xu", "Yilmaz", "Zeman", "Achterberg", "Botha",
)
_TEAMS = (
    "billing", "checkout", "search", "catalog", "identity", "mobile", "data", "edge",
)
_JOBS = (
    "deployer", "runner", "publisher", "scanner", "importer",
)
# fmt: on
_GROUP_SIZE = 50


def acme(size: int | None) -> Population:
    """The fixed data and, with a `size`, further people until so many hold a role, and a tenth as many accounts."""
    if size is None:
        return ACME
    members = sum(bool(seed.roles) for seed in ACME.people)
    people = (*ACME.people, *more_people(max(size - members, 0)))
    return replace(ACME, people=people, accounts=(*ACME.accounts, *more_accounts(size // 10)))


def company(people: int = 2_000, accounts: int = 2_000, groups: int = 200) -> Population:
    """An organization for measuring: nearly everybody holds the same thing in six ways.

    There is one Owner; 2 in 100 people are Admins, 1 in 1,000 may only look, and all others are Members. Of accounts,
    5 in 100 have no role and 3 in 100 are deactivated; of those with a role 1 in 38 is an Admin. Every group gives
    Member to fifty people; 8 in 1,000 people are in no group.
    """
    named = list(more_people(people))
    roles = _company_roles(people)
    tokens = {0: "DemoOwner-9fK2xQ7_Lw", 1: "DemoAdmin-3vT8mB1-Zc"}
    seeds = tuple(
        replace(seed, roles=manual_roles(role), token=tokens.get(number, ""))
        for number, (seed, role) in enumerate(zip(named, roles, strict=True))
    )
    return Population(
        {"owner": seeds[0].key, "admin": seeds[1].key},
        seeds,
        tuple(_company_accounts(accounts, seeds[0].key)),
        tuple(_company_groups(groups, seeds)),
        ROLES,
    )


def _company_roles(people: int) -> list[str]:
    admins, viewers = round(people * 0.0205), people // 1_000
    first = ["Owner", *["Admin"] * admins, *["Support"] * viewers]
    return [*first, *["Member"] * (people - len(first))][:people]


def _company_accounts(count: int, creator: str) -> Iterator[AccountSeed]:
    for number, seed in enumerate(more_accounts(count)):
        # Spread so that no account falls into two of these groups.
        role = None if number % 20 == 7 else "Admin" if number % 40 == 21 else "Member"
        off = number % 100 in (13, 46, 79)
        yield replace(seed, role=role, creator=creator, deactivated=off)


def _company_groups(count: int, people: tuple[PersonSeed, ...]) -> Iterator[GroupSeed]:
    joined = [seed.key for seed in people[: len(people) - round(len(people) * 0.008)]]
    for number in range(count):
        first = number * _GROUP_SIZE
        members = [joined[(first + place) % len(joined)] for place in range(min(_GROUP_SIZE, len(joined)))]
        yield GroupSeed(f"team {number + 1:03}", f"Team {number + 1}", "Member", tuple(members))


def more_people(count: int) -> Iterator[PersonSeed]:
    """As many further members as asked for; every twentieth is an Admin."""
    pairs = len(_FIRST) * len(_LAST)
    for number in range(count):
        first, last = _FIRST[number % len(_FIRST)], _LAST[number // len(_FIRST) % len(_LAST)]
        generation = number // pairs
        middle = f" {chr(ord('A') + (generation - 1) % 26)}." if generation else ""
        role = "Admin" if number % 20 == 19 else "Member"
        yield PersonSeed(f"{first}{middle} {last}", manual_roles(role), key=f"more {number}")


def more_accounts(count: int) -> Iterator[AccountSeed]:
    """As many further service accounts as asked for; some deactivated, some without a role."""
    for number in range(count):
        team, job = _TEAMS[number % len(_TEAMS)], _JOBS[number // len(_TEAMS) % len(_JOBS)]
        when = datetime.fromtimestamp(REFERENCE_TIME - 86_400 * 300 + number * 3_607 % (86_400 * 290), UTC)
        yield AccountSeed(
            f"{team}-{job}-{number + 1:04}",
            f"The {team} team's {job}",
            None if number % 7 == 6 else "Member",
            when.isoformat(),
            deactivated=number % 11 == 10,
        )
