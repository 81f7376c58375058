"""Reads models from the data of answers.

pydantic and the models are loaded when the first answer is read, not with the client: that takes 50 ms, by which the
first requests, and so the first row, would be later.
"""

from __future__ import annotations

import importlib
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from semtui.api.errors import OutcomeUnknownError, UnexpectedAnswerError
from semtui.api.responses import field_error
from semtui.text.clean import clean

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from semtui.api.models import Group, Invitation, Member, Permission, Project, Role, ServiceAccount
    from semtui.api.secret_models import Secret
    from semtui.api.trace_models import Deployment, DeploymentTarget, Notification, Task, Workflow

ModelT = TypeVar("ModelT")
_MOST_ENTRIES = 100_000


class ModelReader(Generic[ModelT]):
    """Reads one kind of model: the class of that name in `models`, or in the module given."""

    def __init__(self, name: str, module: str = "models") -> None:
        self._name = name
        self._module = module

    @cached_property
    def _adapter(self) -> TypeAdapter[ModelT]:
        from pydantic import TypeAdapter

        models = importlib.import_module(f"semtui.api.{self._module}")
        return TypeAdapter(getattr(models, self._name))

    def prepare(self) -> None:
        """Build the model's validator now instead of with the first record."""
        self._adapter.rebuild()

    def read(self, data: object, where: str) -> ModelT:
        """One model. Raises UnexpectedAnswerError that names the answer, by `where`, and the invalid field."""
        from pydantic import ValidationError

        try:
            return self._adapter.validate_python(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "the answer"
            raise field_error(where, field, clean(first["msg"][0].lower() + first["msg"][1:])) from None

    def read_list(self, data: object, key: str) -> list[ModelT]:
        """The models in the list under `key`. Raises UnexpectedAnswerError that names the invalid field."""
        entries = data.get(key) if isinstance(data, dict) else None
        if not isinstance(entries, list):
            raise field_error(key, key, "should be a list")
        if len(entries) > _MOST_ENTRIES:
            raise field_error(key, key, f"should be at most {_MOST_ENTRIES:,} entries at a time")
        return [self.read(entry, f"{key}[{position}]") for position, entry in enumerate(entries)]

    def read_write_answer(self, data: object, where: str) -> ModelT:
        """The record in the answer to a write. Raises OutcomeUnknownError if it cannot be read."""
        try:
            return self.read(data, where)
        except UnexpectedAnswerError as error:
            raise OutcomeUnknownError(str(error)) from None


MEMBER: ModelReader[Member] = ModelReader("Member")
GROUP: ModelReader[Group] = ModelReader("Group")
SERVICE_ACCOUNT: ModelReader[ServiceAccount] = ModelReader("ServiceAccount")
ROLE: ModelReader[Role] = ModelReader("Role")
PERMISSION: ModelReader[Permission] = ModelReader("Permission")
PROJECT: ModelReader[Project] = ModelReader("Project")
INVITATION: ModelReader[Invitation] = ModelReader("Invitation")
SECRET: ModelReader[Secret] = ModelReader("Secret", "secret_models")
WORKFLOW: ModelReader[Workflow] = ModelReader("Workflow", "trace_models")
TASK: ModelReader[Task] = ModelReader("Task", "trace_models")
NOTIFICATION: ModelReader[Notification] = ModelReader("Notification", "trace_models")
DEPLOYMENT_TARGET: ModelReader[DeploymentTarget] = ModelReader("DeploymentTarget", "trace_models")
DEPLOYMENT: ModelReader[Deployment] = ModelReader("Deployment", "trace_models")


def prepare_lists() -> None:
    """Prepare the readers of an organization's lists."""
    MEMBER.prepare()
    GROUP.prepare()
    SERVICE_ACCOUNT.prepare()
    ROLE.prepare()
