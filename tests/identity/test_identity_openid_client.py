"""openid-client, a certified client, gets and uses tokens from a running broker over real TLS."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from identity_node import SCRIPTS, absent, environment, node_modules, running, wait_for
from identity_world import RealClock, World, partner, rsa_key
from starlette.types import ASGIApp

from sluis.app import broker
from sluis.demo.running import prepare
from sluis.identity.encoding import fingerprint
from sluis.identity.tls import CertificateProtocol, server_context
from sluis.wiring import open_keepers

pytestmark = pytest.mark.node
ROOT = Path(__file__).parent.parent.parent

EXPECTED = {
    "certificate: token type": "bearer",
    "certificate: right": 200,
    "certificate: other": 401,
    "certificate: none": 401,
    "certificate: in a header of our own": 401,
    "certificate: other, and a header of our own": 401,
    "certificate: as DPoP": 401,
    "certificate: none at the token endpoint": "invalid_request",
    "certificate: other at the token endpoint": "invalid_request",
    "dpop: token type": "dpop",
    "dpop: right": 200,
    "dpop: again": 200,
    "dpop: other key": 401,
    "dpop: as Bearer": 401,
    "introspection": True,
    "introspection after revocation": False,
    "certificate: revoked": 401,
}


class Authority:
    """A certificate authority of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sluis test CA")])
        self.write("ca.pem", self.sign(self.name, self.key, x509.BasicConstraints(ca=True, path_length=0)))

    def issue(self, name: str) -> bytes:
        """A certificate and key in files of that name; its DER."""
        key = ec.generate_private_key(ec.SECP256R1())
        addresses = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
        made = self.sign(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key, addresses)
        self.write(f"{name}.pem", made)
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (self.folder / f"{name}.key").write_bytes(key.private_bytes(*form))
        return made.public_bytes(serialization.Encoding.DER)

    def sign(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType) -> x509.Certificate:
        now = RealClock().now()
        builder = x509.CertificateBuilder(self.name, name, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(extension, critical=False).add_extension(identifier, critical=False)
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        return builder.add_extension(own, critical=False).sign(self.key, hashes.SHA256())

    def write(self, name: str, certificate: x509.Certificate) -> None:
        (self.folder / name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def region_in(folder: Path, issuer: str, nonces: bytes | None = None) -> World:
    """A broker's world with one partner, whose key and certificate are in files for the other program."""
    authority = Authority(folder)
    der = authority.issue("politie")
    authority.issue("ander")
    authority.issue("server")
    world = World(issuer=issuer, nonce_secret=nonces, clock=RealClock())
    world.directory.save(replace(partner("politie", rsa_key()), certificates=frozenset({fingerprint(der)})))
    (folder / "politie.json").write_text(json.dumps(rsa_key().as_dict(private=True)))
    return world


def seen_by_the_partner(issuer: str, folder: Path, **call: str) -> dict[str, object]:
    """What openid-client saw, check by check."""
    command = ["node", str(SCRIPTS / "partner.mjs")]
    env = environment(ISSUER=issuer, FOLDER=str(folder), **call)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def over_tls(app: ASGIApp, folder: Path) -> uvicorn.Config:
    """A server that ends TLS itself, with the certificates in that folder."""
    context = server_context(folder / "server.pem", folder / "server.key", folder / "ca.pem")

    def tls(*_: object) -> ssl.SSLContext:
        return context

    return uvicorn.Config(
        app,
        http=CertificateProtocol,
        ssl_context_factory=tls,
        proxy_headers=False,
        server_header=False,
        log_config=None,
        lifespan="off",
    )


@pytest.mark.parametrize("nonces", [None, b"n" * 32], ids=["plain", "with server nonces"])
def test_openid_client_gets_and_uses_both_kinds_of_token(tmp_path: Path, nonces: bytes | None) -> None:
    node_modules()
    listening = socket.create_server(("127.0.0.1", 0))
    issuer = f"https://localhost:{listening.getsockname()[1]}"
    world = region_in(tmp_path, issuer, nonces)
    app = world.replica().fronted(frozenset())
    with running(over_tls(app, tmp_path), listening):
        assert seen_by_the_partner(issuer, tmp_path) == EXPECTED


def test_openid_client_gets_and_uses_both_kinds_of_token_at_the_whole_broker(tmp_path: Path) -> None:
    node_modules()
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    issuer = f"https://localhost:{port}"
    known = region_in(tmp_path, issuer).directory.partners["politie"]
    settings = prepare(tmp_path, ROOT / "policies", port).settings.model_copy(update={"public_url": issuer})
    keepers = open_keepers(settings)
    try:
        keepers.services.partners.save(replace(known, scopes=frozenset({"verstrekkingen"})))
        with running(over_tls(broker(keepers), tmp_path), listening):
            assert seen_by_the_partner(issuer, tmp_path, API="/v1/doelen", SCOPE="verstrekkingen") == EXPECTED
    finally:
        keepers.close()


CADDYFILE = """
{{
    admin off
    auto_https off
    storage file_system {folder}/caddy
}}
https://localhost:{port} {{
    tls {folder}/server.pem {folder}/server.key {{
        protocols tls1.3
        client_auth {{
            mode verify_if_given
            trusted_ca_cert_file {folder}/ca.pem
        }}
    }}
    reverse_proxy unix/{folder}/sluis.sock {{
        header_up Client-Cert ":{{http.request.tls.client.certificate_der_base64}}:"
    }}
}}
"""


def test_openid_client_gets_and_uses_both_kinds_of_token_behind_caddy(tmp_path: Path) -> None:
    node_modules()
    caddy = shutil.which("caddy")
    if caddy is None:
        absent("caddy is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    issuer = f"https://localhost:{port}"
    world = region_in(tmp_path, issuer)
    (tmp_path / "Caddyfile").write_text(CADDYFILE.format(folder=tmp_path, port=port))
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "sluis.sock"))
    config = uvicorn.Config(world.replica().fronted(frozenset({"unix"})), proxy_headers=False, log_config=None, lifespan="off")
    command = [str(caddy), "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    with running(config, listening), subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for("127.0.0.1", port)
            assert seen_by_the_partner(issuer, tmp_path) == EXPECTED
        finally:
            process.terminate()
