"""Notifications of the organization (API.md#notifications)."""

import base64
from typing import Any

from semtui.demo.access import Access
from semtui.demo.activity_records import NotificationRecord
from semtui.demo.errors import PERMISSION_DENIED_CODE, UNKNOWN, gateway_refusal
from semtui.demo.paging import page_size
from semtui.demo.records import Params, State

VIEW = "organization.notifications.view"


class Notifications:
    """The organization's notifications, which are only listed here."""

    def __init__(self, state: State, access: Access) -> None:
        self._state = state
        self._access = access

    def page(self, caller: str, params: Params) -> dict[str, Any]:
        """One page by name; the size is checked before the permission."""
        size = page_size(params, 300, 100)
        if not self._access.holds(caller, VIEW):
            raise gateway_refusal(PERMISSION_DENIED_CODE, "Can't list notifications in organization")
        try:
            after = base64.urlsafe_b64decode(str(params.get("page_token", ""))).decode()
        except ValueError:
            raise gateway_refusal(UNKNOWN, "Internal Server Error") from None
        rest = sorted(self._state.activity.notifications, key=lambda one: one.name)
        rest = [one for one in rest if one.name > after]
        shown, more = rest[:size], len(rest) > size
        token = base64.urlsafe_b64encode(shown[-1].name.encode()).decode() if more else ""
        return {"notifications": [_wire(one) for one in shown], "next_page_token": token}


def _wire(one: NotificationRecord) -> dict[str, Any]:
    return {
        "metadata": {
            "name": one.name,
            "id": one.id,
            "create_time": str(one.created_at),
            "update_time": str(one.created_at),
            "creator_id": one.creator_id,
        },
        "spec": {
            "rules": [
                {
                    "name": "rule",
                    "filter": {
                        "projects": list(one.projects),
                        "branches": [],
                        "pipelines": [],
                        "blocks": [],
                        "states": [],
                        "results": [],
                        "tags": [],
                    },
                    "notify": {
                        "slack": {"endpoint": one.endpoint, "channels": [], "message": "", "status": "ACTIVE"},
                        "email": None,
                        "webhook": None,
                    },
                }
            ]
        },
        "status": {"failures": []},
    }
