"""A token put into a secret of Semaphore: tried out before there is a token, verified after, and never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import NotSentError, OutcomeUnknownError
from semtui.api.models import NewToken
from semtui.changes.recovery import check_unfinished
from semtui.changes.token_delivery import deliver_token, require_deliverable
from semtui.demo.faults import Fault
from semtui.demo.records import AccessPolicy, SecretRecord
from semtui.demo.secret_content import ACCESS_POLICY, EXPOSED_CONTENT, PROJECT_SECRETS
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.system.debug_log import DebugLog
from semtui.tokens.delivery import DeliveryError, DeliveryUnknownError, Destination, destination
from semtui.tokens.journal import Intent
from semtui.tokens.secret_place import SecretPlace, secret_place
from tests.conftest import QUICK, SessionOf, writes

pytestmark = pytest.mark.anyio
V2 = "public_api_v1"
SECRETS, SHOP_SECRETS = "/api/v1beta/secrets", "/api/v1/projects/*/secrets"


def place(typed: str) -> Destination:
    found = destination(typed)
    assert found is not None
    assert found.secret is not None
    return found


async def new_token(session: Session) -> NewToken:
    async def create(client: object, intend: object) -> NewToken:
        from semtui.changes.create_account import create_account

        return await create_account(client, "crew", "", intend)  # type: ignore[arg-type]

    return await session.make_token(create, name="crew")


def stored(server: DemoServer, name: str, project: str = "") -> SecretRecord:
    found = server.organization.secret_store.named(name, project)
    assert found is not None, f"there is no secret {name}"
    return found


def sent_about_secrets(server: DemoServer) -> list[str]:
    return [method for method, path, _ in writes(server) if "/secrets" in path]


def owned_token(server: DemoServer) -> str:
    account = server.organization.service_account_named("crew")
    assert account is not None
    return server.organization.token_of(account.id) or ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("deploy-token", SecretPlace("deploy-token")),
        ("web-storefront/deploy", SecretPlace("deploy", "web-storefront")),
        ("deploy=TOKEN", SecretPlace("deploy", entry="TOKEN")),
        ("shop/deploy=/home/semaphore/.token", SecretPlace("deploy", "shop", "/home/semaphore/.token")),
        ("deploy;only=a,b", SecretPlace("deploy", only=("a", "b"))),
        ("shop/deploy=TOKEN;replace", SecretPlace("deploy", "shop", "TOKEN", way="replace")),
        ("deploy;recreate", SecretPlace("deploy", way="recreate")),
    ],
)
def test_what_is_typed_names_a_secret_and_reads_back_the_same(typed: str, meant: SecretPlace) -> None:
    assert secret_place(typed) == meant
    assert destination(f" secret:{typed} ") == Destination(secret=meant)
    assert meant.typed == f"secret:{typed}"
    assert meant.mistake == ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "A name for the secret is needed"),
        ("a/b/c", "Semaphore takes only letters"),
        ("no<name", "Semaphore takes only letters"),
        ("00000000-0000-4000-8000-000000000000", "takes no name for a secret that contains an id"),
        ("deploy=MY-TOKEN", "MY-TOKEN can be no variable"),
        ("deploy;once", "“once” means nothing here"),
        ("deploy;only=,", "“only=,” means nothing here"),
        (" /deploy", "A project is needed before the /"),
        ("shop/deploy;only=a", "only= is for a new secret of the organization"),
        ("aws-production", "There is the secret aws-production of the organization already. It also holds "),
        ("deployer-token", "add ;replace to replace it at once, where Semaphore can; or ;recreate, which deletes it"),
        ("deployer-token;replace", "switched on neither of the two ways"),
        ("nowhere;replace", "There is no secret nowhere of the organization to replace."),
        ("aws-production;recreate", "whose values cannot be read and would be lost"),
        ("no-such-project/deploy", "There is no project no-such-project that you may see."),
        ("deploy;only=no-such-project", "There is no project no-such-project that you may see."),
    ],
)
async def test_a_secret_that_would_not_take_it_is_refused_before_there_is_a_token(
    session: Session, server: DemoServer, typed: str, words: str
) -> None:
    with pytest.raises(NotSentError) as caught:
        await require_deliverable(session, place(f"secret:{typed}"))
    assert words in str(caught.value)
    assert str(caught.value).endswith("Nothing was sent.")
    assert sent_about_secrets(server) == []


@pytest.mark.parametrize(
    ("who", "typed", "words"),
    [
        ("support", "secret:deploy", "No token was asked for."),
        ("support", "secret:payments-api/deploy", "There is no project payments-api that you may see."),
    ],
)
async def test_without_the_right_no_token_is_asked_for(
    session_of: SessionOf, server: DemoServer, who: str, typed: str, words: str
) -> None:
    with pytest.raises(NotSentError, match=words):
        await require_deliverable(session_of(who), place(typed))
    assert sent_about_secrets(server) == []


@pytest.mark.parametrize("features", [set(), {V2}, {EXPOSED_CONTENT}], ids=["as shipped", "v2", "exposed"])
@pytest.mark.parametrize(
    ("typed", "project", "entry"),
    [("secret:deploy", "", ""), ("secret:web-storefront/deploy=/home/semaphore/token", "web-storefront", "file")],
)
async def test_the_secret_holds_this_token_and_how_that_is_known_is_said(
    session: Session, server: DemoServer, features: set[str], typed: str, project: str, entry: str
) -> None:
    server.organization.features |= features
    await require_deliverable(session, place(typed))
    token = await new_token(session)
    words = await deliver_token(session, token, place(typed))
    found = stored(server, "deploy", project)
    secret = token.secret.get_secret_value()
    if entry:
        import base64

        assert found.files == {"/home/semaphore/token": base64.b64encode(secret.encode()).decode()}
    else:
        assert found.env_vars == {"SEMAPHORE_API_TOKEN": secret}
    how = "checked by its checksum" if features else "seen there; Semaphore does not show what is in it"
    assert words.endswith(how)
    assert session.unstored_tokens == ()
    (last,) = [entry for entry in session.history.entries() if entry.change.kind == "secret"]
    assert (last.outcome, last.change.name) == ("done", "deploy")


@pytest.mark.parametrize("features", [set(), {ACCESS_POLICY}], ids=["dropped", "kept"])
async def test_a_restriction_that_is_dropped_takes_the_secret_with_it(
    session: Session, server: DemoServer, features: set[str]
) -> None:
    server.organization.features |= features
    token = await new_token(session)
    to = place("secret:deploy;only=payments-api")
    if features:
        await deliver_token(session, token, to)
        project = server.organization.project_named("payments-api")
        assert project is not None
        assert stored(server, "deploy").policy == AccessPolicy(
            all_projects=False, project_ids=[project.id], debug=True, attach=True
        )
        return
    with pytest.raises(DeliveryError, match="it is deleted again"):
        await deliver_token(session, token, to)
    assert server.organization.secret_store.named("deploy") is None
    server.inject(Fault("DELETE", f"{SECRETS}/*", status=500))
    with pytest.raises(DeliveryError, match="could not be deleted again"):
        await deliver_token(session, token, to)
    assert session.unstored_tokens == (token,)


@pytest.mark.parametrize("typed", ["secret:deploy", "secret:web-storefront/deploy"])
@pytest.mark.parametrize("arrived", [True, False])
async def test_a_lost_answer_is_looked_up_by_name(
    session: Session, server: DemoServer, typed: str, arrived: bool
) -> None:
    token = await new_token(session)
    path = SHOP_SECRETS if "/" in typed else SECRETS
    server.inject(Fault("POST", path, "drop_after" if arrived else "drop_before"))
    if not arrived:
        with pytest.raises(DeliveryError, match="the request did not arrive"):
            await deliver_token(session, token, place(typed))
        assert session.unstored_tokens == (token,)
    words = await deliver_token(session, token, place(typed))
    assert "seen there" in words
    assert session.unstored_tokens == ()
    secret = stored(server, "deploy", "web-storefront" if "/" in typed else "")
    assert secret.env_vars["SEMAPHORE_API_TOKEN"] == token.secret.get_secret_value()
    assert sent_about_secrets(server) == (["POST"] if arrived else ["POST", "POST"])


async def test_what_stays_unknown_keeps_the_token_and_a_second_try_recognizes_its_own(
    session: Session, server: DemoServer
) -> None:
    server.organization.features.add(V2)
    token = await new_token(session)
    await require_deliverable(session, place("secret:deploy"))
    server.inject(Fault("POST", SECRETS, "drop_after"))
    server.inject(Fault("GET", f"{SECRETS}/deploy", kind="status", status=404, body='{"code":5,"message":"Secret"}'))
    server.inject(Fault("GET", f"{SECRETS}/deploy", status=500, times=None))
    with pytest.raises(DeliveryUnknownError, match="Unknown whether the secret deploy is there") as caught:
        await deliver_token(session, token, place("secret:deploy"))
    assert "  " not in str(caught.value)
    assert session.unstored_tokens == (token,)
    server.clear_faults()
    assert "checked by its checksum" in await deliver_token(session, token, place("secret:deploy"))
    assert sent_about_secrets(server) == ["POST"]


async def test_somebody_elses_secret_of_that_name_is_left_alone(session: Session, server: DemoServer) -> None:
    server.organization.features.add(V2)
    token = await new_token(session)
    server.organization.secret_store.add("", "deploy", ({"SEMAPHORE_API_TOKEN": "theirs"}, {}), "")
    with pytest.raises(DeliveryError, match=r"already\..*The token is still here\."):
        await deliver_token(session, token, place("secret:deploy"))
    assert stored(server, "deploy").env_vars == {"SEMAPHORE_API_TOKEN": "theirs"}
    assert session.unstored_tokens == (token,)


@pytest.mark.parametrize("lost", [False, True], ids=["well", "lost"])
@pytest.mark.parametrize(
    ("features", "way", "sent"),
    [({EXPOSED_CONTENT}, "replace", ["PATCH"]), ({V2}, "replace", ["PUT"]), (set(), "recreate", ["DELETE", "POST"])],
    ids=["patch", "v2", "recreate"],
)
@pytest.mark.parametrize(
    ("typed", "name", "project"),
    [
        ("secret:deployer-token", "deployer-token", ""),
        ("secret:web-storefront/storefront-deploy=DEPLOY_TOKEN", "storefront-deploy", "web-storefront"),
    ],
)
async def test_a_secret_in_use_is_replaced_by_the_way_that_was_chosen(
    session: Session,
    server: DemoServer,
    features: set[str],
    way: str,
    sent: list[str],
    lost: bool,
    typed: str,
    name: str,
    project: str,
) -> None:
    server.organization.features |= features
    to = place(f"{typed};{way}")
    await require_deliverable(session, to)
    token = await new_token(session)
    if lost:
        for method in sent:
            server.inject(Fault(method, "*/secrets*", "drop_after"))
    await deliver_token(session, token, to)
    assert list(stored(server, name, project).env_vars.values()) == [token.secret.get_secret_value()]
    assert sent_about_secrets(server) == sent
    assert session.unstored_tokens == ()


async def test_a_gap_that_stays_open_is_said(session: Session, server: DemoServer) -> None:
    token = await new_token(session)
    server.inject(Fault("POST", SECRETS, status=503))
    with pytest.raises(DeliveryError, match="jobs that name it cannot start until it exists again"):
        await deliver_token(session, token, place("secret:deployer-token;recreate"))
    assert session.unstored_tokens == (token,)
    server.inject(Fault("POST", SECRETS, status=400, body='{"code":3,"message":"no"}'))
    with pytest.raises(DeliveryError, match="It is not in the secret deployer-token of the organization"):
        await deliver_token(session, token, place("secret:deployer-token"))
    await deliver_token(session, token, place("secret:deployer-token"))
    assert not session.unstored_tokens


async def test_nothing_of_an_answer_is_logged(server: DemoServer, context: Context, tmp_path: Path) -> None:
    """Where values are exposed, the answer to every request about a secret holds the token in clear."""
    server.organization.features |= {EXPOSED_CONTENT, PROJECT_SECRETS}
    log = DebugLog({}, tmp_path)
    with Session(context, SessionOptions(limits=QUICK, rescue_directory=tmp_path, log=log)) as session:
        token = await new_token(session)
        server.inject(Fault("POST", SECRETS, "truncate"))
        await deliver_token(session, token, place("secret:unlogged"))
        server.inject(Fault("POST", SHOP_SECRETS, status=500, body=owned_token(server)))
        with pytest.raises((DeliveryError, OutcomeUnknownError)) as caught:
            await deliver_token(session, token, place("secret:web-storefront/unlogged"))
    log.close()
    assert owned_token(server) not in str(caught.value)
    logged = log.path.read_text()
    assert "/secrets" in logged
    for unwanted in (owned_token(server), "unlogged", "SEMAPHORE_API_TOKEN"):
        assert unwanted not in logged


async def test_after_a_kill_a_project_that_is_gone_is_not_taken_for_nothing_sent(client: SemaphoreClient) -> None:
    intent = Intent(
        "acme.example.com", "account-id", "terraform", begun_at=0.0, secret="secret:gone/deploy", arrived=True
    )
    found = await check_unfinished(client, intent)
    assert found.outcome == "unknown"
    assert found.sentence.startswith("Unknown whether the secret deploy of gone took it: ")
    assert "Nothing was sent" not in found.sentence
