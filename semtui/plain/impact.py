"""What depends on a person or account, and traces of what they did, read out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.plain.speech import spoken_lines
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.organization.subject import Subject
    from semtui.organization.ties import Ties
    from semtui.plain.context import PlainContext


def say_impact(context: PlainContext, subject: Subject) -> None:
    """Read what depends on somebody, and say it."""
    from semtui.audit.access.current import graph_of
    from semtui.audit.impact import impact
    from semtui.wording.impact import impact_lines

    store = context.store
    if (ties := read_ties(context, subject)) is not None:
        found = impact(graph_of(store.people, store.projects), subject, ties)
        context.console.read_out([each for each in spoken_lines(impact_lines(found)) if each])


def read_ties(context: PlainContext, subject: Subject) -> Ties | None:
    """Read what depends on everybody; None if that is not possible, and why has been said."""
    from semtui.organization.ties import load_ties

    if not _projects_known(context):
        return None
    reading = load_ties(context.session.read, context.store.projects.listing.items)
    return context.wait_for(f"Reading what depends on {name_of(subject)}…", reading)


def say_traces(context: PlainContext, subject: Subject) -> None:
    """Read what somebody did last, and say it."""
    from semtui.organization.traces import load_traces, secret_places
    from semtui.wording.impact import trace_lines

    if _projects_known(context):
        places = secret_places(context.session.history.known(), subject.id)
        reading = load_traces(context.session.read, subject.id, context.store.projects.listing.items, places)
        found = context.wait_for(f"Reading traces of {name_of(subject)}…", reading)
        if found is not None:
            lines = spoken_lines(trace_lines(found, context.session.clock()))
            context.console.read_out([each for each in lines if each])


def _projects_known(context: PlainContext) -> bool:
    if reason := context.session.reload_obstacle:
        context.console.complain(reason)
        return False
    store = context.store
    if not store.projects.listing.is_known:
        context.console.say("Loading the projects…")
        context.wait(store.load_projects(lambda: None))
    return True
