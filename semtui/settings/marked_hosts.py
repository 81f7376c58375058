"""Which host each mark in semtui's settings applies to, however that host is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from semtui.api.hosts import is_loopback, parse_host
from semtui.settings.organization_marks import OrganizationMark
from semtui.settings.sem_yaml import Entry
from semtui.system.errors import ConfigurationError
from semtui.text.clean import clean


class MarkedHosts:
    """The marks of one settings file, resolved to hosts by the contexts of ~/.sem.yaml."""

    def __init__(self, marked: Mapping[str, OrganizationMark], entries: Sequence[Entry], path: Path) -> None:
        """`marked` is by context name or host, in lower case."""
        self._marked = marked
        self._shown = clean(str(path), limit=400)
        self._names = {entry.name.lower() for entry in entries}
        self._connected = {origin.host for entry in entries if (origin := entry.origin) is not None}
        self._hosts = {name: _hosts_of(name, entries) for name in marked}

    def of(self, name: str, host: str) -> OrganizationMark:
        """The mark of an organization. If several marks apply, it is read-only if one of them says so."""
        found = [self._marked[mark] for mark in self._meaning(name, host)]
        if not found:
            return OrganizationMark()
        labelled = next((each for each in found if each.label), found[0])
        return replace(labelled, read_only=any(each.read_only for each in found))

    def warnings(self, name: str, host: str) -> tuple[str, ...]:
        """What is wrong with the marks, when this organization is opened."""
        return (*self._meaningless(name, host), *self._contradictions(host))

    def _meaning(self, name: str, host: str) -> list[str]:
        """The marks that apply to a context, that of its own name first."""
        marks = [mark for mark, hosts in self._hosts.items() if host in hosts or mark == name.lower()]
        return sorted(marks, key=lambda mark: mark != name.lower())

    def _meaningless(self, name: str, host: str) -> list[str]:
        known = self._connected | {host}
        # Whatever the environment alone opens is called env.
        lost = [
            mark
            for mark, hosts in self._hosts.items()
            if not hosts & known and mark not in self._names and mark not in (name.lower(), "env")
        ]
        if not self._names and self._meaning(name, host):
            # Without ~/.sem.yaml nothing says which other hosts there are; this one is marked all the same.
            lost = [mark for mark in lost if not self._hosts[mark]]
        return [
            f"{self._shown} marks “{clean(mark, limit=100)}”, which is no context of ~/.sem.yaml and not the host "
            "that is open, so nothing is marked by it: correct or remove it."
            for mark in lost
        ]

    def _contradictions(self, host: str) -> list[str]:
        marks = [mark for mark, hosts in self._hosts.items() if host in hosts]
        if len({self._marked[mark] for mark in marks}) < 2:
            return []
        names = " and ".join(f"“{clean(mark, limit=100)}”" for mark in marks)
        return [
            f"{self._shown} marks {host} in different ways, by {names}: it is read-only as soon as one of them says so."
        ]


def _hosts_of(mark: str, entries: Sequence[Entry]) -> set[str]:
    """The hosts a mark may apply to: that of the context of its name, and the one its name spells."""
    named = {origin.host for entry in entries if entry.name.lower() == mark and (origin := entry.origin) is not None}
    # sem-ai names a context after its host, with _ for each dot; the host may be opened without that context.
    return named | _written(mark) | (_written(mark.replace("_", ".")) if "_" in mark else set())


def _written(text: str) -> set[str]:
    text = text.strip().rstrip("/")
    texts = [text]
    if "://" not in text and (is_loopback(text) or is_loopback(text.rpartition(":")[0])):
        texts.append(f"http://{text}")
    hosts = set()
    for each in texts:
        try:
            hosts.add(parse_host(each, source="the mark").host)
        except ConfigurationError:
            continue
    return hosts
