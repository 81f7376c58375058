"""What holds a secret shows none of it to whoever prints it, logs it or reads it in a crash report."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import fields, is_dataclass

import pytest
from pydantic import SecretStr

import semtui.api
from semtui.api.models import NewToken
from semtui.api.proxies import Proxy
from semtui.api.secret_models import Secret, SecretContent, SecretEntry
from semtui.api.token_response import TokenCapture, read_answer, search
from semtui.api.transport import Answer, Transport

SECRET = "sa_token_0123456789"
ANSWER = f'{{"api_token":"{SECRET}","service_account":{{"id":"a"}}}}'.encode()
ANYTHING_SECRET = {
    "digest",
    "env_vars",
    "files",
    "user",
    "password",
    "body",
    "tokens",
    "secret",
    "api_token",
    "received",
}


def full_capture() -> TokenCapture:
    capture = TokenCapture(lambda token: None, "a", "crew")
    capture.add(ANSWER)
    return capture


HOLDERS: dict[str, object] = {
    "what to put into a secret": SecretContent((("TOKEN", SecretStr(SECRET)),), (("/x", SecretStr(SECRET)),)),
    "a variable of a secret": SecretEntry("TOKEN", SECRET),
    "a secret": Secret("s", env_vars=(SecretEntry("TOKEN", SECRET),), files=(SecretEntry("/x", SECRET),)),
    "a proxy": Proxy("https_proxy", "http", "proxy.example.com:3128", user=SECRET, password=SECRET),
    "an answer": Answer(200, ANSWER, location=f"https://example.com/?token={SECRET}"),
    "what was read of an answer": read_answer(ANSWER, bare=False),
    "what was found in bytes": search(ANSWER),
    "an answer as it arrives": full_capture(),
    "a new token": NewToken("a", "crew", SecretStr(SECRET)),
    "what sends requests": Transport("http://127.0.0.1:1", SECRET),
}


@pytest.mark.parametrize("name", HOLDERS)
def test_nothing_secret_is_in_a_repr(name: str) -> None:
    holder = HOLDERS[name]
    for printed in (repr(holder), str(holder), repr([holder]), f"{holder}"):
        assert SECRET not in printed
        assert "api_token" not in printed


def test_no_holder_of_secrets_is_forgotten() -> None:
    modules = [importlib.import_module(f"semtui.api.{each.name}") for each in pkgutil.iter_modules(semtui.api.__path__)]
    found = {
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and is_dataclass(kind) and ANYTHING_SECRET & {each.name for each in fields(kind)}
    }
    assert found <= {type(holder) for holder in HOLDERS.values()}


def test_no_holder_of_secrets_is_a_plain_tuple() -> None:
    for holder in HOLDERS.values():
        assert not isinstance(holder, tuple)
