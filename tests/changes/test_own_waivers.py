"""Waivers that are added to the user's own file: it is read as before, with one more, or left as it was."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semtui.audit.access.graph import AccessGraph
from semtui.audit.findings.findings import Report
from semtui.audit.findings.rules import find
from semtui.audit.findings.waivers import Judged, Waiver, judge
from semtui.changes.own_waivers import add_waiver, filled_in, own_waivers, suggested_waiver
from semtui.settings.waivers_location import waivers_path
from semtui.system.errors import ConfigurationError
from semtui.text.clean import clean
from tests.support.organizations import parse

HOST = "acme.semaphoreci.com"
TODAY = datetime.now(UTC).date()
NOW = datetime.now(UTC).timestamp()
ORGANIZATION = parse("ee | P ana:Owner dan:Member | A tf:Admin; bot:Owner; old:-<ana -400d | G g:Admin{}")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    return waivers_path({}, tmp_path)


def found(waivers: tuple[Waiver, ...] = ()) -> tuple[Judged, ...]:
    report = find(AccessGraph(ORGANIZATION.people(NOW), ORGANIZATION.projects(NOW)), NOW)
    return judge(report, waivers, HOST, NOW).judged


def waiver(judged: Judged, reason: str = "we know", until: str = "") -> Waiver:
    suggested = suggested_waiver(judged, HOST, "dana")
    until = until or suggested.until.isoformat()
    return filled_in(suggested, severity=suggested.severity, reason=reason, by="dana", until=until, ticket="SEC-1")


def test_every_finding_can_be_waived_one_after_the_other(path: Path) -> None:
    for number, judged in enumerate(found(), start=1):
        assert add_waiver(waiver(judged)) == path
        assert sum(each.waived for each in found(own_waivers())) == number
    assert all(each.waived for each in found(own_waivers()))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


KEPT = """\
# Decided in March, see the wiki.
[[waiver]]
rule = "ghost"   # until the runner is gone
id = "a"
host = "other.semaphoreci.com"
severity = "medium"
reason = 'why'
by = "dana"
until = 2026-01-01"""


@pytest.mark.parametrize("end", ["", "\n", "\n\n# the end", "\n# Ende: ü\n"])
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_everything_in_the_file_is_kept(path: Path, end: str, line: str) -> None:
    path.parent.mkdir(parents=True)
    before = f"{KEPT}{end}".replace("\n", line).encode()
    path.write_bytes(before)
    add_waiver(waiver(found()[0]))
    after = path.read_bytes()
    assert after.startswith(before)
    assert (b"\r\n" in after) == (b"\r\n" in before)
    assert b"\r\n" not in before or after.count(b"\n") == after.count(b"\r\n")
    assert [each.reason for each in own_waivers()] == ["why", "we know"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'{KEPT}\n\n[[waiver]]\nrule = "nothing"\n', "waivers.toml: Line 11: "),
        ("[[waiver]\n", "waivers.toml: This is not TOML, line 1"),
        ("waiver = []\n", "waivers.toml: Nothing can be added at its end"),
        ("\udcff", "waivers.toml: The file is not UTF-8."),
    ],
)
def test_an_invalid_file_is_refused_and_left_as_it_was(path: Path, text: str, words: str) -> None:
    path.parent.mkdir(parents=True)
    before = text.encode(errors="surrogateescape")
    path.write_bytes(before)
    with pytest.raises(ConfigurationError, match=words):
        add_waiver(waiver(found()[0]))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_file_never_becomes_too_large_to_be_read(path: Path) -> None:
    path.parent.mkdir(parents=True)
    before = b"#" * (1024 * 1024 - 10)
    path.write_bytes(before)
    with pytest.raises(ConfigurationError, match="larger than 1 MiB"):
        add_waiver(waiver(found()[0]))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "Reason is missing."),
        ({"by": ""}, "By is missing."),
        ({"until": "soon"}, f"Until should be a date, as {(TODAY + timedelta(90)).isoformat()}."),
        ({"until": (TODAY + timedelta(367)).isoformat()}, "Until is more than 366 days ahead."),
        ({"until": (TODAY - timedelta(1)).isoformat()}, "Until is in the past."),
    ],
)
def test_what_would_not_be_understood_is_refused_before(path: Path, changes: dict[str, str], words: str) -> None:
    suggested = suggested_waiver(found()[0], HOST, "dana")
    typed = {"reason": "why", "by": "dana", "until": suggested.until.isoformat(), "ticket": ""} | changes
    with pytest.raises(ConfigurationError) as caught:
        filled_in(suggested, severity="high", **typed)
    assert str(caught.value) == words


def test_a_waiver_is_given_a_new_date_with_the_reason_it_has(path: Path) -> None:
    first = found()[0]
    add_waiver(waiver(first, "for the move", (TODAY + timedelta(2)).isoformat()))
    again = suggested_waiver(found(own_waivers())[0], HOST, "eve")
    assert (again.reason, again.ticket, again.by) == ("for the move", "SEC-1", "eve")
    add_waiver(waiver(found(own_waivers())[0], again.reason))
    (judged,) = [each for each in found(own_waivers()) if each.waived]
    assert judged.waiver is not None
    assert judged.waiver.until == TODAY + timedelta(90)


@given(name=st.text(), reason=st.text(min_size=1))
def test_whatever_the_texts_the_waiver_applies(
    tmp_path_factory: pytest.TempPathFactory, name: str, reason: str
) -> None:
    first = found()[0].finding
    assert first.subject is not None
    finding = replace(first, subject=replace(first.subject, name=clean(name)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("home")))
        if not reason.strip():
            with pytest.raises(ConfigurationError, match="Reason is missing"):
                waiver(Judged(finding), reason)
            return
        filled = waiver(Judged(finding), reason)
        add_waiver(filled)
        told = judge(Report((finding,), rules=(finding.rule,)), own_waivers(), HOST, NOW)
        assert [(each.standing, each.waiver and each.waiver.reason) for each in told.judged] == [
            ("waived", filled.reason)
        ]
        assert told.renamed == ()
