"""Random small organizations, whole or with lists that failed."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.support.organizations import Organization, parse

PEOPLE = ("ben", "dan", "eva", "fay")
ACCOUNTS = ("bot", "tf", "boss")
GROUPS = ("ops", "all", "rel")
UNLISTED = ("!yan", "!zed")
CUSTOM = ("Cap", "Lead", "Keep")
PROJECTS = ("api", "web")
GIVEN = (
    "o.view",
    "o.people.view",
    "o.people.manage",
    "o.service_accounts.manage",
    "o.secrets.manage",
    "o.change_owner",
)
"""What custom roles permit, in any choice."""
FATES = {
    "users": ("failed", "refused", "stale", "partial1", "partial2"),
    "account_members": ("failed", "refused", "stale", "partial1"),
    "group_members": ("failed", "refused", "stale", "partial1"),
    "accounts": ("failed", "refused", "stale", "partial1"),
    "groups": ("failed", "refused", "stale"),
    "roles": ("failed", "refused", "stale"),
    "projects": ("failed",),
}
"""What can become of each list."""


def organizations() -> st.SearchStrategy[Organization]:
    """Any small organization. Its first Owner, ana, is always there to ask."""
    return notations().map(parse)


@st.composite
def notations(draw: st.DrawFn) -> str:
    """The notation of one, which is what a failing test then shows."""
    community = draw(st.integers(0, 3)) == 0
    custom = () if community else draw(_some(CUSTOM))
    roles = ("Owner", "Admin", "Member", *custom)
    people, accounts = draw(_some(PEOPLE)), draw(_some(ACCOUNTS))
    groups = () if community else draw(_some(GROUPS))
    projects = draw(_some(PROJECTS))
    members = (*people, *accounts, *UNLISTED)
    held = {name: draw(_of_person(roles, community)) for name in people}
    held |= {name: draw(_of_account(roles)) for name in accounts}
    held |= {name: draw(st.sampled_from((*roles, "-"))) for name in groups}
    # Only who is in the organization can be on a project.
    bound = tuple(name for name in held if not held[name].startswith("-"))
    sections = {
        "P": " ".join(["ana:Owner", *(f"{name}:{held[name]}" for name in people)]),
        "A": "; ".join(f"{name}:{held[name]}" for name in accounts),
        "G": " ".join(f"{name}:{held[name]}{{{draw(_list(members))}}}" for name in groups),
        "R": " ".join(f"{name}={draw(_content())}" for name in custom),
        "Q": " ".join(f"{name}@{draw(_on_project(bound, community))}" for name in projects),
        "Z": " ".join(draw(_some(projects))),
        "X": " ".join(f"{name}={fate}" for name, fate in draw(_fates()).items()),
    }
    written = (f"{letter} {entries}" for letter, entries in sections.items() if entries)
    return " | ".join(["ce" if community else "ee", *written])


def _some(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Any choice of names, in their order."""
    chosen = st.lists(st.booleans(), min_size=len(names), max_size=len(names))
    return chosen.map(lambda each: tuple(name for name, taken in zip(names, each, strict=True) if taken))


def _list(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    return _some(names).map(",".join)


def _of_person(roles: tuple[str, ...], community: bool) -> st.SearchStrategy[str]:
    by_hand = st.sampled_from(roles)
    if community:
        return by_hand
    both = st.builds("{},{}~scim".format, by_hand, by_hand)
    return st.one_of(by_hand, by_hand, both, by_hand.map("{}~scim".format), st.just("-"))


def _of_account(roles: tuple[str, ...]) -> st.SearchStrategy[str]:
    ends = ("", "<gone -30d", "<left -90d -1d off", "<ben", "<-400d")
    return st.builds("{}{}".format, st.sampled_from((*roles, "-")), st.sampled_from(ends))


def _content() -> st.SearchStrategy[str]:
    ends = st.sampled_from(("", "=>Admin", "=>Contributor", "=>Reader"))
    return st.builds(lambda names, end: f"{{o.view{',' * bool(names)}{names}}}{end}", _list(GIVEN[1:]), ends)


def _on_project(names: tuple[str, ...], community: bool) -> st.SearchStrategy[str]:
    roles = ("Member",) if community else ("Admin", "Contributor", "Reader~github")
    given = st.builds("{}:{}".format, st.sampled_from(names or ("ana",)), st.sampled_from(roles))
    # One role from one source: the first that is drawn.
    people = st.lists(given, max_size=3, unique_by=lambda each: (each.partition(":")[0], "~" in each)).map(",".join)
    return st.builds("{}{{{}}}".format, st.sampled_from(("ana", "left")), people)


def _fates() -> st.SearchStrategy[dict[str, str]]:
    one = st.sampled_from(sorted(FATES)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(FATES[name])))
    return st.lists(one, max_size=3).map(dict)
