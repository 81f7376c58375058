"""The published form of answers, to check them against."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).parents[2] / ".github" / "answers.schema.json"


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def checked(text: str) -> dict[str, Any]:
    """An answer as data; raises jsonschema's ValidationError where it has not the published form."""
    answer: dict[str, Any] = json.loads(text)
    _validator().validate(answer)
    return answer
