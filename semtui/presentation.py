"""How things are said and colored: models to words. Pure functions; the time of day is always handed in."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from textual.content import Content

from semtui.errors import PermissionDeniedError
from semtui.people import LIST_NAMES
from semtui.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from semtui.contexts import Context
    from semtui.environments import Environment
    from semtui.journal import Intent
    from semtui.models import NewToken, Role, RoleBinding
    from semtui.people import Kind, ListName, People, Subject, View
    from semtui.projects import Projects

Tone = Literal["plain", "strong", "muted", "owner", "admin", "member", "other", "good", "warn", "bad"]
TONES: dict[Tone, str] = {
    "plain": "",
    "strong": "bold",
    "muted": "$muted",
    "owner": "$role-owner",
    "admin": "$role-admin",
    "member": "$role-member",
    "other": "$role-other",
    "good": "$success",
    "warn": "$warning",
    "bad": "$error",
}
"""What each tone looks like, in terms of the theme."""

Piece = tuple[str, Tone]


@dataclass(frozen=True)
class Line:
    """A line of a longer text; what does not fit goes on below, `hang` cells to the right."""

    pieces: Sequence[Piece] = ()
    hang: int = 0

    @property
    def text(self) -> str:
        """Without colors."""
        return "".join(text for text, _ in self.pieces)


TABS: tuple[tuple[str, str, str], ...] = (
    ("all", "All", "All"),
    ("person", "People", "People"),
    ("account", "Service accounts", "Accounts"),
    ("group", "Groups", "Groups"),
    ("roles", "Roles", "Roles"),
    ("projects", "Projects", "Projects"),
)
"""What can be opened with 1, 2, ...: its name, its words, and shorter words."""

KIND_WORDS: dict[Kind, str] = {"person": "person", "account": "account", "group": "group"}
LIST_WORDS: dict[ListName, str] = {
    "users": "People",
    "account_members": "Roles of service accounts",
    "group_members": "Roles of groups",
    "accounts": "Service accounts",
    "groups": "Groups",
    "roles": "Roles",
}
SOURCE_WORDS = {
    "manually": "assigned by hand",
    "scim": "from SCIM provisioning",
    "github": "synced from GitHub",
    "bitbucket": "synced from Bitbucket",
    "gitlab": "synced from GitLab",
    "saml_jit": "from a SAML sign-in",
    "inherited_from_org_role": "from an organization role",
    "unspecified": "from a source Semaphore does not name (GitLab or SAML)",
}
_LONGEST_DESCRIPTION = 140
"""Cells; with what a role permits it fits into the five lines of a form."""
_TOLERATED_SKEW = 120
"""Seconds two clocks may differ."""

_MARK_COLORS = {"red": "$error", "yellow": "$warning", "green": "$success", "blue": "$role-admin"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def styled(pieces: Iterable[Piece]) -> Content:
    """Pieces as Textual content; their text is taken literally."""
    return Content.assemble(*((text, TONES[tone]) for text, tone in pieces))


def role_tone(role_name: str) -> Tone:
    """The color the web page gives a role's label (`api.md` §4)."""
    tones: dict[str, Tone] = {"Owner": "owner", "Admin": "admin", "Member": "member"}
    return tones.get(role_name, "other")


def role_pieces(roles: Iterable[RoleBinding] | None) -> list[Piece]:
    """`Admin ~scim, Member`: a binding not made by hand carries its source."""
    if roles is None:
        return [("?", "muted")]
    pieces: list[Piece] = []
    for binding in roles:
        if pieces:
            pieces.append((", ", "muted"))
        pieces.append((binding.role_name or "(unnamed role)", role_tone(binding.role_name)))
        if not binding.by_hand:
            pieces.append((f" ~{binding.source.removeprefix('inherited_from_')}", "muted"))
    return pieces


def state_piece(subject: Subject) -> Piece:
    """State as a mark and a word; people and groups have none."""
    words: dict[str, Piece] = {
        "": ("", "plain"),
        "active": ("● active", "good"),
        "deactivated": ("○ deactivated", "muted"),
        "no role": ("! no role", "warn"),
        "unknown": ("? unknown", "muted"),
    }
    return words[subject.state]


def name_of(subject: Subject) -> str:
    """The name to show; Community may give none (`api.md` §2.1)."""
    return subject.name.strip() or f"(no name) {subject.id[:8]}"


def cells(subject: Subject) -> dict[str, list[Piece]]:
    """What each column of the table shows for one row."""
    faded = subject.state == "deactivated"
    kind = KIND_WORDS[subject.kind]
    if subject.kind == "group":
        kind = f"group {'?' if subject.member_ids is None else len(subject.member_ids)}"
    roles = role_pieces(subject.roles)
    if subject.groups:
        roles.append((f" +{count(len(subject.groups), 'group')}", "muted"))
    return {
        "name": [(name_of(subject), "muted" if faded else "plain")],
        "kind": [(kind, "muted")],
        "role": roles or [("–", "muted")],
        "state": [state_piece(subject)],
        "created": [(date_words(subject.created_at), "muted")],
        "description": [(subject.description, "muted")],
    }


def count(number: int, word: str) -> str:
    """`1 group`, `2 groups`, `1,200 groups`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def unfinished_words(intent: Intent) -> str:
    """What was under way when semtui ended without warning."""
    what = f"making a new token for {intent.account_name}" if intent.account_id else f"creating {intent.account_name}"
    moment = _gmtime(int(intent.begun_at))
    when = (
        f"{date_words(int(intent.begun_at))} {moment.tm_hour:02}:{moment.tm_min:02} UTC" if moment else "some time ago"
    )
    return f"An earlier semtui ended while {what} ({when})."


def date_words(seconds: int | None) -> str:
    """`Jul 16, 2025`, as the web page writes it; UTC."""
    moment = _gmtime(seconds)
    return "" if moment is None else f"{_MONTHS[moment.tm_mon - 1]} {moment.tm_mday:02}, {moment.tm_year}"


def clock_words(seconds: float | None) -> str:
    """`14:02 UTC`."""
    moment = _gmtime(seconds)
    return "–" if moment is None else f"{moment.tm_hour:02}:{moment.tm_min:02} UTC"


def day_words(seconds: float) -> str:
    """`2025-07-16`; UTC."""
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))


def instant_words(seconds: int | None, now: float) -> str:
    """`2025-07-16 01:04:15 UTC, 1 year ago`. A time to come is given bare: two clocks may differ."""
    moment = _gmtime(seconds)
    if moment is None or seconds is None:
        return "–"
    text = time.strftime("%Y-%m-%d %H:%M:%S UTC", moment)
    passed = now - seconds
    return text if passed < 0 else f"{text}, {_ago(passed)}"


def _ago(passed: float) -> str:
    for seconds, unit in (
        (31_556_952, "year"),
        (2_629_746, "month"),
        (86_400, "day"),
        (3600, "hour"),
        (60, "minute"),
    ):
        if passed >= seconds:
            return f"{count(int(passed // seconds), unit)} ago"
    return "just now"


def _gmtime(seconds: float | None) -> time.struct_time | None:
    if not seconds or seconds < 0:
        return None
    try:
        return time.gmtime(seconds)
    except (OverflowError, ValueError, OSError):
        return None


def creator_words(subject: Subject, people: People) -> str:
    """Who made an account: a name, an id nobody lists, or that the creator is gone."""
    if not subject.creator_id:
        return "gone (Semaphore refuses every edit of such an account)"
    creator = people.by_id.get(subject.creator_id)
    return name_of(creator) if creator else f"someone not listed, id {subject.creator_id}"


def sentence(subject: Subject, people: People) -> Content:
    """The row in one line: name, description, and for accounts who made it."""
    pieces: list[Piece] = [(name_of(subject), "strong")]
    if subject.description:
        pieces.append((f" · {subject.description}", "plain"))
    if subject.account is not None:
        made = f"made by {creator_words(subject, people)}" if subject.creator_id else "its creator is gone"
        pieces.append((f" · {made}", "muted"))
    if subject.kind == "person":
        pieces.append((" · in " + ", ".join(subject.groups) if subject.groups else " · in no group", "muted"))
    if subject.kind == "group":
        known = subject.member_ids is not None
        pieces.append((f" · {count(len(subject.member_ids or ()), 'member') if known else 'members unknown'}", "muted"))
    return styled(pieces)


def padded(text: str, cells: int) -> str:
    """Cut or padded to a number of terminal cells, of which a wide letter takes two, and a space."""
    from rich.cells import set_cell_size

    return f"{set_cell_size(shorten(text, cells), cells)} "


def fact(label: str, *pieces: Piece) -> Line:
    """A label and what there is to say of it."""
    return Line([(f"{label:<13}", "muted"), *pieces], 13)


def details(subject: Subject, people: People, now: float) -> list[Line]:
    """Everything known of a row."""
    lines = [Line([(name_of(subject), "strong")]), Line()]
    lines += _facts(subject, people, now)
    lines += _binding_lines(subject, people)
    if subject.kind == "group":
        lines += _member_lines(subject, people)
    return lines


def _facts(subject: Subject, people: People, now: float) -> Iterable[Line]:

    yield fact("kind", ({"person": "person", "account": "service account", "group": "group"}[subject.kind], "plain"))
    yield fact("id", (subject.id, "plain"))
    if subject.state:
        yield fact("state", state_piece(subject))
    if subject.kind != "person":
        yield fact("description", (subject.description or "none", "plain" if subject.description else "muted"))
    if subject.account is not None:
        yield fact("created", (instant_words(subject.created_at, now), "plain"))
        yield fact("updated", (instant_words(subject.updated_at, now), "plain"))
        yield _rotation(subject)
        yield fact("created by", (creator_words(subject, people), "plain"))
        yield fact("organization", (subject.account.org_id or "–", "plain"))
    if subject.groups:
        yield fact("groups", (", ".join(subject.groups), "plain"))


def _rotation(subject: Subject) -> Line:
    if subject.created_at is not None and subject.created_at == subject.updated_at:
        return fact("", ("its token was never renewed", "warn"))
    return fact("", ("by a rename, a switch, or a new token", "muted"))


def _binding_lines(subject: Subject, people: People) -> list[Line]:
    lines = [Line(), Line([("Roles", "strong")])]
    if subject.roles is None:
        return [*lines, Line([("not known: the list that would tell is missing", "muted")])]
    if not subject.roles:
        gap = "none: its token is accepted, but may do nothing" if subject.kind == "account" else "none"
        return [*lines, Line([(gap, "warn")])]
    roles = {role.id: role for role in people.roles.items}
    for binding in subject.roles:
        role_name = binding.role_name or "(unnamed role)"
        lines.append(
            Line([(role_name, role_tone(binding.role_name)), (f"  {source_words(binding.source)}", "muted")], 2)
        )
        role = roles.get(binding.role_id)
        if role is not None:
            lines.append(Line([(f"  {role.description}", "plain")], 2))
            lines.append(Line([(f"  {count(len(role.permissions), 'permission')}", "muted")], 2))
    if subject.groups:
        lines.append(Line([("More may come through the groups above.", "muted")]))
    return lines


def source_words(source: str) -> str:
    """Where a role binding comes from."""
    return SOURCE_WORDS.get(source, f"from “{source}”")


def _member_lines(subject: Subject, people: People) -> list[Line]:
    lines = [Line(), Line([("Members", "strong")])]
    if subject.member_ids is None:
        return [*lines, Line([("not known: the list of groups is missing", "muted")])]
    for member_id in subject.member_ids:
        member = people.by_id.get(member_id)
        lines.append(Line([(name_of(member) if member else f"someone not listed, id {member_id}", "plain")]))
    return lines if subject.member_ids else [*lines, Line([("none", "muted")])]


def description(role: Role) -> Content:
    """Semaphore's own words about a role."""
    return styled([(shorten(role.description, _LONGEST_DESCRIPTION), "plain")])


def meaning(role: Role) -> Content:
    """A role in a few lines: Semaphore's description, and what it permits."""
    words = shorten(role.description, _LONGEST_DESCRIPTION)
    return styled([(f"{words} ", "plain"), (f"{role.name} can {permission_summary(role)}", "muted")])


def permission_summary(role: Role, most: int = 5) -> str:
    """`manage secrets, view people, … (14)`: what a role permits."""
    return short_permissions(role.permissions, most) if role.permissions else "do what Semaphore did not tell"


def short_permissions(names: Sequence[str], most: int = 5) -> str:
    """`manage secrets, view people, … (14)`: what changes things comes first."""
    plain = [_plain_permission(name) for name in sorted(names, key=_weight)]
    return f"{', '.join(plain[:most])}{', …' if len(plain) > most else ''} ({len(plain)})"


def permissions_page(role: Role) -> list[Line]:
    """A role's description and every permission, by resource, with Semaphore's own explanations."""
    explanations = {permission.name: permission.description for permission in role.rbac_permissions}
    lines = [Line([(role.description or "Semaphore gives no description.", "plain")])]
    if not role.permissions:
        words = "What this role permits is not known: Semaphore did not list the roles."
        return [*lines, Line(), Line([(words, "warn")])]
    return lines + permission_lines(role.permissions, explanations, role_tone(role.name))


def permission_lines(names: Iterable[str], explanations: Mapping[str, str], tone: Tone) -> list[Line]:
    """Permissions under the resources they are about, each with its explanation."""
    lines: list[Line] = []
    for resource, members in groupby(sorted(names, key=_by_resource), key=resource_of):
        lines += [Line(), Line([(resource or "other", tone)])]
        for name in members:
            verb = name.removeprefix(f"{resource}.")
            lines.append(Line([(f"  {verb:<16} ", "plain"), (explanations.get(name, ""), "muted")], 19))
    return lines


def matching_lines(lines: Sequence[Line], search: str) -> list[Line]:
    """The lines in which every word of `search` stands, under the headings they belong to; a heading counts with each
    of its lines, and one that stands by itself leads all that follows."""
    words = search.lower().split()
    found: list[Line] = []
    section: list[Line] = []
    for filled, group in groupby(lines, key=lambda line: bool(line.pieces)):
        if not words or not filled:
            continue
        block = list(group)
        head = [] if block[0].hang else block[:1]
        title = "".join(line.text for line in head)
        if head and len(block) == 1:
            section = head
        kept = [line for line in block[len(head) :] if all(word in f"{title} {line.text}".lower() for word in words)]
        if kept:
            found += [*([Line()] if found else []), *section, *([Line()] if section else []), *head, *kept]
            section = []
    return found if words else list(lines)


def resource_of(permission: str) -> str:
    """`organization.secrets.manage` → `organization.secrets`: what a permission is about."""
    return permission.rpartition(".")[0]


def _by_resource(permission: str) -> tuple[str, str]:
    return resource_of(permission), permission


def _weight(name: str) -> tuple[bool, str]:
    return (name.endswith((".view", ".view_settings")), name)


def _plain_permission(name: str) -> str:
    """`organization.secrets.manage` → `manage secrets`."""
    parts = name.removeprefix("organization.").replace("_", " ").split(".")
    return f"{parts[-1]} {' '.join(parts[:-1])}".strip()


def place(context: Context, environment: Environment, read_only: bool, proxy: str = "") -> Content:
    """Which organization this is, by which context, and what is special about it."""
    parts = [Content.styled(f" {context.host} ", "bold")]
    demo = context.name == "demo"
    if not demo and context.name.replace("_", ".") != context.host:
        parts.append(Content.styled(f"context {context.name} ", "$muted"))
    if proxy:
        parts.append(Content.styled(f"via proxy {proxy} ", "$muted"))
    marks = [(environment.label, _MARK_COLORS[environment.color])] if environment.label else []
    marks += [("DEMO", "$warning")] * demo + [("READ-ONLY", "$warning")] * read_only
    parts += [Content.assemble((f" {mark} ", f"bold reverse {color}"), " ") for mark, color in marks]
    return Content("").join(parts)


def skew_words(server_time: float | None, now: float) -> tuple[str, ...]:
    """That the two clocks disagree by so much that times mislead; both in epoch seconds."""
    off = now - server_time if server_time is not None else 0.0
    if abs(off) <= _TOLERATED_SKEW:
        return ()
    minutes = round(abs(off) / 60)
    amount = count(minutes, "minute") if minutes < 120 else count(round(minutes / 60), "hour")
    way = "ahead of" if off > 0 else "behind"
    return (f"This computer's clock is {amount} {way} Semaphore's: its times and yours cannot be compared.",)


def tabs(people: People, projects: Projects) -> dict[str, str]:
    """How much each tab holds, in words."""
    kinds: dict[str, Kind | None] = {"all": None, "person": "person", "account": "account", "group": "group"}
    counts = {tab: count_words(people, kind) for tab, kind in kinds.items()}
    roles = people.roles
    return counts | {
        "roles": f"{len(roles.items)}" if roles.known else "–",
        "projects": f"{len(projects.listing.items)}" if projects.listing.known else "",
    }


def tab_line(counts: dict[str, str], active: str, width: int) -> Content:
    """The tabs with their keys and counts, in words as short as `width` cells demand."""
    for words_of in (lambda long, short, open_: long, lambda long, short, open_: short, _only_if_open):
        line = Content("")
        for key, (tab, long, short) in enumerate(TABS, start=1):
            words = words_of(long, short, tab == active)
            style = "bold underline $accent" if tab == active else "$muted"
            line += Content.assemble(f" {key} ", (f"{words} {counts[tab]}".strip(), style), " ")
        if line.cell_length <= width:
            break
    return line


def _only_if_open(long: str, short: str, is_open: bool) -> str:
    return short if is_open else ""


def age(people: People) -> Piece:
    """How old what is shown is: the age of its oldest list."""
    listings = [people.listing(name) for name in LIST_NAMES]
    times = [listing.loaded_at for listing in listings if listing.loaded_at is not None]
    if any(listing.loading for listing in listings):
        return ("loading", "muted")
    old = any(listing.known and listing.trouble is not None for listing in listings)
    return (f"{'old: ' if old else ''}loaded {clock_words(min(times, default=None))}", "warn" if old else "muted")


def load_words(people: People) -> tuple[str, Tone]:
    """What came of loading the lists, in a sentence."""
    listings = [people.listing(name) for name in LIST_NAMES]
    failed = [listing for listing in listings if listing.trouble is not None]
    rows = count(len(people.subjects), "row")
    if len(failed) == len(listings):
        if not people.subjects:
            if all(isinstance(listing.trouble, PermissionDeniedError) for listing in failed):
                return "This API token may see none of these lists; 6 shows the projects it may see.", "warn"
            return "Nothing could be loaded; r tries again.", "warn"
        of = clock_words(min((listing.loaded_at or 0 for listing in listings if listing.known), default=None))
        return f"Nothing could be loaded anew: the {rows} shown are of {of}. r tries again.", "warn"
    if troubled(people):
        old = any(listing.known for listing in failed)
        return f"Loaded {rows}; what is missing{' or old' if old else ''} stands above.", "warn"
    return f"Loaded {rows}.", "plain"


SHOWN_IN: dict[Kind | None, tuple[ListName, ...]] = {
    None: ("users", "accounts", "groups"),
    "person": ("users",),
    "account": ("accounts",),
    "group": ("groups",),
}
"""Which lists the rows of each tab come from."""


def count_words(people: People, kind: Kind | None) -> str:
    """How many rows a tab has: `12`, `12+` while a list is missing, `–` while nothing is known."""
    number = people.counts[kind]
    known = [people.listing(name).known or (name == "groups" and people.community) for name in SHOWN_IN[kind]]
    if not any(known) and not number:
        return "–"
    return f"{number:,}" if all(known) else f"{number:,}+"


def troubled(people: People) -> dict[str, list[str]]:
    """What is refused or failed, as sentence → names of the lists it concerns."""
    found: dict[str, list[str]] = {}
    for name, words in LIST_WORDS.items():
        listing = people.listing(name)
        if listing.trouble is None or (name == "groups" and people.community):
            continue
        text = str(listing.trouble)
        if listing.known:
            text += f" What is shown is of {clock_words(listing.loaded_at)}."
        # The members list is asked three times; one word is enough when it fails as a whole.
        if name not in ("account_members", "group_members") or LIST_WORDS["users"] not in found.get(text, ()):
            found.setdefault(text, []).append(words)
    return found


def notices(people: People) -> list[list[Piece]]:
    """One line for each trouble with the lists; the rest of the page works without them."""
    if not people.subjects and people.users.trouble is not None:
        # The empty table says it already.
        return []
    lines: list[list[Piece]] = []
    for text, names in troubled(people).items():
        lines.append([(f"{', '.join(names)}: ", "warn"), (text, "warn")])
    return lines


def placeholder(people: People, view: View) -> list[list[Piece]]:
    """What to show where no row is: loading, refused, failed, empty, or filtered to nothing."""
    what: dict[Kind | None, str] = {
        None: "people and accounts",
        "person": "people",
        "account": "service accounts",
        "group": "groups",
    }
    listings = [people.listing(name) for name in SHOWN_IN[view.kind]]
    troubles = [listing.trouble for listing in listings if listing.trouble is not None]
    if any(listing.loading and not listing.known for listing in listings):
        return [[(f"Loading {what[view.kind]}…", "muted")]]
    if view.narrowed and any(row for row in people.subjects if view.kind in (None, row.kind)):
        return [
            [(f"No {what[view.kind]} match.", "strong")],
            [("escape drops the search and the role filter", "muted")],
        ]
    if view.kind == "group" and people.community:
        return [[("Semaphore Community has no groups.", "strong")]]
    if troubles and isinstance(troubles[0], PermissionDeniedError):
        whom = what[view.kind] if view.kind else "who is in this organization"
        return [
            [(f"This API token may not see {whom}.", "strong")],
            [(str(troubles[0]), "plain")],
            [("An Owner or Admin can give its holder a role that includes it.", "muted")],
        ]
    if troubles:
        return [
            [(f"The {what[view.kind]} could not be loaded.", "bad")],
            [(str(troubles[0]), "plain")],
            [("r tries again", "muted")],
        ]
    hints: dict[Kind | None, str] = {
        None: "c creates the first service account",
        "person": "Nobody holds a role here. People are invited on Semaphore's People page.",
        "account": "c creates the first one",
        "group": "Groups are made on Semaphore's People page.",
    }
    return [[(f"There are no {what[view.kind]} yet.", "strong")], [(hints[view.kind], "muted")]]


def usage_example(base_url: str) -> str:
    """The guide's next step with this organization's address: use the token in a call."""
    return f'curl -H "Authorization: Token $API_TOKEN" \\\n  "{base_url}/api/v1alpha/projects"'


def token_words(token: NewToken, *, shown: bool) -> str:
    """The token itself, or as many dots."""
    secret = token.secret.get_secret_value()
    return secret if shown else "•" * len(secret)
