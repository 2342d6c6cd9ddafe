"""The production shape as local processes: the deployed Caddyfile, the settings of the compose file, a real PostgreSQL.

Everything is read from `docker-compose.yml` and `deploy/`; only addresses and folders are replaced by ones of the test.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx2
import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sluis.client import PartnerKey, SluisClient
from sluis.client.calls import Access
from sluis.demo.region import Organisation
from world.signing import signed_set

ROOT = Path(__file__).resolve().parents[2]
CADDYFILE = ROOT / "deploy" / "Caddyfile"
SCOPES = ["verzoeken", "casussen", "bijdragen", "bewijzen", "noodinzagen", "verstrekkingen"]
Service = Mapping[str, object]


def compose() -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    """`docker-compose.yml` as it stands."""
    loaded: Mapping[str, Mapping[str, Mapping[str, object]]] = yaml.safe_load(
        (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    )
    return loaded


def environment_of(service: str) -> dict[str, str]:
    """The environment that the compose file gives to that part."""
    given = compose()["services"][service].get("environment")
    assert isinstance(given, dict)
    return {str(name): str(value) for name, value in given.items()}


def absent(reason: str) -> None:
    if os.environ.get("SLUIS_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Authority:
    """A certificate authority of one test, with its certificate and those it issued as files in `folder`."""

    def __init__(self, folder: Path, name: str = "Sluis test CA") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.file = self._write("ca.pem", self._sign(self.name, self.key, x509.BasicConstraints(ca=True, path_length=0)))

    def issue(self, name: str) -> Path:
        """A certificate for that name and for this machine; its key lies beside it as `.key`."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
        made = self._sign(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key, names)
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (self.folder / f"{name}.key").write_bytes(key.private_bytes(*form))
        return self._write(f"{name}.pem", made)

    def _sign(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType) -> x509.Certificate:
        now = datetime.now(UTC)  # noqa: TID251 - the other program has no other clock
        builder = x509.CertificateBuilder(self.name, name, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=2))
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        builder = builder.add_extension(issuer, critical=False)
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        return builder.add_extension(own, critical=False).sign(self.key, hashes.SHA256())

    def _write(self, name: str, certificate: x509.Certificate) -> Path:
        path = self.folder / name
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorway:
    """The public address, and the authority that says it is real."""

    url: str
    authority: Path

    def http(self, certificate: Path | None = None) -> httpx2.Client:
        """A client that trusts that authority, and shows that certificate when there is one."""
        context = ssl.create_default_context(cafile=str(self.authority))
        if certificate is not None:
            context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        return httpx2.Client(verify=context, timeout=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An organisation with its own key and certificate, and the files with which an operator registers it."""

    organisation: Organisation
    key: PartnerKey = field(repr=False)
    certificate: Path
    partner_file: Path
    people_file: Path

    def client(self, door: Doorway) -> SluisClient:
        """A client whose tokens are bound to its certificate."""
        access = Access(client_id=self.organisation.id, key=self.key, dpop=None, audience=door.url)
        return SluisClient(door.url, access, http=door.http(self.certificate))


def member(organisation: Organisation, number: int, authority: Authority, folder: Path) -> Member:
    """That organisation, with fresh keys; writes what an operator would get from it into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    key = PartnerKey.generate("ES256")
    certificate = authority.issue(organisation.id)
    shutil.copy(certificate, folder / f"{organisation.id}.pem")
    (folder / f"{organisation.id}.jwks.json").write_text(json.dumps(key.jwks()), encoding="utf-8")
    partner_file = folder / f"{organisation.id}.toml"
    partner_file.write_text(
        f'id = "{organisation.id}"\noin = "{number:020d}"\nkind = "{organisation.kind}"\nname = "{organisation.name}"\n'
        f'keys = "{organisation.id}.jwks.json"\ncertificates = ["{organisation.id}.pem"]\nscopes = {json.dumps(SCOPES)}\n',
        encoding="utf-8",
    )
    people_file = folder / f"{organisation.id}.people.toml"
    people_file.write_text(
        f'[[employees]]\nuser = "{organisation.user}"\nroles = ["{organisation.role}"]\n'
        "screened_until = 2099-01-01\ntrained_until = 2099-01-01\n",
        encoding="utf-8",
    )
    return Member(organisation=organisation, key=key, certificate=certificate, partner_file=partner_file, people_file=people_file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Where the parts of one test listen and live."""

    folder: Path
    database: str
    broker_port: int = field(default_factory=free_port)
    public_port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """The public address."""
        return f"https://localhost:{self.public_port}"

    def environment(self) -> dict[str, str]:
        """The broker's settings as deployed, save addresses and folders."""
        policies, trust = self._signed()
        own = {
            "SLUIS_PUBLIC_URL": self.url,
            "SLUIS_ORIGIN": "sluis.example/log/operations/2026",
            "SLUIS_DATABASE": self.database,
            "SLUIS_DATABASE_PASSWORD_FILE": str(self._password()),
            "SLUIS_PROXIES": '["127.0.0.1"]',
            "SLUIS_DATA": str(self.folder / "data"),
            "SLUIS_KEYS": str(self.folder / "keys"),
            "SLUIS_POLICIES": str(policies),
            "SLUIS_POLICY_TRUST": str(trust),
            "SLUIS_PORT": str(self.broker_port),
        }
        return {**os.environ, **environment_of("broker"), **own}

    def _signed(self) -> tuple[Path, Path]:
        """The signed set of this stack, made once."""
        ready = self.folder / "beleid"
        if not ready.exists():
            ready.mkdir()
            return signed_set(ready)
        return ready / "policies", ready / "ondertekenaars.yaml"

    def sluis(self, *words: str, expect: int = 0) -> str:
        """The command with these words; what it printed. Fails when its exit status is another than expected."""
        done = subprocess.run(
            [sys.executable, "-m", "sluis", *words], env=self.environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == expect, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    @contextmanager
    def broker(self) -> Iterator[None]:
        """The broker, for as long as the block lasts."""
        with self._process("broker", [sys.executable, "-m", "sluis", "serve"], self.environment()) as process:
            wait_for(f"http://127.0.0.1:{self.broker_port}/gezond", httpx2.Client(), process)
            yield

    @contextmanager
    def proxy(self, authority: Authority) -> Iterator[Doorway]:
        """Caddy with the deployed Caddyfile, for as long as the block lasts. Skips where there is no Caddy."""
        caddy = shutil.which("caddy")
        if caddy is None:
            absent("caddy is not installed")
        server = authority.issue("server")
        own = {
            "PUBLIC_HOST": "localhost",
            "LISTEN": str(self.public_port),
            "HEALTH": str(free_port()),
            "BROKER": f"127.0.0.1:{self.broker_port}",
            "SERVER_CERTIFICATE": str(server),
            "SERVER_KEY": str(server.with_suffix(".key")),
            "CLIENT_AUTHORITY": str(authority.file),
            "XDG_DATA_HOME": str(self.folder / "caddy"),
            "XDG_CONFIG_HOME": str(self.folder / "caddy"),
        }
        assert own.keys() >= environment_of("proxy").keys()
        command = [str(caddy), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
        door = Doorway(url=self.url, authority=authority.file)
        with self._process("proxy", command, {**os.environ, **own}) as process:
            wait_for(f"{self.url}/gezond", door.http(), process)
            yield door

    @contextmanager
    def _process(self, name: str, command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
        with (self.folder / f"{name}.log").open("ab") as lines:
            process = subprocess.Popen(command, env=dict(environment), stdout=lines, stderr=lines)
            try:
                yield process
            finally:
                process.terminate()
                process.wait(timeout=30)

    def _password(self) -> Path:
        path = self.folder / "database_password"
        path.write_text("test-only\n", encoding="utf-8")
        return path


def wait_for(url: str, http: httpx2.Client, process: subprocess.Popen[bytes], *, tenths: int = 600) -> None:
    """Return once that address answers at all. Fails when the process ends or a minute has gone."""
    with http:
        for _ in range(tenths):
            assert process.poll() is None, f"the process for {url} stopped with {process.returncode}"
            try:
                http.get(url, timeout=2)
            except httpx2.TransportError:
                time.sleep(0.1)
            else:
                return
    raise AssertionError(f"{url} did not answer in time")
