"""What a release looks like: modes, markers, one person one marker, analyses made at deposit."""

from __future__ import annotations

import re

import pytest

from sluis.core.errors import BadInput
from sluis.core.record import Known
from sluis.core.verdict import TextMode
from sluis.ports.text import Redactor
from sluis.redaction import load
from sluis.redaction.analysis import Analysis
from sluis.redaction.engine import LexiconRedactor

REDACTOR = load()
MOTHER = Known(type="PER", value="Katarzyna Zielińska", role="moeder")
CHILD = Known(type="PER", value="Zofia Zielińska", role="betrokkene")
TEXTS = [
    "Katarzyna kwam met Zofia en buurman Rinus.",
    "KATARZYNA belde Joris. Rinus stond erbij.",
    "Zofia's juf, Bouchtaoui, schreef ook aan rinus.",
]


def released(mode: TextMode = TextMode.MASK, seed: bytes = b"een") -> list[str]:
    return [r.text for r in REDACTOR.redact(TEXTS, [MOTHER, CHILD], mode, seed)]


def test_it_is_the_redactor_of_the_port() -> None:
    port: Redactor = REDACTOR
    assert re.fullmatch(r"sluis-1:[0-9a-f]{16}", port.version)


def test_a_known_person_has_the_role_as_marker_in_every_spelling() -> None:
    first, second, third = released()
    assert first.startswith("[moeder] kwam met [betrokkene] en buurman [PERSOON-")
    assert second.startswith("[moeder] belde [PERSOON-")
    assert third.startswith("[betrokkene]")


def test_one_person_has_one_marker_over_all_texts_of_a_release() -> None:
    first, second, third = released()
    rinus = re.search(r"buurman (\[PERSOON-\d\])", first)
    assert rinus
    assert f"{rinus[1]} stond erbij" in second
    assert third.endswith(f"aan {rinus[1]}.")


def test_the_markers_of_two_releases_cannot_be_joined() -> None:
    orders = {tuple(re.findall(r"PERSOON-\d", " ".join(released(seed=bytes([n]))))) for n in range(12)}
    assert len(orders) > 2


def test_the_same_seed_gives_the_same_markers() -> None:
    assert released(seed=b"vast") == released(seed=b"vast")


def test_a_surname_that_two_known_persons_share_gets_a_marker_of_neither() -> None:
    (result,) = REDACTOR.redact(["Mevrouw Zielinska tekende."], [MOTHER, CHILD], TextMode.MASK, b"seed")
    assert result.text == "Mevrouw [PERSOON-1] tekende."


def test_a_marker_does_not_tell_which_kind_of_number_stood_there() -> None:
    (result,) = REDACTOR.redact(
        ["V-nr 269.881.2345, parketnummer 13/654321-20, patiëntnummer 8812230."], [], TextMode.MASK, b"seed"
    )
    assert result.text == "V-nr [NUMMER], parketnummer [NUMMER], patiëntnummer [NUMMER]."


@pytest.mark.parametrize("mode", [TextMode.WITHHOLD, TextMode.REVIEW])
def test_a_mode_that_releases_nothing_by_itself_withholds_every_text_alike(mode: TextMode) -> None:
    results = REDACTOR.redact([*TEXTS, ""], [MOTHER], mode, b"seed")
    assert {(r.text, r.withheld) for r in results} == {("[PASSAGE WEERGEHOUDEN]", True)}


def test_a_reviewer_sees_what_strict_would_release() -> None:
    assert [r.text for r in REDACTOR.propose(TEXTS, [MOTHER, CHILD], b"een")] == released(TextMode.STRICT)


def test_a_reviewer_is_told_why_each_passage_went() -> None:
    findings = REDACTOR.findings("Katarzyna belt 06-12345678 namens Rinus.", [MOTHER])
    assert [(f.text, f.type, f.why) for f in findings] == [
        ("Katarzyna", "PER", "bekend"),
        ("06-12345678", "PHONE", "regel"),
        ("Rinus", "PER", "regel"),
    ]
    assert "Rinus" not in repr(findings)


def test_a_text_that_is_not_dutch_is_withheld() -> None:
    english = (
        "The patient was admitted yesterday evening after having been found wandering the streets without shoes, "
        "and she refused every kind of help offered."
    )
    (result,) = REDACTOR.redact([english * 2], [], TextMode.STRICT, b"seed")
    assert result.withheld


def test_an_analysis_made_at_deposit_gives_the_same_release() -> None:
    stored = [Analysis.from_json(REDACTOR.analyse(text).to_json()) for text in TEXTS]
    results = REDACTOR.release(TEXTS, stored, [MOTHER, CHILD], TextMode.MASK, b"een")
    assert [r.text for r in results] == released()


def test_an_analysis_of_another_engine_or_another_text_is_not_used() -> None:
    empty = [
        Analysis(version=REDACTOR.version, digest="0" * 64, spans=()),
        Analysis(version="sluis-0:00", digest=REDACTOR.analyse(TEXTS[0]).digest, spans=()),
    ]
    assert [r.text for r in REDACTOR.release(TEXTS, empty, [MOTHER, CHILD], TextMode.MASK, b"een")] == released()


@pytest.mark.parametrize("line", ["", "{}", "[1]", '["a","b",[[1,2]]]'])
def test_a_spoilt_analysis_is_refused(line: str) -> None:
    with pytest.raises(BadInput):
        Analysis.from_json(line)


def test_an_analysis_holds_no_text() -> None:
    assert "Rinus" not in REDACTOR.analyse(TEXTS[0]).to_json()


def test_terms_of_the_tenant_are_harmless_and_change_the_version() -> None:
    own = LexiconRedactor(tenant_terms=["Stadsmarinier", "Project Waterkant"])
    (result,) = own.redact(["De zaak ligt bij Project Waterkant en de Stadsmarinier."], [], TextMode.MASK, b"seed")
    assert result.text == "De zaak ligt bij Project Waterkant en de Stadsmarinier."
    assert own.version != REDACTOR.version


def test_a_known_name_beats_a_term_of_the_tenant() -> None:
    own = LexiconRedactor(tenant_terms=["Waterkant"])
    (result,) = own.redact(["Gesproken met Waterkant."], [Known(type="PER", value="Jan Waterkant")], TextMode.MASK, b"seed")
    assert "Waterkant" not in result.text


def test_a_bracket_of_the_writer_hides_no_name() -> None:
    (result,) = REDACTOR.redact(
        ["Gesproken met [jan jansen] en [Jan Jansen]."], [Known(type="PER", value="Jan Jansen")], TextMode.MASK, b"seed"
    )
    assert "ansen" not in result.text
