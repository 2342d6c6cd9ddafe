"""Spelling hides nothing: the same notes written otherwise lose no number, no known value and hardly a name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redaction_notes import IDENTIFYING, NUMBERS, bare, leaks, notes, rewritten, upper

from sluis.core.record import Known
from sluis.core.verdict import TextMode
from sluis.redaction import load

REDACTOR = load()
NOTES = [*notes("ontwikkel.txt"), *notes("eigen.txt")]

WAYS: dict[str, tuple[Callable[[int, str, str], str], float]] = {
    "as it is": (lambda _place, c, _text: c, 0.99),
    "in capitals": (lambda _place, c, _text: upper(c), 0.95),
    "in small letters": (lambda _place, c, _text: c.lower() if len(c.lower()) == 1 else c, 0.95),
    "without accents": (lambda _place, c, _text: bare(c), 0.99),
    "decomposed": (lambda _place, c, _text: unicodedata.normalize("NFD", c), 0.99),
    "no-break spaces": (lambda _place, c, _text: "\u00a0" if c == " " else c, 0.99),
    "zero-width spaces": (lambda _place, c, _text: c + "\u200b", 0.99),
    "soft hyphens": (lambda place, c, _text: c + ("\u00ad" if c.isalpha() and place % 3 == 0 else ""), 0.99),
    "lines broken inside numbers": (
        lambda place, c, text: c + "\n" if c.isdigit() and text[place + 1 : place + 2].isdigit() and place % 4 == 0 else c,
        0.99,
    ),
    "lines wrapped": (lambda place, c, _text: "\n" if c == " " and place % 5 == 0 else c, 0.99),
}


@pytest.mark.parametrize("way", WAYS)
def test_recall_does_not_drop_when_a_note_is_written_otherwise(way: str) -> None:
    how, bar = WAYS[way]
    left: list[str] = []
    numbers: list[str] = []
    total = 0
    for note in NOTES:
        other = rewritten(note, how)
        found = [(s.start, s.end, s.type) for s in REDACTOR.spans([other.text], other.known)[0]]
        left += leaks(other, found)
        numbers += leaks(other, found, NUMBERS)
        total += sum(gold.type in IDENTIFYING and not gold.optional for gold in other.spans)
    assert numbers == []
    assert 1 - len(left) / total >= bar, left


PIECES = st.sampled_from(
    [
        "Jan de Vries ",
        "mw bouali ",
        "06-12 34 56 78 ",
        "12-03-1990",
        "999918205",
        "[PERSOON-1]",
        "[",
        "]",
        "\n",
        ". ",
        "NL91 ABNA 0417 1643 00 ",
        "a@b.nl ",
        "u\u0301",
        "\u200b",
        "\ud800",
        "Kerkstraat 12a ",
        "(16) ",
        "verdachte ",
        "De ",
        "van der ",
        "X",
        "9",
        "/",
        "-",
        "'",
        "ﬁ",
        "İ",
        "ß",
        "٣",
        "①",
        "[moeder]",
        "[kind 2] ",
    ],
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=25).map("".join)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_every_span_lies_in_the_text_and_none_overlaps(text: str) -> None:
    spans = REDACTOR.spans([text], [Known(type="PER", value="Jan de Vries")])[0]
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        end = span.end


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_released_text_can_be_written_as_utf_8_and_its_marks_are_where_they_say(text: str) -> None:
    (result,) = REDACTOR.redact([text], [Known(type="PER", value="Jan de Vries", role="betrokkene")], TextMode.MASK, b"seed")
    result.text.encode()
    for start, end, _ in result.marks:
        assert result.text[start] == "["
        assert result.text[end - 1] == "]"


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.id)
def test_redacting_twice_changes_nothing(note: object) -> None:
    known = [Known(type=k.type, value=k.value, role="betrokkene" if n == 0 else None) for n, k in enumerate(note.known)]  # type: ignore[attr-defined]  # a Note
    (once,) = REDACTOR.redact([note.text], known, TextMode.STRICT, b"seed")  # type: ignore[attr-defined]  # a Note
    (twice,) = REDACTOR.redact([once.text], known, TextMode.STRICT, b"seed")
    assert twice.text == once.text
