"""Dialogs for the steps of replacing an account by a twin that no other dialog does."""

from __future__ import annotations

from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, Label, Static

from semtui.api.errors import SemaphoreError
from semtui.changes import rotation as changes
from semtui.changes.access_steps import role_of
from semtui.changes.create_account import creation_refusal, name_obstacle
from semtui.changes.lacking import Missing
from semtui.changes.reconcile import Reconciliation
from semtui.changes.rotation import Renaming, TwinCreation
from semtui.changes.secret_exposure import stronger_roles
from semtui.organization.rotations import Rotation
from semtui.organization.store import OrganizationStore
from semtui.organization.subject import Subject
from semtui.tui.screens.destination_field import DestinationField
from semtui.tui.screens.request_modal import RequestModal
from semtui.tui.screens.secret_exposure import once_accepted
from semtui.tui.widgets.field import Field
from semtui.wording import rotation as words
from semtui.wording.styled_text import listed
from semtui.wording.subjects import name_of


class CreateTwin(RequestModal):
    """Creates the twin of an account."""

    def __init__(self, store: OrganizationStore, old: Subject, name: str) -> None:
        """`name` is suggested for the twin."""
        super().__init__(store.session, old.id)
        self._store = store
        self._old = old
        self._name = name

    def heading(self) -> str:
        """Ask whether to begin."""
        return f"Replace {name_of(self._old)} by a twin?"

    def compose_body(self) -> ComposeResult:
        """Lay out why, what the twin is called and given, and where its token goes."""
        role = role_of(self._old, self._store.people)
        yield Static(words.WHY, markup=False)
        given = f"It is given the role {role.name}" if role else "It is given no role: none is assigned directly"
        groups = f"; its groups follow in the next step: {listed(self._old.groups)}" if self._old.groups else ""
        yield Static(Content(f"{given}{groups}."), classes="note")
        yield Static(words.NO_PROJECTS, classes="note", markup=False)
        with Horizontal(classes="field"):
            yield Label("Name")
            yield Field(self._name, id="name", compact=True)
        yield DestinationField(stronger_roles(self._store.people, self._old))

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Leave as it is" and "Create the twin"."""
        yield Button("Leave as it is", id="cancel", variant="primary", compact=True)
        yield Button("Create the twin", id="send", variant="warning", compact=True)

    def on_mount(self) -> None:
        """Focus where the token goes."""
        self.query_one(DestinationField).where.focus()

    @on(Input.Submitted)
    def _typed(self) -> None:
        self.query_one("#send").focus()

    def confirm(self) -> None:
        """Create it, unless Semaphore would refuse its name."""
        name = self.query_one("#name", Input).value.strip()
        obstacle = name_obstacle(name, self._store.people, self.session.context.host) if name else "A name is needed."
        if obstacle:
            self.say(obstacle, "bad")
        else:
            creation = TwinCreation(self._store, self._old, name)
            exposed = self.query_one(DestinationField).exposed
            once_accepted(self.app, self.session, exposed, partial(self._create, creation, name))

    @work(group="request", description="")
    async def _create(self, creation: TwinCreation, name: str) -> None:
        to = self.query_one(DestinationField).chosen
        await self.carry_out(f"Creating {name}…", partial(creation.send, to), creation.check)

    def refusal_words(self, error: SemaphoreError) -> str:
        """Explain a refused creation."""
        return creation_refusal(error)


class _Step(RequestModal):
    """One step of a rotation, said in a sentence or two."""

    BUTTON = ""

    def __init__(self, store: OrganizationStore, rotation: Rotation) -> None:
        assert rotation.twin is not None, "there is a twin"
        super().__init__(store.session, rotation.twin.id)
        self.rotation = rotation
        self.twin = rotation.twin

    def heading(self) -> str:
        """How far the rotation is."""
        return words.title(self.rotation)

    def told(self) -> str:
        """What is sent."""
        raise NotImplementedError

    def compose_body(self) -> ComposeResult:
        """Lay out what is sent."""
        yield Static(Content(self.told()))

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Leave as it is" and the button that sends."""
        yield Button("Leave as it is", id="cancel", variant="primary", compact=True)
        yield Button(self.BUTTON, id="send", variant="warning", compact=True)

    def on_mount(self) -> None:
        """Focus the button that changes nothing."""
        self.query_one("#cancel").focus()


class CompleteTwin(_Step):
    """Gives the twin what it lacks."""

    BUTTON = "Give it"

    def __init__(self, store: OrganizationStore, rotation: Rotation, lacking: Missing) -> None:
        super().__init__(store, rotation)
        self._lacking = lacking

    def told(self) -> str:
        """What it is given."""
        return f"{name_of(self.twin)} is given {listed(self._lacking.words)}. {words.NO_PROJECTS}"

    def confirm(self) -> None:
        """Send it."""
        self._complete()

    @work(group="request", description="")
    async def _complete(self) -> None:
        async def check() -> Reconciliation:
            # Each request has been looked up by itself.
            return Reconciliation("unknown", "Reload to see what the twin has.", self.twin.id)

        doing = f"Giving {name_of(self.twin)} what it lacks…"
        await self.carry_out(doing, partial(changes.complete, self.session, self.twin, self._lacking), check)


class RenameTwin(_Step):
    """Gives the twin the name of the account it has replaced."""

    BUTTON = "Rename it"

    def told(self) -> str:
        """What it is called."""
        return (
            f"{name_of(self.twin)} is called {self.rotation.old_name} from now on, and its description no longer says "
            "whom it replaces. Its token stays."
        )

    def confirm(self) -> None:
        """Send it."""
        self._rename()

    @work(group="request", description="")
    async def _rename(self) -> None:
        renaming = Renaming(self.session, self.rotation)
        await self.carry_out(f"Renaming {name_of(self.twin)}…", renaming.send, renaming.check)
