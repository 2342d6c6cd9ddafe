"""oidc-provider, a certified provider, logs an officer in and out again."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
import uvicorn
from identity_node import SCRIPTS, environment, node_modules, running
from identity_officers import Portal
from identity_world import ISSUER, RealClock, signing_directory
from starlette.testclient import TestClient

from sluis.identity.provider import EIDAS, ProviderRules
from sluis.identity.signing_keys import SigningKeys

pytestmark = pytest.mark.node
BACK = f"{ISSUER}/portaal/terug"


@contextmanager
def provider(logout: str) -> Iterator[str]:
    """The issuer of a running oidc-provider."""
    node_modules()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    jwks = json.dumps(SigningKeys(signing_directory(), RealClock()).jwks())
    env = environment(PORT=str(port), CLIENT_JWKS=jwks, REDIRECT=BACK, LOGOUT=logout)
    with subprocess.Popen(
        ["node", str(SCRIPTS / "provider.mjs")], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = []
            for line in process.stdout:
                said.append(line)
                if line.strip() == "ready":
                    break
            else:
                pytest.fail("".join(said))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def through(browser: TestClient, outside: httpx2.Client) -> httpx2.Response:
    """Begin at the portal, go wherever the provider sends, and come back to the portal."""
    url = browser.get("/portaal/aanmelden").headers["location"]
    for _ in range(10):
        answer = outside.get(url)
        assert answer.is_redirect, answer.text
        url = str(answer.url.join(answer.headers["location"]))
        if url.startswith(BACK):
            return browser.get(url)
    raise AssertionError(url)


def test_oidc_provider_logs_an_officer_in_and_out() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    ours = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with provider(f"{ours}/portaal/afmelden/aanbieder") as issuer:
        portal = Portal(ProviderRules(issuer=issuer, client_id="sluis", redirect_uri=BACK), real=True)
        with running(uvicorn.Config(portal.app, proxy_headers=False, log_config=None, lifespan="off"), listening):
            browser, outside = portal.browser(), httpx2.Client()
            answer = through(browser, outside)
            assert answer.status_code == 303, portal.reports
            assert browser.get("/portaal").json()["rollen"] == ["privacy-officer"]
            assert browser.get("/portaal").json()["wie"] == f"{issuer}|noor"

            # the provider ends the session, and tells us
            form = outside.get(f"{issuer}/session/end")
            found = re.search(r'name="xsrf" value="([^"]+)"', form.text)
            assert found is not None, form.text
            outside.post(f"{issuer}/session/end/confirm", data={"xsrf": found[1], "logout": "yes"})
            assert browser.get("/portaal").status_code == 401, portal.reports
    assert portal.reports == []


@pytest.mark.parametrize(
    ("headers", "reason"), [({"x-level": EIDAS[0]}, "level-too-low"), ({"x-account": "iemand"}, "no-role")], ids=["level", "role"]
)
def test_whoever_comes_at_too_low_a_level_or_without_a_role_stays_out(headers: dict[str, str], reason: str) -> None:
    with provider("http://127.0.0.1:9/weg") as issuer:
        portal = Portal(ProviderRules(issuer=issuer, client_id="sluis", redirect_uri=BACK), real=True)
        browser = portal.browser()
        assert through(browser, httpx2.Client(headers=headers)).status_code == 403
        assert portal.reports == [reason]
        assert browser.get("/portaal").status_code == 401
