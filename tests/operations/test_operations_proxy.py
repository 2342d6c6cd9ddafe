"""The deployed wiring, for real: Caddy with the deployed Caddyfile, the broker on the compose file's settings, PostgreSQL."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from operations_stack import Authority, Doorway, Member, Stack, member
from rich.console import Console

from fakes.databases import fresh_postgresql
from sluis.client import SluisClient
from sluis.client.keys import ASSERTION_TYPE
from sluis.demo import stories
from sluis.demo.region import ORGANISATIONS
from sluis.demo.showing import Show
from sluis.demo.stories import AMBULANCE, CLINIC, HOUSING, POLICE, Teller

QUESTION: dict[str, object] = {
    "doel": "zvh-casus",
    "vrager": "politie",
    "verstrekker": "ggz",
    "casusstatus": "opgenomen",
    "gegevens": ["gezondheid.functioneel"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A running stack with its members registered."""

    stack: Stack
    door: Doorway
    authority: Authority
    members: Mapping[str, Member]
    broker: ExitStack

    def clients(self) -> dict[str, SluisClient]:
        return {name: one.client(self.door) for name, one in self.members.items()}

    def restart(self) -> None:
        """Stop the broker and start it again; the proxy stays."""
        self.broker.close()
        self.broker.enter_context(self.stack.broker())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("stack")
    # As the server of the tests names its databases, and as the settings take an address: without a password in it.
    stack = Stack(folder=folder, database=fresh_postgresql().replace("postgres:@", "postgres@"))
    authority = Authority(folder / "authority")
    wanted = (AMBULANCE, CLINIC, HOUSING, POLICE)
    members = {
        one.id: member(one, number, authority, folder / "partners")
        for number, one in enumerate(ORGANISATIONS, 1)
        if one.id in wanted
    }
    for one in members.values():
        stack.sluis("partner", "register", str(one.partner_file))
        stack.sluis("partner", "employees", one.organisation.id, str(one.people_file))
    with ExitStack() as broker:
        broker.enter_context(stack.broker())
        with stack.proxy(authority) as door:
            yield World(stack=stack, door=door, authority=authority, members=members, broker=broker)


def header_of(certificate: Path) -> str:
    """What a proxy would write about that certificate (RFC 9440)."""
    der = ssl.PEM_cert_to_DER_cert(certificate.read_text(encoding="ascii"))
    return f":{base64.b64encode(der).decode('ascii')}:"


def bearer(world: World) -> dict[str, str]:
    """A token that the police got with its certificate."""
    with world.members[POLICE].client(world.door) as police:
        return {"Authorization": f"Bearer {police.token()}"}


def ask(http: httpx2.Client, world: World, headers: Mapping[str, str]) -> httpx2.Response:
    return http.post(f"{world.door.url}/v1/verzoeken/_toets", json=QUESTION, headers=dict(headers))


def test_a_partner_with_a_certificate_gets_a_token_and_a_dry_run(world: World) -> None:
    with world.members[POLICE].client(world.door) as police:
        answer = police.post("/v1/verzoeken/_toets", QUESTION)
    assert answer.status_code == 200, answer.text
    assert answer.headers["strict-transport-security"]


def test_an_emergency_goes_all_the_way_through_the_proxy_and_its_proof_comes_back(world: World) -> None:
    tell = Teller(world.clients(), Show(Console(quiet=True)))
    release = stories.emergency(tell)
    assert stories.own_register(tell, release)


def test_a_token_without_its_certificate_is_worth_nothing(world: World) -> None:
    token = bearer(world)
    with world.door.http() as nobody, world.door.http(world.authority.issue("somebody-else")) as other:
        assert ask(nobody, world, token).status_code == 401
        assert ask(other, world, token).status_code == 401


def test_a_spoofed_certificate_header_is_overwritten(world: World) -> None:
    token = bearer(world)
    spoofed = header_of(world.members[POLICE].certificate)
    names = ("Client-Cert", "client-cert", "CLIENT-CERT", "Client_Cert", "X-Client-Cert", "X-Forwarded-Client-Cert")
    with world.door.http() as nobody, world.door.http(world.authority.issue("another")) as other:
        for name in names:
            assert ask(nobody, world, {**token, name: spoofed}).status_code == 401, name
            assert ask(other, world, {**token, name: spoofed}).status_code == 401, name


def test_a_spoofed_header_gets_no_token_either(world: World) -> None:
    police = world.members[POLICE]
    spoofed = {"Client-Cert": header_of(police.certificate)}
    with police.client(world.door) as client, world.door.http() as nobody:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": police.key.assertion(POLICE, world.door.url, client.clock()),
        }
        answer = nobody.post(f"{world.door.url}/oauth2/token", data=form, headers=spoofed)
    assert answer.status_code == 400, answer.text
    assert "access_token" not in answer.json()


def test_the_broker_itself_believes_the_header_from_its_proxy_only(world: World) -> None:
    """The header is worth something when it comes from the listed address: that is why nothing else may reach the broker."""
    token = bearer(world)
    right = header_of(world.members[POLICE].certificate)
    direct = f"http://127.0.0.1:{world.stack.broker_port}/v1/verzoeken/_toets"
    with httpx2.Client() as here, httpx2.Client(transport=httpx2.HTTPTransport(local_address="127.0.0.2")) as stranger:
        assert here.post(direct, json=QUESTION, headers={**token, "Client-Cert": right}).status_code == 200
        assert stranger.post(direct, json=QUESTION, headers={**token, "Client-Cert": right}).status_code == 401


def test_a_certificate_of_an_unknown_authority_breaks_the_handshake(world: World, tmp_path: Path) -> None:
    impostor = Authority(tmp_path / "impostor").issue(POLICE)
    with world.door.http(impostor) as http, pytest.raises(httpx2.TransportError):
        http.get(f"{world.door.url}/gezond")


def test_older_tls_is_refused(world: World) -> None:
    context = ssl.create_default_context(cafile=str(world.door.authority))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with httpx2.Client(verify=context) as http, pytest.raises(httpx2.TransportError):
        http.get(f"{world.door.url}/gezond")


def test_the_public_documents_need_no_certificate(world: World) -> None:
    with world.door.http() as anybody:
        for path in ("/v1/openapi.json", "/log/checkpoint", "/oauth2/jwks"):
            assert anybody.get(f"{world.door.url}{path}").status_code == 200, path


def test_a_restart_keeps_partners_tokens_and_log(world: World) -> None:
    with world.door.http() as anybody, world.members[POLICE].client(world.door) as police:
        assert police.post("/v1/verzoeken/_toets", QUESTION).status_code == 200
        before = anybody.get(f"{world.door.url}/log/checkpoint").text.splitlines()
        world.restart()
        after = anybody.get(f"{world.door.url}/log/checkpoint").text.splitlines()
        assert police.post("/v1/verzoeken/_toets", QUESTION).status_code == 200
    assert after[0] == before[0]
    assert int(after[1]) >= int(before[1])


def test_while_the_broker_is_away_the_proxy_answers_in_the_same_form(world: World) -> None:
    world.broker.close()
    try:
        with world.door.http() as anybody:
            answer = anybody.get(f"{world.door.url}/gezond")
    finally:
        world.broker.enter_context(world.stack.broker())
    assert answer.status_code in {502, 503}
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code


def test_a_revoked_partner_is_refused_from_the_next_call_on(world: World) -> None:
    with world.members[HOUSING].client(world.door) as housing:
        assert housing.post("/v1/verzoeken/_toets", QUESTION).status_code == 200
        world.stack.sluis("partner", "revoke", HOUSING)
        token = housing.token()
    with world.door.http(world.members[HOUSING].certificate) as http:
        assert ask(http, world, {"Authorization": f"Bearer {token}"}).status_code == 401
