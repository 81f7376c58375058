"""Everything known about a person, an account or a group, as lines, some of which lead further."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.organization.role_catalog import explanation
from semtui.text.counting import count
from semtui.wording.dates import instant_words, whole_days
from semtui.wording.permissions import permission_lines
from semtui.wording.role_bindings import role_pieces, role_tone
from semtui.wording.sources import source_words
from semtui.wording.styled_text import Line, Piece, fact
from semtui.wording.subjects import as_read, creator_words, kind_word, name_of, read_words, state_piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from semtui.api.models import Project, RoleBinding
    from semtui.organization.listing import ListName
    from semtui.organization.people import People
    from semtui.organization.subject import Kind, Subject
    from semtui.wording.styled_text import Target


def details(
    subject: Subject, people: People, now: float, projects: Iterable[Project] = (), *, whole: bool = True
) -> list[Line]:
    """Everything known about a row; `projects` are those that were read, `now` is in epoch seconds. Unless it is
    `whole`, permissions are left out, and accounts created are only counted."""
    return [
        Line([(name_of(subject), "strong")]),
        Line(),
        *_facts(subject, people, now),
        *_groups(subject, people),
        *_owned(subject, projects),
        *_roles(subject, people),
        *(_members(subject, people) if subject.kind == "group" else _created(subject, people, whole)),
        *(_permissions(subject, people) if whole else ()),
    ]


def _facts(subject: Subject, people: People, now: float) -> Iterable[Line]:
    yield fact("kind", ("service account" if subject.kind == "account" else kind_word(subject), "plain"))
    yield fact("id", (subject.id, "plain"))
    if subject.state:
        yield fact("state", state_piece(subject))
    if subject.kind != "person":
        yield fact("description", (subject.description or "none", "plain" if subject.description else "muted"))
    if subject.account is not None:
        yield fact("created", (instant_words(subject.created_at, now), "plain"))
        yield fact("updated", (instant_words(subject.updated_at, now), "plain"))
        yield fact("token age", *_token_age(subject, people.accounts.loaded_at, now))
        creator = people.by_id.get(subject.creator_id)
        leads: Target | None = ("subject", creator.id) if creator else None
        yield fact("created by", (creator_words(subject, people), "plain"), leads=leads)
        yield fact("organization", (subject.account.org_id or "–", "plain"))
    else:
        lists: dict[Kind, ListName] = {"person": "users", "account": "account_members", "group": "groups"}
        yield fact("read", (read_words(people.listing(lists[subject.kind]).loaded_at), "muted"))
    yield fact("can do", ("permissions of all roles and groups, and why", "plain"), leads=("can", subject.id))


def _token_age(subject: Subject, read_at: float | None, now: float) -> Iterable[Piece]:
    """`API.md#updated-at`."""
    days = whole_days(subject.updated_at, now)
    if days is None:
        yield ("not known", "muted")
    elif subject.created_at == subject.updated_at:
        yield (f"{count(days, 'day')}: it was never renewed, ", "warn")
    else:
        yield (f"at least {count(days, 'day')}: the last change was a rename, a switch, or a new token, ", "plain")
    yield (as_read(read_at), "muted")


def _groups(subject: Subject, people: People) -> Iterable[Line]:
    if subject.kind == "group":
        return
    label = "groups"
    for group_id in people.relations.group_ids_of.get(subject.id, ()):
        if (group := people.by_id.get(group_id)) is not None:
            roles: list[Piece] = role_pieces(group.roles) or [("no role", "muted")]
            yield fact(label, (f"{name_of(group)}  ", "plain"), *roles, leads=("subject", group.id))
            label = ""
    if label:
        known = people.groups.is_known or people.community
        yield fact(label, ("none" if known else "not known", "muted"))


def _owned(subject: Subject, projects: Iterable[Project]) -> Iterable[Line]:
    label = "owns"
    for project in projects:
        if project.owner_id == subject.id:
            yield fact(label, (project.name, "plain"), leads=("project", project.id))
            label = ""


def _roles(subject: Subject, people: People) -> list[Line]:
    lines = [Line(), Line([("Roles", "strong")])]
    if subject.roles is None:
        return [*lines, Line([("not known: the list that would tell is missing", "muted")])]
    through_groups = [Line([("More may come through the groups above.", "muted")])] if subject.groups else []
    if not subject.roles:
        idle = subject.kind == "account" and (subject.state == "no role" or not subject.groups)
        direct = "none assigned directly" if subject.groups else "none"
        words = "none: its token is accepted, but may do nothing" if idle else direct
        return [*lines, Line([(words, "warn")]), *through_groups]
    for binding in subject.roles:
        lines += _role_lines(binding, people)
    return [*lines, *through_groups]


def _role_lines(binding: RoleBinding, people: People) -> Iterable[Line]:
    role_name = binding.role_name or "(unnamed role)"
    pieces: list[Piece] = [(role_name, role_tone(binding.role_name)), (f"  {source_words(binding.source)}", "muted")]
    role = people.relations.role_by_id.get(binding.role_id)
    yield Line(pieces, 2, ("role", binding.role_id) if role else None)
    if role is not None:
        if role.description:
            yield Line([(f"  {role.description}", "muted")], 2)
        yield Line([(f"  {count(len(role.permissions), 'permission')}", "muted")], 2)


def _members(subject: Subject, people: People) -> list[Line]:
    lines = [Line(), Line([("Members", "strong")])]
    if subject.member_ids is None:
        why = "the group is deleted" if subject.state == "being removed" else "the list of groups is missing"
        return [*lines, Line([(f"not known: {why}", "muted")])]
    for member_id in subject.member_ids:
        member = people.by_id.get(member_id)
        words = name_of(member) if member else f"someone not listed, id {member_id}"
        lines.append(Line([(words, "plain")], leads=("subject", member_id) if member else None))
    return lines if subject.member_ids else [*lines, Line([("none", "muted")])]


def _created(subject: Subject, people: People, whole: bool) -> list[Line]:
    """The accounts somebody created, whose tokens they may know."""
    created = people.relations.created_by.get(subject.id, ())
    if not created:
        return []
    if not whole:
        return [fact("created", (count(len(created), "service account"), "plain"))]
    lines = [Line(), Line([("Service accounts created", "strong")])]
    return [*lines, *(_created_line(account) for account in created)]


def _created_line(account: Subject) -> Line:
    roles: list[Piece] = role_pieces(account.roles) or [("no role", "warn")]
    return Line([(f"{name_of(account)}  ", "plain"), *roles], leads=("subject", account.id))


def _permissions(subject: Subject, people: People) -> list[Line]:
    """What the roles assigned directly permit, by resource."""
    names = _permitted(subject.roles or (), people)
    if not names:
        return []
    title = f"{count(len(names), 'permission')} by these roles"
    explanations = {name: explanation(name) for name in names}
    return [Line(), Line([(title, "strong")]), *permission_lines(names, explanations, "plain")]


def _permitted(roles: Sequence[RoleBinding], people: People) -> list[str]:
    listed = [people.relations.role_by_id.get(binding.role_id) for binding in roles]
    return sorted({name for role in listed if role is not None for name in role.permissions})
