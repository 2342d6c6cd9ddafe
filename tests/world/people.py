"""A region in memory: organisations, their people, one case, and every keeper a fake that can fail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

from fakes.ambient import NOON, CountedIds, SetClock
from fakes.data import MemorySource, MemorySubjects
from fakes.identity import MemoryPartners
from fakes.keeping import MemoryAnswers, MemoryCases, MemoryContributions, MemoryEmployees, MemoryEvidence, MemoryTasks
from fakes.searches import MemorySearches
from sluis.core.case import Case, CaseState, Participant
from sluis.core.errors import PolicyUnavailable
from sluis.core.evidence import Evidence
from sluis.core.partner import Employee, Partner, Profile
from sluis.core.record import FieldValue, Known, Record, RedactedText
from sluis.core.request import Request
from sluis.core.rules import Rulebook
from sluis.core.verdict import TextMode
from sluis.flows.acting import Actor
from sluis.policy_files import load
from sluis.policy_files.tables import load_tables
from sluis.ports.services import FieldTables, Services
from world.ledger import MemoryLedger

ROOT = Path(__file__).resolve().parents[2]
PARTNERS: Mapping[str, str] = MappingProxyType(
    {
        "politie-veen": "politie",
        "om-veen": "om",
        "gemeente-veen": "college",
        "ggz-linde": "ggz",
        "kompas": "verslavingszorg",
        "reclassering-veen": "reclassering",
        "veilig-thuis-veen": "veilig-thuis",
        "de-brink": "woningcorporatie",
        "ambulance-veen": "ambulance",
        "zvh-veen": "zvh",
        "huisarts-bos": "huisarts",
    }
)
"""The organisations of the region: id and kind."""
POLICE, TOWN, GGZ, CLINIC, PROBATION, AMBULANCE = (
    "politie-veen",
    "gemeente-veen",
    "ggz-linde",
    "kompas",
    "reclassering-veen",
    "ambulance-veen",
)  # fmt: skip - one line
SEM = {"bsn": "999900018"}
NOBODY = {"bsn": "999900031"}


@cache
def rulebook() -> Rulebook:
    """The shipped policy set."""
    return load(ROOT / "policies")


@cache
def tables() -> FieldTables:
    """The shipped lists of kinds and of inhabitants."""
    return load_tables(ROOT / "policies")


@dataclass
class SetRules:
    """The rules in force, as a test decides; None when there never was a valid set."""

    book: Rulebook | None = field(default_factory=rulebook)

    def current(self) -> Rulebook:
        if self.book is None:
            raise PolicyUnavailable("no policy set was loaded")
        return self.book


@dataclass(frozen=True)
class Spot:
    """A known value in a text."""

    start: int
    end: int
    type: str
    why: str = "bekend"


@dataclass
class PlainRedactor:
    """`Redactor` that puts a mark for each known value, and holds back every text that has the word `GEHEIM`."""

    version: str = "gewoon-1"
    seen: list[str] = field(default_factory=list)
    modes: list[TextMode] = field(default_factory=list)
    prepared: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    fails: bool = False
    forgets: bool = False

    def prepare(self, text: str) -> str:
        self.prepared.append(text)
        return f"voorbereid {len(self.prepared)}"

    def redact(
        self, texts: Sequence[str], known: Sequence[Known], mode: TextMode, seed: bytes, *, prepared: Sequence[str] = ()
    ) -> list[RedactedText]:
        assert seed
        self.given += prepared
        self.seen += texts
        self.modes.append(mode)
        if self.fails:
            raise RuntimeError("the redactor fell over")
        results = [self._one(text, known) for text in texts]
        return results[1:] if self.forgets else results

    def _one(self, text: str, known: Sequence[Known]) -> RedactedText:
        if "GEHEIM" in text:
            return RedactedText(text="", withheld=True)
        out, marks, at = "", [], 0
        for spot in spots(text, known):
            out += text[at : spot.start]
            marks.append((len(out), len(out) + len(spot.type) + 2, spot.type))
            out, at = f"{out}[{spot.type}]", spot.end
        return RedactedText(text=out + text[at:], withheld=False, marks=tuple(marks))

    def spans(self, texts: Sequence[str], known: Sequence[Known], *, strict: bool = False) -> list[list[Spot]]:
        return [self.findings(text, known, strict=strict) for text in texts]

    def findings(self, text: str, known: Sequence[Known], *, strict: bool = False) -> list[Spot]:
        assert strict in {True, False}
        return spots(text, known)


def spots(text: str, known: Sequence[Known]) -> list[Spot]:
    """Where known values stand, in order, without overlap."""
    found: list[Spot] = []
    for one in sorted(known, key=lambda one: -len(one.value)):
        for match in re.finditer(re.escape(one.value), text):
            if all(match.end() <= spot.start or spot.end <= match.start() for spot in found):
                found.append(Spot(match.start(), match.end(), one.type))
    return sorted(found, key=lambda spot: spot.start)


class World:
    """The region of a test. Every keeper stands open to be filled, looked at, and made to fail."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.ids = CountedIds()
        self.rules = SetRules()
        self.ledger = MemoryLedger()
        self.source = MemorySource()
        self.redactor = PlainRedactor()
        self.partners = MemoryPartners(*(a_partner(number, *one) for number, one in enumerate(PARTNERS.items(), 1)))
        self.employees = MemoryEmployees(*(an_employee(name) for name in PARTNERS))
        self.contributions = MemoryContributions()
        self.evidence = MemoryEvidence()
        self.tasks = MemoryTasks()
        self.searches = MemorySearches()
        self.cases = MemoryCases(beside=(self.contributions, self.evidence, self.tasks))
        self.answers = MemoryAnswers(self.clock)
        self.subjects = MemorySubjects()

    @property
    def services(self) -> Services:
        """What the flows get."""
        return Services(
            clock=self.clock,
            ids=self.ids,
            rules=self.rules,
            ledger=self.ledger,
            source=self.source,
            redactor=self.redactor,
            partners=self.partners,
            employees=self.employees,
            cases=self.cases,
            contributions=self.contributions,
            evidence=self.evidence,
            tasks=self.tasks,
            searches=self.searches,
            subjects=self.subjects,
            tables=tables,
            seed=lambda: b"zaad" * 8,
        )

    def actor(self, name: str) -> Actor:
        """The employee of that organisation."""
        partner = self.partners.by_id(name)
        assert partner is not None
        return Actor(partner=partner, user=user_of(name), role="medewerker")

    def person(self, identification: Mapping[str, str]) -> str:
        """The blind index of that person."""
        return self.subjects.subject(identification)

    def admitted(self, *names: str, who: Mapping[str, str] = SEM, **changes: object) -> Case:
        """A running case about that person in which these organisations take part; `changes` are fields of `Case`."""
        case = Case(
            id=self.ids.public(),
            subject=self.person(who),
            notifier=TOWN,
            state=CaseState.OPGENOMEN,
            first_processed=self.clock.now(),
            participants=tuple(Participant(partner=name, since=self.clock.now()) for name in names or (POLICE, TOWN, GGZ)),
            criteria=frozenset("abcd"),
        )
        return self.cases.save(replace(case, **changes))  # type: ignore[arg-type] # the keys are fields of Case

    def records(self, fact: str, provider: str, *recipients: str, **given: object) -> Evidence:
        """Evidence of that fact that the provider recorded, for the case conference; `given` are fields of `Evidence`."""
        evidence = Evidence(
            id=self.ids.public(),
            fact=fact,
            value=True,
            subject=self.person(SEM),
            provider=provider,
            recipients=frozenset(recipients),
            purposes=frozenset({"zvh-casus"}),
            categories=None,
            case=None,
            recorded_by=provider,
            user=user_of(provider),
            recorded=self.clock.now(),
            valid_from=self.clock.now(),
            valid_until=None,
        )
        self.evidence.record(kept := replace(evidence, **given))  # type: ignore[arg-type] # the keys are fields of Evidence
        return kept

    def consent(self, provider: str, recipient: str, *categories: str, **given: object) -> Evidence:
        """A consent for exactly these categories."""
        return self.records("toestemming", provider, recipient, categories=frozenset(categories), **given)

    def holds(
        self, provider: str, category: str, *, case: str | None = None, who: Mapping[str, str] = SEM, **fields: FieldValue
    ) -> None:
        """Let that organisation have that record about that person."""
        record = Record(
            category=category, provider=provider, recorded=NOON, fields={k.replace("_", "-"): v for k, v in fields.items()}
        )
        self.source.add(self.person(who), record, case=case)


def user_of(name: str) -> str:
    """The one employee of that organisation."""
    return f"m-{name}"


def a_partner(number: int, name: str, kind: str) -> Partner:
    """An organisation that takes part."""
    return Partner(
        id=name,
        oin=f"{number:020d}",
        kind=kind,
        name=name,
        client_id=name,
        profile=Profile.FAPI2,
        keys={},
        scopes=frozenset(),
        active_from=NOON - timedelta(days=30),
    )


def an_employee(name: str) -> Employee:
    """Somebody who is designated, screened and trained, for ten years."""
    until = NOON + timedelta(days=3650)
    return Employee(partner=name, user=user_of(name), roles=frozenset({"medewerker"}), screened_until=until, trained_until=until)


def asks(
    world: World,
    who: str,
    provider: str,
    *categories: str,
    **given: object,
) -> Request:
    """A request in the case conference, fully motivated; `given` are fields of `Request` that differ."""
    request = Request(
        id=world.ids.public(),
        at=world.clock.now(),
        caller=who,
        user=user_of(who),
        role="medewerker",
        purpose="zvh-casus",
        direction="opvraag",
        requester=who,
        provider=provider,
        subject=world.person(SEM),
        person="betrokkene",
        case=None,
        categories=categories,
        motivation=dict.fromkeys(categories, "om veilig aan te bellen"),
    )
    changed = replace(request, **given)  # type: ignore[arg-type] # the keys are fields of Request
    return replace(changed, user=user_of(changed.caller)) if "caller" in given else changed
