"""Which organization is open, and what chose it."""

from __future__ import annotations

import pytest

from semtui.settings.contexts import Context
from semtui.settings.organization_marks import OrganizationMark
from semtui.tui.styling import organization_line


@pytest.mark.parametrize(
    ("name", "environment", "line"),
    [
        ("acme.semaphoreci.com", False, " acme.semaphoreci.com "),
        ("acme_semaphoreci_com", False, " acme.semaphoreci.com "),
        ("staging", False, " acme.semaphoreci.com context staging "),
        ("env", False, " acme.semaphoreci.com context env "),
        ("env", True, " acme.semaphoreci.com set by SEMAPHORE_HOST "),
    ],
)
def test_the_header_says_what_chose_the_organization_where_that_adds_something(
    name: str, environment: bool, line: str
) -> None:
    context = Context(
        name, "acme.semaphoreci.com", "https://acme.semaphoreci.com", "token", from_environment=environment
    )
    assert organization_line(context, OrganizationMark(), read_only=False).plain == line
