"""Which proxy stands between, told on the screen as the client uses it."""

from __future__ import annotations

import os

import pytest

from semtui.api.hosts import is_loopback
from semtui.api.proxies import shown_proxy

ORIGIN = "https://acme.semaphoreci.com"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("variables", "origin", "shown"),
    [
        ({}, ORIGIN, ""),
        ({"https_proxy": "http://proxy.corp:3128"}, ORIGIN, "proxy.corp:3128"),
        ({"https_proxy": "http://pam:s3cret@proxy.corp:3128"}, ORIGIN, "proxy.corp:3128"),
        ({"all_proxy": "proxy.corp:3128"}, ORIGIN, "proxy.corp:3128"),
        ({"http_proxy": "http://proxy.corp:3128"}, ORIGIN, ""),
        ({"https_proxy": "http://proxy.corp:3128", "no_proxy": ".semaphoreci.com"}, ORIGIN, ""),
        ({"https_proxy": "http://proxy.corp:3128"}, "https://127.0.0.1:8443", ""),
        ({"https_proxy": "http://proxy.corp:3128"}, "https://[::1]:8443", ""),
    ],
)
def test_the_proxy_is_named_without_who_may_use_it(
    variables: dict[str, str], origin: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert shown_proxy(origin, os.environ) == shown


@pytest.mark.parametrize("name", ["localhost.example.com", "127.example.com", "10.0.0.1"])
def test_a_name_that_only_begins_like_this_computer_is_another(name: str) -> None:
    assert not is_loopback(name)
