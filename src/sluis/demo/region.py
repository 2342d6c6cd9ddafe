"""The region of the demo: who takes part, who works there, about whom it is. Every name, number and note is invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sluis.api.document import SCOPES
from sluis.client import PartnerKey
from sluis.core.partner import Employee, Partner, Profile
from sluis.flows.enrolling import enrol
from sluis.ports.services import Services

ORIGIN = "sluis.example/log/veenstad/demo"


@dataclass(frozen=True, slots=True)
class Organisation:
    """An invented organisation: its id, kind and name, and the one employee who acts for it."""

    id: str
    kind: str
    name: str
    user: str
    role: str


ORGANISATIONS = (
    Organisation("politie-veenstad", "politie", "Politie Veenstad", "p-204", "wijkagent"),
    Organisation("om-veenstad", "om", "Openbaar Ministerie Veenstad", "o-011", "officier"),
    Organisation("gemeente-veenstad", "college", "Gemeente Veenstad", "g-310", "regisseur"),
    Organisation("ggz-de-linde", "ggz", "GGZ De Linde", "z-077", "behandelaar"),
    Organisation("kompas", "verslavingszorg", "Kompas verslavingszorg", "k-019", "behandelaar"),
    Organisation("reclassering-veenstad", "reclassering", "Reclassering Veenstad", "r-042", "toezichthouder"),
    Organisation("veilig-thuis-veenstad", "veilig-thuis", "Veilig Thuis Veenstad", "v-008", "onderzoeker"),
    Organisation("de-brink", "woningcorporatie", "Woningcorporatie De Brink", "b-055", "consulent"),
    Organisation("ambulance-veenstad", "ambulance", "Ambulancedienst Veenstad", "a-112", "verpleegkundige"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person; the number passes the eleven test and belongs to nobody (the 9999 range)."""

    name: str = field(repr=False)
    bsn: str = field(repr=False)
    born: str = field(repr=False)


SEM = Person("Sem Oldewarris", "999900018", "1991-04-23")
"""Known to police, GGZ and municipality; the case of stories S1 to S3."""
NOBODY = Person("Ties Oldewarris", "999900031", "1990-11-02")
"""Known to nobody: a question about him is refused in the same words."""
DORUS = Person("Dorus Vlasblom", "999900043", "1988-08-30")
"""Homeless, known at the addiction clinic (story S7)."""


def seed(services: Services, keys: Path, at: datetime) -> None:
    """Put the organisations and their people in the books, each with a key of its own in `keys`. Safe to do twice."""
    for number, organisation in enumerate(ORGANISATIONS, 1):
        key = key_of(organisation.id, keys)
        if services.partners.by_id(organisation.id) is None:
            enrol(_partner(organisation, number, key, at), "sluis demo", services)
        services.employees.save(
            Employee(
                partner=organisation.id,
                user=organisation.user,
                roles=frozenset({organisation.role}),
                screened_until=at + timedelta(days=365),
                trained_until=at + timedelta(days=365),
            )
        )


def _partner(one: Organisation, number: int, key: PartnerKey, at: datetime) -> Partner:
    return Partner(
        id=one.id,
        oin=f"{number:020d}",
        kind=one.kind,
        name=one.name,
        client_id=one.id,
        profile=Profile.FAPI2,
        keys=key.jwks(),
        scopes=frozenset(SCOPES),
        active_from=at - timedelta(days=30),
    )


def key_of(organisation: str, keys: Path) -> PartnerKey:
    """The private key of an organisation, made when there is none."""
    path = keys / f"{organisation}.json"
    if not path.exists():
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        PartnerKey.generate("ES256").save(path)
    return PartnerKey.load(path)
