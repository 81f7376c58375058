"""The access graph of the current lists, shared by everything that asks about access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.audit.access.graph import AccessGraph

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.projects import Projects

_latest: list[AccessGraph] = []
"""At most one: the lists change while they load, and each graph keeps its own in memory."""


def graph_of(people: People, projects: Projects) -> AccessGraph:
    """The graph of exactly these lists: the latest one if it matches, else a new one."""
    for graph in _latest:
        if graph.people is people and graph.projects is projects:
            return graph
    graph = AccessGraph(people, projects)
    for before in _latest:
        if before.is_prepared and before.people is people:
            # Who is in which group with which role does not depend on projects.
            graph.__dict__["index"] = before.index
    _latest[:] = [graph]
    return graph


def graph_of_lists(people: People) -> AccessGraph:
    """A graph of these lists for what does not depend on projects, such as the roles held: the latest one if it
    matches, else a new one, which is not kept."""
    return next((graph for graph in _latest if graph.people is people), None) or AccessGraph(people)
