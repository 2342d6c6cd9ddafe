"""A release from stored analyses is the release without them, letter for letter; what does not fit is made anew."""

from __future__ import annotations

import dataclasses
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redaction_notes import notes

from sluis.core.errors import BadInput
from sluis.core.record import Known
from sluis.core.verdict import TextMode
from sluis.redaction import load
from sluis.redaction.analysis import Analysis
from sluis.redaction.page import Span

REDACTOR = load()
NOTES = [*notes("ontwikkel.txt"), *notes("eigen.txt"), *notes("later.txt")]
KNOWN = (
    Known(type="PER", value="Jan de Vries", role="betrokkene"),
    Known(type="PER", value="Hakan Doğan-de Wit", role="moeder"),
    Known(type="BSN", value="999918205"),
    Known(type="ADDR", value="Kerkstraat 12a"),
)
PIECES = st.sampled_from(
    [
        "Jan de Vries ",
        "jans ",
        "Hakam ",
        "h a k a n ",
        "de Wit ",
        "9999.18.205",
        "[PERSOON-1]",
        "[moeder 2] ",
        "\n",
        ". ",
        "Bos ",
        "06-12 34 56 78 ",
        "12-03-1990",
        "kerkstraat, 12 A ",
        "u\u0301",
        "\u200b",
        "\ud800",
        "İ",
        "ß",
        "ﬁ",
        "①",
        "WIT ",
        "Rinus ",
        "ſ",
    ],
)
TEXT = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=20).map("".join)
MODES = st.sampled_from([TextMode.MASK, TextMode.STRICT])


def stored(texts: list[str]) -> list[Analysis]:
    return [Analysis.from_json(REDACTOR.analyse(text).to_json()) for text in texts]


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=3), MODES)
def test_texts_come_out_the_same_from_stored_analyses(texts: list[str], mode: TextMode) -> None:
    analyses = stored(texts)
    assert REDACTOR.release(texts, analyses, KNOWN, mode, b"seed") == REDACTOR.redact(texts, KNOWN, mode, b"seed")


@pytest.mark.parametrize("mode", [TextMode.MASK, TextMode.STRICT])
@pytest.mark.parametrize(
    "way", [str, str.upper, str.lower, lambda text: text.replace(" ", "\n", 9)], ids=["as is", "AS", "as", "lines"]
)
def test_notes_come_out_the_same_from_stored_analyses(way: type[str], mode: TextMode) -> None:
    for first in range(0, len(NOTES), 3):
        some = NOTES[first : first + 3]
        texts = [way(note.text) for note in some]
        known = [value for note in some for value in note.known]
        assert REDACTOR.release(texts, stored(texts), known, mode, b"s") == REDACTOR.redact(texts, known, mode, b"s")


def test_an_analysis_survives_its_json() -> None:
    for note in NOTES:
        analysis = REDACTOR.analyse(note.text)
        assert Analysis.from_json(analysis.to_json()) == analysis


def test_a_long_text_keeps_its_offsets() -> None:
    text = "Gesproken met Hakam Bouchtaoui over de afspraak. " * 2000
    assert stored([text]) == [REDACTOR.analyse(text)]
    assert "Bouchtaoui" not in REDACTOR.release([text], stored([text]), KNOWN, TextMode.MASK, b"seed")[0].text


SPOILT: list[dict[str, object]] = [
    {"at": array("H")},
    {"at": array("H", [0, 0, 3])},
    {"classes": ""},
    {"loose": array("H", [900])},
    {"odd": array("H", [900])},
    {"spans": (Span(0, 9000, "PER"),)},
    {"doubts": (Span(0, 9000, "PER", strict=True),)},
]


@pytest.mark.parametrize("change", SPOILT, ids=lambda change: next(iter(change)))
def test_an_analysis_that_does_not_fit_its_text_is_made_anew(change: dict[str, object]) -> None:
    text = "Jan de Vries sprak met Rinus over de afspraak."
    spoilt = dataclasses.replace(REDACTOR.analyse(text), **change)  # type: ignore[arg-type]  # each of its own type
    assert REDACTOR.release([text], [spoilt], KNOWN, TextMode.STRICT, b"s") == REDACTOR.redact(
        [text], KNOWN, TextMode.STRICT, b"s"
    )


@pytest.mark.parametrize("place", range(2, 9))
def test_a_line_with_one_field_spoilt_is_refused_or_not_used(place: int) -> None:
    text = "Jan de Vries sprak met Rinus over de afspraak."
    line = REDACTOR.analyse(text).to_json()
    fields = line.split(",")
    assert len(fields) > place
    with pytest.raises(BadInput):
        Analysis.from_json(",".join(fields[:place]))


def test_many_known_values_are_found_as_a_few_are() -> None:
    many = [*KNOWN, *(Known(type="PER", value=f"Naamvoor{chr(97 + n % 26)}{chr(97 + n // 26)} Xqwrtov") for n in range(120))]
    for note in NOTES[:20]:
        text = f"Jan de Vries en Hakans moeder Wit. {note.text}"
        few, much = (REDACTOR.redact([text], known, TextMode.MASK, b"s")[0].marks for known in (KNOWN, many))
        assert len(few) == len(much)
