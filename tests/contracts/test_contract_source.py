"""What every `Source` promises: the deposited records, a provider's own system, both together, and the fake."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import pytest

from fakes.data import MemorySource
from fakes.keeping import MemoryContributions
from fakes.provider_system import Answer, ProviderSystem, said
from fakes.samples import a_contribution, a_record
from sluis.core.errors import SourceUnavailable
from sluis.core.record import Known, Record, Wanted
from sluis.ports.data import Source
from sluis.sources import HttpSource, SourceByProvider, StoredSource

FIELDS = {"wonen.situatie": frozenset({"woonvorm", "notitie"}), "gezondheid.bestaat": frozenset({"notitie"})}
RECORDS = (
    a_record("wonen.situatie", "ggz", woonvorm="kamer", notitie="belt elke dag"),
    a_record("gezondheid.bestaat", "ggz", notitie="komt elke week"),
)
KNOWN = Known(type="PER", value="Hakan Doganberg", role="betrokkene")
WANTED = Wanted(subject="anna", provider="ggz", case="casus-1", categories=("wonen.situatie",))


@dataclass(frozen=True, slots=True)
class Tried:
    """A source that holds `RECORDS` and `KNOWN` about anna in casus-1, and a way to break it."""

    source: Source
    break_it: Callable[[], None]


def in_memory() -> Tried:
    source = MemorySource()
    for record in RECORDS:
        source.add("anna", record, case="casus-1")
    source.known["anna"] = [KNOWN]

    def break_it() -> None:
        source.fails = "both"

    return Tried(source, break_it)


def deposited() -> Tried:
    contributions = MemoryContributions(
        a_contribution("wonen.situatie", subject="anna", case="casus-1", woonvorm="kamer", notitie="belt elke dag"),
        a_contribution("gezondheid.bestaat", subject="anna", case="casus-1", notitie="komt elke week"),
        a_contribution("identiteit.basis", provider="politie", subject="anna", naam=KNOWN.value),
    )

    def break_it() -> None:
        contributions.fails = "read"

    return Tried(StoredSource(contributions), break_it)


def well_behaved(path: str, question: dict[str, object]) -> Answer:
    """What a provider's system should do."""
    known = question["persoon"] == "schuilnaam-van-anna" and question["casus"] == "casus-1"
    if path.endswith("/bekende-waarden/_zoek"):
        return said({"waarden": [{"soort": "PER", "waarde": KNOWN.value, "rol": "betrokkene"}] if known else []})
    asked = question["gegevens"]
    assert isinstance(asked, dict)
    found = [
        {"gegeven": r.category, "vastgelegd": r.recorded.isoformat(), "velden": dict(r.fields)}
        for r in RECORDS
        if known and r.category in asked
    ]
    return said({"registraties": found})


def over_http(system: ProviderSystem, client: httpx2.Client) -> Tried:
    system.behave = well_behaved
    source = HttpSource(client, system.base, fields=FIELDS, pseudonym=lambda subject: f"schuilnaam-van-{subject}")

    def break_it() -> None:
        system.behave = lambda _path, _question: (500, b"traceback: Hakan Doganberg")

    return Tried(source, break_it)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderSystem]:
    made = ProviderSystem(Path(tmp_path_factory.mktemp("bron")))
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(system: ProviderSystem) -> Iterator[httpx2.Client]:
    with httpx2.Client(verify=ssl.create_default_context(cafile=str(system.certificate)), timeout=5.0) as made:
        yield made


@pytest.fixture(params=["memory", "stored", "http", "by-provider"])
def tried(request: pytest.FixtureRequest, system: ProviderSystem, client: httpx2.Client) -> Tried:
    system.asked.clear()
    match request.param:
        case "memory":
            return in_memory()
        case "stored":
            return deposited()
        case "http":
            return over_http(system, client)
        case _:
            inner = over_http(system, client)
            return Tried(SourceByProvider(MemorySource(), {"ggz": inner.source}), inner.break_it)


def cut(records: Sequence[Record]) -> list[tuple[str, dict[str, object]]]:
    return [(record.category, dict(record.fields)) for record in records]


def test_what_was_asked_comes_and_nothing_else(tried: Tried) -> None:
    assert cut(tried.source.fetch(WANTED)) == [("wonen.situatie", {"woonvorm": "kamer", "notitie": "belt elke dag"})]


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(subject="onbekend", provider="ggz", case="casus-1", categories=("wonen.situatie",)),
        Wanted(subject="anna", provider="ggz", case=None, categories=("wonen.situatie",)),
        Wanted(subject="anna", provider="ggz", case="casus-1", categories=()),
        Wanted(subject="anna", provider="ggz", case="casus-1", categories=("strafrecht.antecedenten",)),
    ],
)
def test_what_is_not_there_is_an_empty_answer(tried: Tried, wanted: Wanted) -> None:
    assert list(tried.source.fetch(wanted)) == []


def test_what_the_case_file_knows_is_told_to_the_redactor(tried: Tried) -> None:
    assert list(tried.source.known_values(WANTED)) == [KNOWN]


@pytest.mark.parametrize("case", ["casus-1", "casus-2", None])
def test_both_at_once_is_what_each_says_by_itself(tried: Tried, case: str | None) -> None:
    wanted = replace(WANTED, case=case)
    records, known = tried.source.gathered(wanted)
    assert list(records) == list(tried.source.fetch(wanted))
    assert list(known) == list(tried.source.known_values(wanted))


def test_of_an_unknown_person_nothing_is_known(tried: Tried) -> None:
    assert list(tried.source.known_values(Wanted(subject="onbekend", provider="ggz", case=None, categories=()))) == []


def test_whatever_goes_wrong_is_source_unavailable_without_a_value(tried: Tried) -> None:
    tried.break_it()
    for act in (tried.source.fetch, tried.source.known_values, tried.source.gathered):
        with pytest.raises(SourceUnavailable) as caught:
            act(WANTED)
        assert "Doganberg" not in str(caught.value)
        assert "anna" not in str(caught.value)
