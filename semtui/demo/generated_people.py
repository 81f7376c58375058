"""Generated people and accounts, as many as asked for and the same in every run."""

from collections.abc import Iterator
from datetime import UTC, datetime

from semtui.demo.seed_data import (
    REFERENCE_TIME,
    AccountSeed,
    PersonSeed,
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
