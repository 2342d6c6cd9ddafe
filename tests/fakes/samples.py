"""Invented values of the core, one maker each: a test names what it is about and takes the rest."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from types import MappingProxyType

from fakes.ambient import NOON
from sluis.core.action import Action, ActionState
from sluis.core.case import Act, Case, CaseState, Participant, Resolution
from sluis.core.evidence import Evidence
from sluis.core.handover import Handover
from sluis.core.informing import Ground, Postponed
from sluis.core.partner import Employee, Officer, Partner, Profile
from sluis.core.record import Contribution, FieldValue, Record
from sluis.core.request import Request, RequestStatus, Task
from sluis.ports.identity import Session

_NUMBERS = itertools.count(1)


def fresh(stem: str) -> str:
    """A name that no other call has given."""
    return f"{stem}-{next(_NUMBERS)}"


def a_partner(name: str = "", *, client_id: str = "") -> Partner:
    """A mental-health institution that takes part."""
    name = name or fresh("ggz")
    return Partner(
        id=name,
        oin="00000001234567890000",
        kind="ggz",
        name="GGZ Het Voorbeeld",
        client_id=client_id or f"client-{name}",
        profile=Profile.FAPI2,
        keys={"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}]},
        certificates=frozenset({"abc", "def"}),
        scopes=frozenset({"verzoeken", "bijdragen"}),
        active_from=NOON - timedelta(days=30),
        active_until=NOON + timedelta(days=30),
    )


def an_employee(partner: str, user: str) -> Employee:
    """Somebody who may ask."""
    return Employee(
        partner=partner,
        user=user,
        roles=frozenset({"casushouder"}),
        screened_until=NOON + timedelta(days=300),
        trained_until=NOON + timedelta(days=200),
        deputises={"regisseur": NOON + timedelta(days=14)},
    )


def a_case(*, notifier: str = "politie", subject: str = "", at: datetime = NOON, partners: tuple[str, ...] = ()) -> Case:
    """An admitted case, with everything in it that a case can hold."""
    return Case(
        id=fresh("casus"),
        subject=subject or fresh("onderwerp"),
        notifier=notifier,
        state=CaseState.OPGENOMEN,
        first_processed=at,
        participants=tuple(Participant(partner=p, since=at, third=False, signed=None) for p in partners),
        lead=None,
        co_leads=(),
        criteria=frozenset({"complex", "domeinoverstijgend"}),
        own_view="Ik wil rust, zei mw. Özdemir",
        resolutions=(Resolution(act=Act.OPNEMEN, by=("politie", "om"), user="u-1", at=at, reasons="herhaald geweld"),),
        renewed=MappingProxyType({"gezondheid.bestaat": at + timedelta(days=700)}),
        informing=Postponed(
            ground=Ground.VEILIGHEID, owner="ggz", review=at.date() + timedelta(days=60), recorded=at, words="om mw. Özdemir"
        ),
        actions=(
            Action(
                id=fresh("actie"),
                what="Bel mw. Özdemir",
                owner="ggz",
                due=at.date(),
                agreed_by=notifier,
                agreed=at,
                overdue=at + timedelta(days=1),
                assigned=at + timedelta(hours=2),
            ),
            Action(
                id=fresh("actie"),
                what="Huisbezoek",
                owner="ggz",
                role="behandelaar",
                due=at.date() + timedelta(days=7),
                agreed_by="om",
                agreed=at,
                state=ActionState.GEDAAN,
                settled=at + timedelta(hours=1),
                settled_by="ggz",
            ),
        ),
    )


def a_record(category: str, provider: str, at: datetime = NOON, /, **fields: FieldValue) -> Record:
    """A record with those fields."""
    return Record(category=category, provider=provider, recorded=at, fields=fields or {"notitie": "belt elke dag"})


def a_contribution(
    category: str = "wonen.situatie",
    *,
    provider: str = "ggz",
    subject: str = "",
    case: str | None = None,
    at: datetime = NOON,
    **fields: FieldValue,
) -> Contribution:
    """A record that a provider deposited at that moment."""
    return Contribution(
        id=fresh("bijdrage"),
        provider=provider,
        subject=subject or fresh("onderwerp"),
        case=case,
        record=a_record(category, provider, at, **fields),
        deposited=at,
    )


def an_evidence(*, subject: str = "", at: datetime = NOON) -> Evidence:
    """A consent."""
    return Evidence(
        id=fresh("bewijs"),
        fact="toestemming",
        value=True,
        subject=subject or fresh("onderwerp"),
        provider="ggz",
        recipients=frozenset({"politie", "om"}),
        purposes=frozenset({"zvh-casus"}),
        categories=frozenset({"gezondheid.functioneel"}),
        case=None,
        recorded_by="ggz",
        user="u-7",
        recorded=at,
        valid_from=at,
        valid_until=at + timedelta(days=90),
        ground=MappingProxyType({"vorm": "schriftelijk"}),
    )


def a_task(
    *,
    requester: str = "politie",
    provider: str = "ggz",
    subject: str = "",
    at: datetime = NOON,
    status: RequestStatus = RequestStatus.VOORGELEGD,
) -> Task:
    """A request that waits for a judgement."""
    request = Request(
        id=fresh("verzoek"),
        at=at,
        caller=requester,
        user="u-3",
        role="casushouder",
        purpose="zvh-casus",
        direction="opvraag",
        requester=requester,
        provider=provider,
        subject=subject or fresh("onderwerp"),
        person="betrokkene",
        case="casus-9",
        categories=("gezondheid.functioneel", "wonen.situatie"),
        motivation=MappingProxyType({"gezondheid.functioneel": "om veilig aan te bellen"}),
        statements=MappingProxyType({"spoed": True}),
        urgent=True,
        emergency=None,
        trace="00-abc-def-01",
    )
    return Task(
        request=request,
        status=status,
        entry_id="regel-1",
        waits_for=MappingProxyType({"gezondheid.functioneel": ("behandelaar", "conflict-van-plichten")}),
        due=at + timedelta(days=1),
        handover=Handover(talk=at.date(), role="behandelaar", due=at + timedelta(days=3)),
    )


def a_session(officer: str = "", *, at: datetime = NOON) -> Session:
    """A session that has just begun."""
    who = Officer(
        subject=officer or fresh("https://inlog.example|"), name="F. Groot", roles=frozenset({"fg"}), organisation="ggz"
    )
    return Session(officer=who, csrf="formulier-bewijs", started=at, last_seen=at)
