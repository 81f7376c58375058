"""Dialogs and pages that are not on the first screen, each loaded when it is first opened: together they take longer to
load than that screen does."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from semtui.screens.bulk import BulkScreen as BulkScreen
    from semtui.screens.change_role import ChangeRole as ChangeRole
    from semtui.screens.choose_role import ChooseRole as ChooseRole
    from semtui.screens.confirmations import DeleteGroup as DeleteGroup
    from semtui.screens.confirmations import DeleteServiceAccount as DeleteServiceAccount
    from semtui.screens.confirmations import RegenerateToken as RegenerateToken
    from semtui.screens.confirmations import SwitchServiceAccount as SwitchServiceAccount
    from semtui.screens.export_form import ExportForm as ExportForm
    from semtui.screens.export_form import Offer as Offer
    from semtui.screens.find_one import Candidate as Candidate
    from semtui.screens.find_one import FindOne as FindOne
    from semtui.screens.group_form import GroupForm as GroupForm
    from semtui.screens.invite import Invite as Invite
    from semtui.screens.pick_context import PickContext as PickContext
    from semtui.screens.pick_role import PickRole as PickRole
    from semtui.screens.project_people import ProjectPeople as ProjectPeople
    from semtui.screens.projects import ProjectsScreen as ProjectsScreen
    from semtui.screens.reading import ReadingScreen as ReadingScreen
    from semtui.screens.remove_member import removal as removal
    from semtui.screens.role_form import DeleteRole as DeleteRole
    from semtui.screens.role_form import RoleForm as RoleForm
    from semtui.screens.roles import RolesScreen as RolesScreen
    from semtui.screens.service_account_form import ServiceAccountForm as ServiceAccountForm
    from semtui.screens.token_display import TokenDisplay as TokenDisplay

_WHERE = {
    "BulkScreen": "bulk",
    "ChangeRole": "change_role",
    "ChooseRole": "choose_role",
    "DeleteGroup": "confirmations",
    "DeleteServiceAccount": "confirmations",
    "RegenerateToken": "confirmations",
    "SwitchServiceAccount": "confirmations",
    "ExportForm": "export_form",
    "Offer": "export_form",
    "Candidate": "find_one",
    "FindOne": "find_one",
    "GroupForm": "group_form",
    "Invite": "invite",
    "PickContext": "pick_context",
    "PickRole": "pick_role",
    "ProjectPeople": "project_people",
    "ProjectsScreen": "projects",
    "ReadingScreen": "reading",
    "removal": "remove_member",
    "DeleteRole": "role_form",
    "RoleForm": "role_form",
    "RolesScreen": "roles",
    "ServiceAccountForm": "service_account_form",
    "TokenDisplay": "token_display",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(name)
    return getattr(import_module(f"semtui.screens.{_WHERE[name]}"), name)
