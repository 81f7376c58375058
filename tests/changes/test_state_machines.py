"""Random runs, longer and stranger than anybody would write down: custody, listing, editing."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from semtui.api.client import SemaphoreClient
from semtui.api.errors import ConflictError, NoAnswerError, SemaphoreError
from semtui.api.models import NewToken
from semtui.changes import conflicts
from semtui.changes.carry_out import carry_out
from semtui.changes.create_account import create_account
from semtui.changes.delete_account import AccountDeletion
from semtui.changes.regenerate_token import regenerate_token
from semtui.changes.result import ChangeResult
from semtui.changes.rotation import Renaming, TwinCreation, give, missing, twin_name
from semtui.changes.switch_account import check_switched, switch
from semtui.changes.token_delivery import deliver_token
from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.organization.loading import load_complete
from semtui.organization.rotations import Rotation, rotations
from semtui.organization.store import OrganizationStore
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tokens.delivery import DeliveryError, destination
from tests.conftest import QUICK
from tests.support.fault_proxy import Line, Strike, Wire

T = TypeVar("T")

TROUBLES: dict[str, Fault | None] = {
    "none": None,
    "refused": Fault("POST", status=400, body='"Name must be provided"'),
    "lost before": Fault("POST", kind="drop_before"),
    "lost after": Fault("POST", kind="drop_after"),
    "500 done": Fault("POST", status=500, body='"Internal error"', keep_work=True),
    "504 not done": Fault("POST", status=504, body="upstream request timeout"),
    "cut early": Fault("POST", kind="truncate", cut=9),
    "HTML": Fault("POST", kind="html", status=200, keep_work=True),
}
ARRIVES = ("none",)
LIMITS = replace(QUICK, poll_for=0.05, poll_interval=0.01)
"""Hundreds of answers are lost in a run, and each is looked for."""


ROTATED = ("terraform", "renovate")
"""Accounts that are replaced by twins, again and again."""
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


class Custody(RuleBasedStateMachine):
    """Tokens are made, lost, stored, put into secrets, left and rescued, and accounts replaced by twins, in any order:
    each token that arrived is in exactly one place, no account is doubled, and every twin is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = contextlib.ExitStack()
        self.place = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.server = self.stack.enter_context(DemoServer(clock=lambda: float(REFERENCE_TIME)))
        self.arrived: set[str] = set()
        self.stored: set[str] = set()
        self.asked = 0
        self.secrets = 0
        self.open()

    def open(self) -> None:
        context = Context("demo", "acme.example.com", self.server.address, self.server.tokens["owner"], demo=True)
        self.session = Session(context, SessionOptions(limits=LIMITS, rescue_directory=self.place)).__enter__()

    def make(self, trouble: str, call: Callable[..., Coroutine[Any, Any, NewToken]], *, waited_for: bool) -> None:
        self.strike(trouble, "POST")
        self.asked += 1

        async def run() -> None:
            waiter = asyncio.ensure_future(self.session.make_token(call))
            if not waited_for:
                # Whoever waited is gone, as when a dialog is torn down; a request that is under way goes on.
                await asyncio.to_thread(self.until_under_way, waiter)
                waiter.cancel()
            with contextlib.suppress(SemaphoreError, asyncio.CancelledError):
                token = await waiter
                assert trouble in ARRIVES
                assert token in self.session.unstored_tokens

        asyncio.run(run())
        while self.session.writes_under_way:
            time.sleep(0.001)
        if trouble in ARRIVES:
            self.arrived.add(self.newest())

    def strike(self, trouble: str, *methods: str) -> None:
        """From now on, the next request of each method meets this."""
        self.server.clear_faults()
        if (fault := TROUBLES[trouble]) is not None:
            for method in methods:
                self.server.inject(replace(fault, method=method))

    def until_under_way(self, waiter: asyncio.Future[NewToken]) -> None:
        while not (self.session.writes_under_way or waiter.done()):
            time.sleep(0.001)

    def newest(self) -> str:
        known = {each.secret.get_secret_value() for each in self.session.unstored_tokens} - self.arrived
        (token,) = known
        return token

    @rule(trouble=st.sampled_from(sorted(TROUBLES)), waited_for=st.booleans())
    def create(self, trouble: str, waited_for: bool) -> None:
        name = f"crew-{self.asked}"
        self.make(trouble, lambda client, intend: create_account(client, name, "", intend), waited_for=waited_for)

    @rule(trouble=st.sampled_from(sorted(TROUBLES)), waited_for=st.booleans(), which=st.integers(0, 5))
    def regenerate(self, trouble: str, waited_for: bool, which: int) -> None:
        name = self.server.organization.service_account_names()[which]
        account = self.server.organization.service_account_named(name)
        assert account is not None
        # An account changed within this second makes the operation wait; that is tested by itself.
        if account.updated_at >= REFERENCE_TIME - 2:
            return
        # While a lost request may still come, no second one leaves; that is tested by itself too.
        time.sleep(self.session.vault.seconds_until_over(account.id))
        self.make(
            trouble,
            lambda client, intend: regenerate_token(client, account.id, name, intend),
            waited_for=waited_for,
        )

    @precondition(lambda self: self.session.unstored_tokens)
    @rule(which=st.integers(0, 9))
    def store(self, which: int) -> None:
        tokens = self.session.unstored_tokens
        token = tokens[which % len(tokens)]
        self.session.vault.release(token)
        self.stored.add(token.secret.get_secret_value())

    @precondition(lambda self: self.session.unstored_tokens)
    @rule(trouble=st.sampled_from(sorted(TROUBLES)), which=st.integers(0, 9), restricted=st.booleans())
    def put_into_a_secret(self, trouble: str, which: int, restricted: bool) -> None:
        """The organization drops restrictions, so that such a secret is deleted again."""
        tokens = self.session.unstored_tokens
        token = tokens[which % len(tokens)]
        self.secrets += 1
        name = f"secret-{self.secrets}"
        to = destination(f"secret:{name}{';only=payments-api' if restricted else ''}")
        assert to is not None
        self.strike(trouble, "POST", "DELETE")
        try:
            asyncio.run(deliver_token(self.session, token, to))
        except DeliveryError:
            assert token in self.session.unstored_tokens
            return
        assert not restricted
        found = self.server.organization.secret_store.named(name)
        assert found is not None
        assert list(found.env_vars.values()) == [token.secret.get_secret_value()]
        self.stored.add(token.secret.get_secret_value())

    @rule(trouble=st.sampled_from(sorted(TROUBLES)), which=st.integers(0, 1), back=st.booleans())
    def go_on_with_a_rotation(self, trouble: str, which: int, back: bool) -> None:
        """The next step, or the one before taken back."""
        store = OrganizationStore(self.session)
        asyncio.run(store.load_people(lambda: None))
        found = self.rotation(store, ROTATED[which])
        if found is None:
            return
        self.strike(trouble, *CHANGING)
        if found.stage == "begin":
            self.begin_rotation(store, found, trouble)
        elif found.stage == "rename":
            renaming = Renaming(self.session, found)
            assert found.twin is not None
            ended = self.carry_out(renaming.send, renaming.check)
            renamed = self.server.organization.service_account(found.twin.id)
            assert renamed is not None
            assert (ended == "done") == (renamed.name == found.old_name)
        else:
            self.hand_over(store, found, back=back)

    def rotation(self, store: OrganizationStore, name: str) -> Rotation | None:
        """How far an account is, by the lists; None once it is deleted and its twin was taken back."""
        under_way = rotations(store.people)
        accounts = self.server.organization.state.service_accounts.values()
        assert {each.id for each in accounts if each.description.startswith("Replaces ")} == {
            each.twin.id for each in under_way if each.twin
        }
        for each in under_way:
            if each.old_name == name:
                return each
        account = next((each for each in store.people.subjects if each.name == name), None)
        return Rotation(account.id, name, account) if account else None

    def carry_out(
        self, send: Callable[[], Coroutine[Any, Any, ChangeResult]], check: Callable[[], Coroutine[Any, Any, Any]]
    ) -> str:
        return asyncio.run(carry_out(self.session, send, check, lambda words: None)).outcome

    def begin_rotation(self, store: OrganizationStore, found: Rotation, trouble: str) -> None:
        old, session = found.old, self.session
        assert old is not None
        name = twin_name(old, store.people, session.context.host, session.history.entries())
        creation = TwinCreation(store, old, name)
        self.asked += 1
        ended = self.carry_out(lambda: creation.send(None), creation.check)
        made = self.server.organization.service_account_named(name)
        assert made is None or made.description.startswith("Replaces ")
        if ended != "unknown":
            assert (ended == "done") == (made is not None)
        if trouble in ARRIVES and made is not None:
            self.arrived.add(self.newest())

    def hand_over(self, store: OrganizationStore, found: Rotation, *, back: bool) -> None:
        old, twin, session = found.old, found.twin, self.session
        assert old is not None
        assert twin is not None
        lacking = missing(found, store.people, session.history.entries())
        if found.stage == "hand over" and not back and lacking.words:
            asyncio.run(give(session, twin, lacking))
        elif (found.stage == "hand over") != back:
            ended = self.carry_out(lambda: switch(session, old), lambda: check_switched(session, old))
            now = self.server.organization.service_account(old.id)
            assert now is not None
            assert (ended == "done") == (now.deactivated != (old.state == "deactivated"))
        else:
            gone = old if found.stage == "watch" else twin
            deletion = AccountDeletion(session, gone, lambda _: None)
            ended = self.carry_out(deletion.send, deletion.check)
            assert (ended == "done") == (self.server.organization.service_account(gone.id) is None)

    @rule()
    def leave_and_come_back(self) -> None:
        self.session.close()
        assert self.session.failures == []
        self.open()

    @invariant()
    def every_token_that_arrived_is_in_one_place(self) -> None:
        held = {each.secret.get_secret_value() for each in self.session.unstored_tokens}
        rescued = [path.read_text().strip() for path in self.place.glob("*.token")]
        assert len(rescued) == len(set(rescued))
        assert self.stored | held | set(rescued) == self.arrived
        assert not held & set(rescued)

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        asking = ("/service_accounts", "/regenerate_token")
        made = [each for each in self.server.requests if each.method == "POST" and each.path.endswith(asking)]
        assert len(made) <= self.asked
        put = [each.body for each in self.server.requests if each.method == "POST" and each.path.endswith("/secrets")]
        assert len(put) == len(set(put))

    @invariant()
    def no_account_is_doubled(self) -> None:
        accounts = self.server.organization.state.service_accounts.values()
        assert len({each.name for each in accounts}) == len(accounts)
        replaced = [each.description for each in accounts if each.description.startswith("Replaces ")]
        assert len(set(replaced)) == len(replaced)

    @invariant()
    def records_tell_what_is_open_and_no_secret(self) -> None:
        records = [path.read_text() for path in self.place.glob("unfinished-*")]
        assert len(records) >= len(self.session.unstored_tokens)
        for record in records:
            assert not any(token in record for token in self.arrived)

    def teardown(self) -> None:
        self.session.close()
        self.stack.close()


TestCustody = Custody.TestCase


class Editor(RuleBasedStateMachine):
    """Two people edit one account. What the other one did while our form was open is never replaced unseen."""

    texts = st.sampled_from(["one", "two", "three"])

    @initialize()
    def begin(self) -> None:
        self.stack = contextlib.ExitStack()
        self.server = self.stack.enter_context(DemoServer(clock=lambda: float(REFERENCE_TIME)))
        self.id = self.server.organization.create_service_account("one", "one")[0].id
        self.opened = ("one", "one")
        self.seen: dict[str, str] = {}

    def now(self) -> tuple[str, str]:
        account = self.server.organization.service_account(self.id)
        assert account is not None
        return account.name, account.description

    @rule()
    def open_the_form(self) -> None:
        self.opened = self.now()

    @rule(name=texts)
    def they_rename(self, name: str) -> None:
        self.server.organization.edit_service_account(self.id, name=name)

    @rule(description=texts)
    def they_describe(self, description: str) -> None:
        self.server.organization.edit_service_account(self.id, description=description)

    @rule(name=st.none() | texts, description=st.none() | texts)
    def we_save(self, name: str | None, description: str | None) -> None:
        before, ours, theirs = self.opened, (name, description), self.now()

        async def save() -> bool:
            client = SemaphoreClient(self.server.address, self.server.tokens["owner"], limits=QUICK)
            async with contextlib.aclosing(client):
                try:
                    await conflicts.account_unchanged(client, self.id, before, ours)
                except ConflictError:
                    return False
                if ours != (None, None):
                    await client.update_service_account(self.id, name=name, description=description)
                return True

        saved = asyncio.run(save())
        lost = [
            asked is not None and they not in (was, asked)
            for was, asked, they in zip(before, ours, theirs, strict=True)
        ]
        assert saved == (not any(lost))
        expected = tuple(they if asked is None else asked for asked, they in zip(ours, theirs, strict=True))
        assert self.now() == (expected if saved else theirs)
        self.opened = self.now() if saved else self.opened

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()


TestEditor = Editor.TestCase

# Listing

PER_PAGE = 4


@contextlib.contextmanager
def small_pages() -> Iterator[None]:
    """Lists that fill several pages without hundreds of rows."""
    sizes = SemaphoreClient.accounts_per_page, SemaphoreClient.members_per_page
    SemaphoreClient.accounts_per_page = SemaphoreClient.members_per_page = PER_PAGE
    try:
        yield
    finally:
        SemaphoreClient.accounts_per_page, SemaphoreClient.members_per_page = sizes


@given(
    edition=st.sampled_from(["ee", "ce"]),
    name=st.sampled_from(["accounts", "users"]),
    events=st.lists(
        st.tuples(st.sampled_from(["delete", "create", "nothing", "lose"]), st.integers(0, 30)), max_size=14
    ),
)
def test_a_list_is_whole_or_says_that_it_is_not(edition: Any, name: Any, events: list[tuple[str, int]]) -> None:
    """Between any two requests a row may go or come, and an answer may be lost."""
    script = iter(events)
    with DemoServer(edition=edition, clock=lambda: float(REFERENCE_TIME)) as server, Wire(server.address) as wire:
        organization = server.organization

        def rows() -> set[str]:
            if name == "accounts":
                return set(organization.state.service_accounts)
            return {one for one in organization.state.org_bindings if one in organization.state.people}

        throughout = rows()
        turn, numbers = threading.Lock(), itertools.count()

        def play(line: Line) -> None:
            # Four pages are asked for at the same time; what happens between them happens one by one.
            with turn:
                what, which = next(script, ("nothing", 0))
                answer = line.commit()
                present = sorted(rows())
                # The caller's own row stays: without it nothing may be asked.
                if what == "delete" and len(present) > 2:
                    victim = present[which % len(present)]
                    if name == "accounts":
                        organization.delete_service_account(victim)
                    elif victim != organization.token_holder(server.tokens["owner"]):
                        organization.remove_member(victim)
                elif what == "create" and name == "accounts":
                    organization.create_service_account(f"new-{next(numbers)}")
                throughout.intersection_update(rows())
            line.send(answer if what != "lose" else b"")

        wire.strike(Strike(play, ("GET",), "done", None))

        async def load() -> set[str] | None:
            client = SemaphoreClient(f"http://127.0.0.1:{wire.port}", server.tokens["owner"], limits=QUICK)

            async def read(call: Callable[[SemaphoreClient], Coroutine[Any, Any, T]]) -> T:
                return await call(client)

            async with contextlib.aclosing(client):
                try:
                    return {item.id for item in await load_complete(read, name)}
                except NoAnswerError:
                    return None

        with small_pages():
            found = asyncio.run(load())
        if found is not None:
            assert throughout <= found, f"missed {throughout - found}"
