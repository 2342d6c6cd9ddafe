"""A provider's own system, well behaved, sloppy, broken and hostile."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from fakes.data import MemorySource
from fakes.provider_system import Answer, ProviderSystem, said
from fakes.samples import a_record
from sluis.core.errors import BadInput, SourceUnavailable
from sluis.core.record import Known, Wanted
from sluis.sources import HttpSource, SourceByProvider
from sluis.sources.http import LARGEST

SECRET = "Hakan Doganberg"
FIELDS = {"wonen.situatie": frozenset({"woonvorm", "overlast"}), "gezondheid.bestaat": frozenset({"notitie"})}
WANTED = Wanted(subject="anna", provider="ggz", case="casus-1", categories=("wonen.situatie",))
WHEN = "2026-03-02T12:00:00+00:00"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderSystem]:
    made = ProviderSystem(Path(tmp_path_factory.mktemp("bron")))
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(system: ProviderSystem) -> Iterator[httpx2.Client]:
    with httpx2.Client(verify=ssl.create_default_context(cafile=str(system.certificate)), timeout=5.0) as made:
        yield made


@pytest.fixture
def source(system: ProviderSystem, client: httpx2.Client) -> HttpSource:
    system.asked.clear()
    return HttpSource(client, system.base + "/", fields=FIELDS, pseudonym=lambda _: "schuilnaam")


def answering(system: ProviderSystem, answer: Answer) -> None:
    system.behave = lambda _path, _question: answer


def a_registration(category: str = "wonen.situatie", **fields: object) -> dict[str, object]:
    return {"gegeven": category, "vastgelegd": WHEN, "velden": fields}


def test_the_system_is_told_the_pseudonym_and_what_is_asked_and_nothing_else(system: ProviderSystem, source: HttpSource) -> None:
    answering(system, said({"registraties": []}))
    source.fetch(WANTED)
    assert system.asked == [
        (
            "/bron/registraties/_zoek",
            {"persoon": "schuilnaam", "casus": "casus-1", "gegevens": {"wonen.situatie": ["overlast", "woonvorm"]}},
        )
    ]


def test_nothing_is_asked_when_nothing_is_permitted(system: ProviderSystem, source: HttpSource) -> None:
    assert source.fetch(Wanted(subject="anna", provider="ggz", case=None, categories=())) == []
    assert system.asked == []


def test_a_category_or_field_that_was_not_asked_is_dropped(system: ProviderSystem, source: HttpSource) -> None:
    registrations = [
        a_registration(woonvorm="kamer", bsn="999990019", diagnose="x"),
        a_registration("gezondheid.bestaat", notitie=SECRET),
        a_registration("strafrecht.antecedenten", notitie=SECRET),
    ]
    answering(system, said({"registraties": registrations, "nog-meer": SECRET}))
    (record,) = source.fetch(WANTED)
    assert (record.category, dict(record.fields), record.provider) == ("wonen.situatie", {"woonvorm": "kamer"}, "ggz")


def test_every_kind_of_value_comes_through(system: ProviderSystem, source: HttpSource) -> None:
    forms = {"advies": "bel eerst", "gelakt": "[…]"}
    for value in ("tekst", 12, True, None, forms):
        answering(system, said({"registraties": [a_registration(woonvorm=value)]}))
        assert source.fetch(WANTED)[0].fields["woonvorm"] == value


@pytest.mark.parametrize(
    "answer",
    [
        (500, SECRET.encode()),
        (404, b"{}"),
        (401, b"{}"),
        (204, b""),
        (302, b""),
        (200, b""),
        (200, SECRET.encode()),
        (200, b"[" * 100_000),
        (200, b'{"registraties": "' + SECRET.encode() + b'"}'),
        (200, b"\xff\xfe\x00"),
        (200, b"[]"),
        (200, b'"x"'),
        (200, b'{"registraties": [1]}'),
        (0, b""),
        said({}),
        said({"registraties": None}),
        said({"registraties": [{"gegeven": "wonen.situatie"}]}),
        said({"registraties": [{"gegeven": "wonen.situatie", "vastgelegd": SECRET, "velden": {}}]}),
        said({"registraties": [{"gegeven": "wonen.situatie", "vastgelegd": "2026-03-02T12:00:00", "velden": {}}]}),
        said({"registraties": [a_registration(woonvorm=[SECRET])]}),
        said({"registraties": [a_registration(woonvorm={"advies": 1})]}),
        said({"registraties": [a_registration(woonvorm=1.5)]}),
    ],
)
def test_whatever_the_system_says_wrong_is_source_unavailable_without_a_value(
    system: ProviderSystem, source: HttpSource, answer: Answer
) -> None:
    answering(system, answer)
    with pytest.raises(SourceUnavailable) as caught:
        source.fetch(WANTED)
    told = caught.value
    assert SECRET not in str(told)
    assert "127.0.0.1" not in str(told)
    assert told.__cause__ is None
    assert told.__context__ is None or told.__suppress_context__


@pytest.mark.parametrize(
    "values", [None, [1], [{}], [{"soort": "PER"}], [{"soort": "PER", "waarde": ""}], [{"soort": 1, "waarde": "x", "rol": None}]]
)
def test_known_values_that_miss_a_part_are_refused(system: ProviderSystem, source: HttpSource, values: object) -> None:
    answering(system, said({"waarden": values}))
    with pytest.raises(SourceUnavailable):
        source.known_values(WANTED)


def test_a_known_value_of_an_unknown_kind_still_counts(system: ProviderSystem, source: HttpSource) -> None:
    answering(system, said({"waarden": [{"soort": "BIJNAAM", "waarde": SECRET, "rol": None}]}))
    assert source.known_values(WANTED) == [Known(type="ID", value=SECRET)]


def test_an_answer_without_end_is_cut_off(system: ProviderSystem, source: HttpSource) -> None:
    answering(system, (200, json.dumps({"registraties": [], "x": "x" * LARGEST}).encode()))
    with pytest.raises(SourceUnavailable, match="more than"):
        source.fetch(WANTED)


def test_a_redirect_is_not_followed(system: ProviderSystem, source: HttpSource) -> None:
    answering(system, (307, b""))
    with pytest.raises(SourceUnavailable):
        source.fetch(WANTED)
    assert [path for path, _ in system.asked] == ["/bron/registraties/_zoek"]


def test_a_server_whose_certificate_is_not_trusted_hears_nothing(system: ProviderSystem) -> None:
    system.asked.clear()
    with httpx2.Client(timeout=5.0) as stranger:
        source = HttpSource(stranger, system.base, fields=FIELDS, pseudonym=lambda _: "schuilnaam")
        with pytest.raises(SourceUnavailable):
            source.fetch(WANTED)
    assert system.asked == []


def test_a_system_that_is_not_there_or_never_answers_is_source_unavailable(client: httpx2.Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, httpx2.Client(timeout=0.2) as hasty:
        for asking, port in ((client, 9), (hasty, silent.getsockname()[1])):
            source = HttpSource(asking, f"http://127.0.0.1:{port}", fields=FIELDS, pseudonym=lambda _: "schuilnaam")
            with pytest.raises(SourceUnavailable):
                source.fetch(WANTED)


@pytest.mark.parametrize("base", ["http://bron.example/", "ftp://bron.example", "bron.example"])
def test_an_address_without_tls_is_refused(client: httpx2.Client, base: str) -> None:
    with pytest.raises(BadInput):
        HttpSource(client, base, fields=FIELDS, pseudonym=lambda _: "schuilnaam")


def test_only_the_provider_that_is_asked_hears_of_the_question() -> None:
    here, ggz, om = MemorySource(), MemorySource(), MemorySource()
    here.add("anna", a_record("wonen.situatie", "politie"), case="casus-1")
    here.known["anna"] = [Known(type="PER", value="Anna"), Known(type="PER", value="Bas")]
    ggz.known["anna"] = [Known(type="PER", value="Bas"), Known(type="PER", value="Carla")]
    source = SourceByProvider(here, {"ggz": ggz, "om": om})
    assert source.fetch(WANTED) == []
    assert len(source.fetch(Wanted(subject="anna", provider="politie", case="casus-1", categories=("wonen.situatie",)))) == 1
    assert (len(ggz.asked), len(om.asked), len(here.asked)) == (1, 0, 1)
    assert [known.value for known in source.known_values(WANTED)] == ["Anna", "Bas", "Carla"]


def test_what_is_known_counts_only_when_everybody_answered() -> None:
    here, ggz = MemorySource(), MemorySource(fails="known")
    with pytest.raises(SourceUnavailable):
        SourceByProvider(here, {"ggz": ggz}).known_values(WANTED)
