"""The documents: links and citations lead somewhere, and each fact says where it holds and how sure it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / ".github").glob("*.md")])
SOURCES = sorted(path for folder in ("semtui", "tests", "screenshots") for path in (ROOT / folder).rglob("*.py"))
CITATION = re.compile(r"\b([A-Z]+\.md)#([\w-]+)")
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)")
ANCHOR = re.compile(r'<a id="([a-z0-9-]+)"></a>')
SURENESS = re.compile(r"\b(read|derived|documented|seen|measured)\b", re.IGNORECASE)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    """What can be linked to in a document: explicit anchors, and headings as GitHub names them."""
    text = text_of(path)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
    return {*ANCHOR.findall(text), *slugs}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_link_leads_somewhere(document: Path) -> None:
    astray = []
    for target, anchor in LINK.findall(text_of(document)):
        found = (document.parent / target).resolve() if target else document
        if not found.exists() or (anchor and anchor not in anchors(found)):
            astray.append(f"{target}#{anchor}")
    assert astray == []


def test_a_citation_leads_somewhere() -> None:
    known = {path.name: anchors(path) for path in DOCUMENTS}
    cited = [(path.name, *found) for path in SOURCES for found in CITATION.findall(text_of(path))]
    assert [each for each in cited if each[2] not in known.get(each[1], ())] == []


def test_an_anchor_is_there_once() -> None:
    for document in DOCUMENTS:
        found = ANCHOR.findall(text_of(document))
        assert sorted(set(found)) == sorted(found)


def test_every_fact_says_where_it_holds_and_how_sure_it_is() -> None:
    facts = text_of(ROOT / ".github" / "API.md").split("<a id=")[1:]
    assert facts
    unsure = []
    for fact in facts:
        anchor, heading, claim, *_ = [line for line in fact.splitlines() if line]
        if not (heading.startswith("### ") and claim.startswith("*") and SURENESS.search(claim)):
            unsure.append(anchor)
    assert unsure == []


def test_the_readme_is_short_and_has_one_test_command() -> None:
    readme = text_of(ROOT / "README.md")
    assert len(readme.splitlines()) < 200
    (block,) = re.findall(r"<!-- test command -->\n```sh\n(.+)\n```\n", readme)
    assert "pre-commit run --all-files" in block


def test_nothing_is_cited_that_a_reader_does_not_have() -> None:
    """Facts stand in the repository, and are cited by anchor."""
    elsewhere = re.compile(r"§|(?<![\w/#-])[a-z][\w-]*\.md\b")
    lines = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in SOURCES
        if path != Path(__file__)
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if elsewhere.search(line)
    ]
    assert lines == []


def test_a_document_is_cited_by_anchor() -> None:
    """API.md and SECURITY.md are long: which part of them is meant is said."""
    vague = re.compile(r"(?<!\.github/)\b(API|SECURITY)\.md\b(?!#)")
    lines = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in SOURCES
        if path != Path(__file__)
        for line in text_of(path).splitlines()
        if vague.search(line)
    ]
    assert lines == []
