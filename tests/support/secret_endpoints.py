"""Every request about secrets; see `endpoints`."""

from __future__ import annotations

from semtui.api.secret_models import SecretPolicy
from semtui.changes import secret_writes
from tests.support.endpoint_world import CONTENT, NEW, Act, Write

SECRET_WRITES = (
    Write(
        "create secret",
        lambda client, world: client.create_secret(NEW, CONTENT),
        lambda world: world.organization.secret_store.named(NEW) is not None,
        lambda client, world: secret_writes.check_secret_creation(client, NEW, CONTENT),
    ),
    Write(
        "create restricted secret",
        lambda client, world: client.create_secret(NEW, CONTENT, policy=SecretPolicy("NONE")),
        lambda world: world.organization.secret_store.named(NEW) is not None,
        lambda client, world: secret_writes.check_secret_creation(client, NEW, CONTENT),
    ),
    Write(
        "create project secret",
        lambda client, world: client.create_secret(NEW, CONTENT, project_id=world.shop),
        lambda world: world.organization.secret_store.named(NEW, "web-storefront") is not None,
        lambda client, world: secret_writes.check_secret_creation(client, NEW, CONTENT, world.shop),
    ),
    Write(
        "replace secret",
        lambda client, world: client.replace_secret(world.secret, CONTENT),
        lambda world: world.holds(world.secret),
        lambda client, world: secret_writes.check_secret_replacement(client, world.secret, CONTENT),
    ),
    Write(
        "replace project secret",
        lambda client, world: client.replace_secret(world.shop_secret, CONTENT),
        lambda world: world.holds(world.shop_secret),
        lambda client, world: secret_writes.check_secret_replacement(client, world.shop_secret, CONTENT),
    ),
    Write(
        "replace secret by v2",
        lambda client, world: client.replace_secret_v2(world.secret, CONTENT),
        lambda world: world.holds(world.secret),
        lambda client, world: secret_writes.check_secret_replacement(client, world.secret, CONTENT, v2=True),
    ),
    Write(
        "replace project secret by v2",
        lambda client, world: client.replace_secret_v2(world.shop_secret, CONTENT),
        lambda world: world.holds(world.shop_secret),
        lambda client, world: secret_writes.check_secret_replacement(client, world.shop_secret, CONTENT, v2=True),
    ),
    Write(
        "delete secret",
        lambda client, world: client.delete_secret(world.secret.id),
        lambda world: world.organization.secret_store.named("aws-production") is None,
        lambda client, world: secret_writes.check_secret_deletion(client, world.secret.id, "aws-production"),
    ),
    Write(
        "delete project secret",
        lambda client, world: client.delete_secret(world.shop_secret.id, world.shop),
        lambda world: world.organization.secret_store.named("storefront-deploy", "web-storefront") is None,
        lambda client, world: secret_writes.check_secret_deletion(
            client, world.shop_secret.id, "storefront-deploy", world.shop
        ),
    ),
)

SECRET_READS: dict[str, Act] = {
    "secrets": lambda client, world: client.list_secrets(),
    "one secret": lambda client, world: client.describe_secret("aws-production"),
    "project secrets": lambda client, world: client.list_secrets(world.shop),
    "one project secret": lambda client, world: client.describe_secret(world.shop_secret.id, world.shop),
    "the right to secrets": lambda client, world: client.check_secrets_right(),
    "secrets by v2": lambda client, world: client.list_secrets_v2(),
    "one secret by v2": lambda client, world: client.describe_secret_v2("aws-production"),
    "project secrets by v2": lambda client, world: client.list_secrets_v2(world.shop),
}
