"""The organization's lists in words: how many rows, how old, what is missing and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.api.errors import IncompleteListError, PermissionDeniedError
from semtui.organization.listing import LIST_NAMES
from semtui.settings.keymap import key
from semtui.text.counting import count
from semtui.wording.dates import age_words, clock_words
from semtui.wording.tokens import saved_words

if TYPE_CHECKING:
    from pathlib import Path

    from semtui.organization.listing import ListName
    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.organization.query import View
    from semtui.organization.subject import Kind
    from semtui.wording.styled_text import Piece, Tone

TABS: tuple[tuple[str, str, str], ...] = (
    ("all", "All", "All"),
    ("person", "People", "People"),
    ("account", "Service accounts", "Accounts"),
    ("group", "Groups", "Groups"),
    ("roles", "Roles", "Roles"),
    ("projects", "Projects", "Projects"),
    ("findings", "Findings", "Findings"),
)
"""What the keys 1, 2, ... open: internal name, label, and label for narrow screens."""

LIST_TITLES: dict[ListName, str] = {
    "users": "People",
    "account_members": "Roles of service accounts",
    "group_members": "Roles of groups",
    "accounts": "Service accounts",
    "groups": "Groups",
    "roles": "Roles",
}

_TOLERATED_SKEW = 120
"""Seconds two clocks may differ before it is mentioned."""


def skew_words(server_time: float | None, now: float) -> tuple[str, ...]:
    """A warning when the two clocks disagree so much that times mislead; both in epoch seconds."""
    off = now - server_time if server_time is not None else 0.0
    if abs(off) <= _TOLERATED_SKEW:
        return ()
    minutes = round(abs(off) / 60)
    amount = count(minutes, "minute") if minutes < 120 else count(round(minutes / 60), "hour")
    way = "ahead of" if off > 0 else "behind"
    return (f"This computer's clock is {amount} {way} Semaphore's: its times and yours cannot be compared.",)


def tabs(people: People, projects: Projects, findings: str = "") -> dict[str, str]:
    """How many rows each tab has, in words, by name of the tab; `findings` is how many there are."""
    kinds: dict[str, Kind | None] = {"all": None, "person": "person", "account": "account", "group": "group"}
    counts = {tab: count_words(people, kind) for tab, kind in kinds.items()}
    roles = people.roles
    return counts | {
        "roles": f"{len(roles.items)}" if roles.is_known else "–",
        "projects": f"{len(projects.listing.items)}" if projects.listing.is_known else "",
        "findings": findings,
    }


def age(people: People, now: float) -> Piece:
    """When the oldest list shown was read, and how long ago that is at `now`, in epoch seconds.

    The time stands beside the age because nothing brings the age up to date while no key is pressed.
    """
    listings = [people.listing(name) for name in LIST_NAMES]
    times = [listing.loaded_at for listing in listings if listing.loaded_at is not None]
    if any(listing.loading for listing in listings):
        return ("loading", "muted")
    old = any(listing.is_known and listing.error is not None for listing in listings)
    if not times:
        return ("not loaded", "muted")
    passed = now - min(times)
    # Seconds would change with every key, and be wrong the sooner.
    ago = age_words(passed)
    words = f"{'old: ' if old else ''}loaded {clock_words(min(times))}{f', {ago}' if ago else ''}"
    return (words, "warn" if old else "muted")


def load_words(people: People) -> tuple[str, Tone]:
    """The result of loading the lists, as a sentence."""
    listings = [people.listing(name) for name in LIST_NAMES]
    failed = [listing for listing in listings if listing.error is not None]
    rows = count(len(people.subjects), "row")
    if len(failed) == len(listings) and not any(listing.items and not listing.is_known for listing in listings):
        if not people.subjects:
            if all(isinstance(listing.error, PermissionDeniedError) for listing in failed):
                return (
                    f"This API token may see none of these lists; {key('tab_projects')} shows the projects it may see.",
                    "warn",
                )
            return f"Nothing could be loaded; {key('reload')} tries again.", "warn"
        of = clock_words(min((listing.loaded_at or 0 for listing in listings if listing.is_known), default=None))
        return f"Nothing could be reloaded: the {rows} shown are from {of}. {key('reload')} tries again.", "warn"
    if list_errors(people):
        old = any(listing.is_known for listing in failed)
        return f"Loaded {rows}; what is missing{' or old' if old else ''} is listed above.", "warn"
    return f"Loaded {rows}.", "plain"


SHOWN_IN: dict[Kind | None, tuple[ListName, ...]] = {
    None: ("users", "accounts", "groups"),
    "person": ("users",),
    "account": ("accounts",),
    "group": ("groups",),
}
"""The lists each tab's rows come from."""


def count_words(people: People, kind: Kind | None) -> str:
    """How many rows a tab has: `12`, `12+` while a list is missing, `–` while nothing is known."""
    number = people.counts[kind]
    known = [people.listing(name).is_known or (name == "groups" and people.community) for name in SHOWN_IN[kind]]
    if not any(known) and not number:
        return "–"
    return f"{number:,}" if all(known) else f"{number:,}+"


def list_errors(people: People) -> dict[str, list[str]]:
    """What was refused or failed: each sentence, with the names of the lists it is about."""
    found: dict[str, list[str]] = {}
    for name, words in LIST_TITLES.items():
        listing = people.listing(name)
        if listing.error is None or (name == "groups" and people.community):
            continue
        text = str(listing.error)
        if listing.is_known:
            text += f" What is shown is from {clock_words(listing.loaded_at)}."
        elif isinstance(listing.error, IncompleteListError):
            text += f" The {len(listing.items):,} that came are shown."
        elif listing.items:
            text += f" Only the first {len(listing.items):,} are shown."
        # The members list is requested three times; when all fail alike, it is mentioned once.
        if name not in ("account_members", "group_members") or LIST_TITLES["users"] not in found.get(text, ()):
            found.setdefault(text, []).append(words)
    return found


def notices(people: People) -> list[list[Piece]]:
    """One line for each list that could not be loaded, shown above the rows that could."""
    if not people.subjects and people.users.error is not None:
        # The placeholder of the empty table says so already.
        return []
    lines: list[list[Piece]] = []
    for text, names in list_errors(people).items():
        lines.append([(f"{', '.join(names)}: ", "warn"), (text, "warn")])
    return lines


def placeholder(people: People, view: View) -> list[list[Piece]]:
    """What to show in place of rows: loading, refused, failed, empty, or nothing matching the filter."""
    what: dict[Kind | None, str] = {
        None: "people and accounts",
        "person": "people",
        "account": "service accounts",
        "group": "groups",
    }
    listings = [people.listing(name) for name in SHOWN_IN[view.kind]]
    errors = [listing.error for listing in listings if listing.error is not None]
    if any(listing.loading and not listing.is_known for listing in listings):
        return [[(f"Loading {what[view.kind]}…", "muted")]]
    if view.narrowed and any(row for row in people.subjects if view.kind in (None, row.kind)):
        return [
            [(f"No {what[view.kind]} match.", "strong")],
            [(f"{key('clear')} clears the search line", "muted")],
        ]
    if view.kind == "group" and people.community:
        return [[("Semaphore Community has no groups.", "strong")]]
    if errors and isinstance(errors[0], PermissionDeniedError):
        whom = what[view.kind] if view.kind else "who is in this organization"
        return [
            [(f"This API token may not see {whom}.", "strong")],
            [(str(errors[0]), "plain")],
            [("An Owner or Admin can give its holder a role that includes it.", "muted")],
        ]
    if errors:
        return [
            [(f"The {what[view.kind]} could not be loaded.", "bad")],
            [(str(errors[0]), "plain")],
            [(f"{key('reload')} tries again", "muted")],
        ]
    hints: dict[Kind | None, str] = {
        None: f"{key('create')} creates the first service account",
        "person": f"Nobody holds a role here; {key('invite')} invites the first one",
        "account": f"{key('create')} creates the first one",
        "group": f"{key('create_group')} creates the first one",
    }
    return [[(f"There are no {what[view.kind]} yet.", "strong")], [(hints[view.kind], "muted")]]


def lapsed(problem: str) -> list[list[Piece]]:
    """What to show in place of rows when the lists have changed and the search line is no longer understood."""
    return [
        [("The search line no longer fits the lists.", "strong")],
        [(problem, "plain")],
        [(f"{key('clear')} clears it", "muted")],
    ]


def rescued_words(path: Path, warning: str = "") -> str:
    """A notice of a token saved in a private file; `warning` says why it should not stay there long."""
    return f"{saved_words(path, warning)} {key('open_rescued')} opens it."
