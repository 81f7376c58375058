"""The graph of the lists as they are, shared by everything that asks about access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.audit.graph import AccessGraph
from semtui.organization.query import select

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.organization.query import View
    from semtui.organization.subject import Subject

_latest: list[AccessGraph] = []
"""One at most: the lists change while they are read, and each graph keeps its lists in memory."""


def graph_of(people: People, projects: Projects) -> AccessGraph:
    """The graph of these very lists: the one that was asked for last, or a new one."""
    for graph in _latest:
        if graph.people is people and graph.projects is projects:
            return graph
    graph = AccessGraph(people, projects)
    _latest[:] = [graph]
    return graph


def graph_of_lists(people: People) -> AccessGraph:
    """The graph of these lists for what no project tells, roles that are held for one: the one that is there, or a new
    one, which is not kept."""
    return next((graph for graph in _latest if graph.people is people), None) or AccessGraph(people)


def shown(people: People, projects: Projects, view: View) -> tuple[Subject, ...]:
    """The rows `view` shows of `people`: who holds its role through a group is among its holders."""
    return select(people, view, graph_of(people, projects).holding(view.role)) if view.role else select(people, view)
