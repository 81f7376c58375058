"""A stand-in for Semaphore: the organization acme, its People, and the API that speaks about them."""

from semtui.demo.catalog import Role
from semtui.demo.faults import Fault
from semtui.demo.organization import Organization
from semtui.demo.population import REFERENCE_TIME
from semtui.demo.refusals import RefusedError
from semtui.demo.server import DemoServer, ReceivedRequest
from semtui.demo.state import Group, Project, ServiceAccountRecord

__all__ = [
    "REFERENCE_TIME",
    "DemoServer",
    "Fault",
    "Group",
    "Organization",
    "Project",
    "ReceivedRequest",
    "RefusedError",
    "Role",
    "ServiceAccountRecord",
]
