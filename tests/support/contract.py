"""The published form of answers, to check them against."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

PUBLISHED = Path(__file__).parents[2] / ".github"
SCHEMA = PUBLISHED / "answers.schema.json"


@cache
def _validator(path: Path = SCHEMA) -> Draft202012Validator:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def checked(text: str) -> dict[str, Any]:
    """An answer as data; raises jsonschema's ValidationError where it has not the published form."""
    answer: dict[str, Any] = json.loads(text)
    _validator().validate(answer)
    return answer


def checked_manifest(text: str) -> dict[str, Any]:
    """The manifest of an access review as data; raises ValidationError where it has not the published form."""
    manifest: dict[str, Any] = json.loads(text)
    _validator(PUBLISHED / "review.schema.json").validate(manifest)
    return manifest
