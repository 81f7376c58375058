"""Which request loads which of the organization's lists."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from semtui.client import SemaphoreClient
    from semtui.people import ListName

REQUESTS: dict[ListName, Callable[[SemaphoreClient], Coroutine[Any, Any, tuple[Any, ...]]]] = {
    "users": lambda client: client.list_members("user"),
    "account_members": lambda client: client.list_members("service_account"),
    "group_members": lambda client: client.list_members("group"),
    "accounts": lambda client: client.list_service_accounts(),
    "groups": lambda client: client.list_groups(),
    "roles": lambda client: client.list_roles(),
}
