"""The proof pass: it catches what the redactor let through, whatever part of it is switched off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redaction_notes import notes

from sluis.core.record import Known
from sluis.core.verdict import TextMode
from sluis.redaction import load
from sluis.redaction.proof import Proof

REDACTOR = load()
PERSON = Known(type="PER", value="Hakan Doğan-de Wit", role="betrokkene")
KNOWN = (
    PERSON,
    Known(type="BSN", value="999918205"),
    Known(type="PHONE", value="0612349921"),
    Known(type="ADDR", value="Groene Hilledijk 212c"),
    Known(type="CITY", value="Rotterdam"),
    Known(type="DOB", value="1990-02-07"),
    Known(type="PARKET", value="13/654321-20"),
    Known(type="HANDLE", value="hakan.d06"),
    Known(type="IBAN", value="NL91ABNA0417164300"),
)

WRITTEN = [
    "Hakan",
    "HAKAN",
    "hakan",
    "Dogan",
    "DOĞAN, Hakan",
    "dog\u0306an",
    "Do\u200bg\u00adan",
    "Dogans fiets",
    "H a k a n D o g a n d e W i t",
    "Ｄｏｇａｎ",
    "999918205",
    "9999.18.205",
    "999 918 205",
    "9999\n18205",
    "9-9-9-9-1-8-2-0-5",
    "٩٩٩٩١٨٢٠٥",
    "0612349921",
    "06-12 34 99 21",
    "+31 6 12349921",
    "(06) 1234 9921",
    "groene hilledijk 212c",
    "Groene  Hilledijk, 212 C",
    "rotterdam",
    "Rotterdam's haven",
    "1990-02-07",
    "07-02-1990",
    "07 02 1990",
    "13-654321-20",
    "13.654321/20",
    "hakan.d06",
    "hakan d06",
    "NL91 ABNA 0417 1643 00",
]

VALID = [
    "bsn 111222333",
    "nummer 123 456 782",
    "NL91 ABNA 0417 1643 00",
    "nl20ingb0001234567",
    "06-12345678",
    "+31 10 123 4567",
    "0031612345678",
    "jan@voorbeeld.nl",
    "TX-491-B",
    "12-abc-3",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_known_value_is_read_in_every_written_form(written: str) -> None:
    assert Proof(KNOWN).residues(f"Gesproken over {written} gisteren.")


@pytest.mark.parametrize("written", VALID)
def test_a_valid_identifier_is_read_whoever_it_belongs_to(written: str) -> None:
    assert Proof(()).residues(f"Gesproken over {written} gisteren.")


@pytest.mark.parametrize("written", [*WRITTEN, *VALID])
def test_the_redactor_lets_none_of_them_through(written: str) -> None:
    (result,) = REDACTOR.redact([f"Er is gesproken over {written} en daarna weer niet."], KNOWN, TextMode.MASK, b"seed")
    assert not result.withheld
    assert not Proof(KNOWN).residues(result.text)


def test_markers_are_no_residue() -> None:
    text = "[betrokkene] belt [PERSOON-1] op [DATUM] over [ADRES] en [PASSAGE WEERGEHOUDEN]."
    assert Proof((PERSON, Known(type="PER", value="Persoon Adres"))).residues(text) == []


def test_a_role_that_the_case_file_does_not_have_is_no_marker() -> None:
    assert Proof((PERSON,)).residues("[hakan] belt")


def test_the_proof_tells_types_and_never_a_value() -> None:
    assert Proof(KNOWN).residues("Hakan 999918205") == ["BSN", "PER"]


SEPARATORS = st.sampled_from(["", " ", "-", ".", "/", " - ", "\n", "\u00a0", "\u200b", ", ", "_"])


@settings(max_examples=100, deadline=None)
@given(st.lists(SEPARATORS, min_size=8, max_size=8), st.sampled_from(["bel over ", "zaak ", "(", ""]))
def test_no_known_number_leaves_with_any_separators(separators: list[str], before: str) -> None:
    written = "".join(digit + separator for digit, separator in zip("999918205", [*separators, ""], strict=True))
    (result,) = REDACTOR.redact([f"Er werd {before}{written} genoemd."], KNOWN, TextMode.MASK, b"seed")
    assert "918205" not in "".join(c for c in result.text if c.isdigit())


CASES: list[Callable[[str], str]] = [
    str.upper,
    str.lower,
    str.title,
    str.swapcase,
    lambda name: name + "s",
    "\u00ad".join,
]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["Hakan", "Doğan", "Hakan Doğan", "Doğan, Hakan", "Wit"]),
    st.sampled_from(CASES),
    st.sampled_from(["", "de heer ", "ene ", "en "]),
)
def test_no_known_name_leaves_in_any_written_form(name: str, case: Callable[[str], str], before: str) -> None:
    (result,) = REDACTOR.redact([f"Vandaag zag ik {before}{case(name)} bij de deur."], KNOWN, TextMode.MASK, b"seed")
    left = result.text.casefold().replace("\u00ad", "")
    assert not any(part in left for part in ("hakan", "doğan", "dogan", "wit"))


# ---- mutation: one part of the redactor switched off -----------------------------------------------

CUTS = {
    "known values": {"PER", "CITY", "ADDR"},
    "numbers": {"BSN", "PHONE", "ID", "IBAN", "PARKET", "CASE", "PATNR"},
    "plates": {"PLATE"},
    "online": {"EMAIL", "HANDLE", "URL"},
}


@pytest.mark.parametrize("part", sorted(CUTS))
def test_a_part_that_is_switched_off_is_caught_by_the_proof_pass(part: str) -> None:
    caught = 0
    for note in [*notes("ontwikkel.txt"), *notes("eigen.txt")]:
        spans = [s for s in REDACTOR.spans([note.text], note.known)[0] if s.type not in CUTS[part]]
        out, at = [], 0
        for span in spans:
            out += [note.text[at : span.start], "[NUMMER]"]
            at = span.end
        output = "".join([*out, note.text[at:]])
        values = [
            k
            for k in note.known
            if k.type in CUTS[part] and "".join(c for c in k.value if c.isalnum()) in "".join(c for c in output if c.isalnum())
        ]
        assert not values or Proof(note.known).residues(output), note.id
        caught += bool(Proof(note.known).residues(output))
    assert caught > 3


def test_the_redactors_words_that_say_nothing_are_also_the_proofs() -> None:
    own = Proof([Known(type="PER", value=word) for word in sorted(REDACTOR._lexicon.closed)])
    assert own.residues(" ".join(sorted(REDACTOR._lexicon.closed))) == []
