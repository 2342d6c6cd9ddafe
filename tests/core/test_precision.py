"""Cutting to precision: a coarser step never says more than a finer one, and what is not certain is dropped."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluis.core.precision import AGE_BREAKS, OPERATIONS, Cut, Ladder, cut
from sluis.core.record import FieldValue
from sluis.core.rules import Rulebook
from sluis.core.verdict import Precision

TODAY = date(2026, 3, 2)
LADDER = Ladder(today=TODAY, kinds={"wonen.woonvorm": frozenset({"zelfstandig"})}, inhabitants={"3511": 9_000, "3999": 300})
NAME = "wonen.woonvorm"
COMPUTED = sorted(OPERATIONS - {"volledig", "gelakt"})
VALUES: st.SearchStrategy[FieldValue] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.text(max_size=60),
    st.dates(date(1900, 1, 1), TODAY).map(date.isoformat),
    st.from_regex(r"[A-Z][a-z]{2,8}straat [1-9]\d?, [1-9]\d{3} [A-Z]{2} [A-Z][a-z]{2,9}", fullmatch=True),
)


def left(value: FieldValue, operation: str) -> bool | int | str | None:
    found = cut(value, operation, NAME, LADDER)
    return None if found is None else found.value


def test_the_operations_are_those_of_the_vocabulary(shipped: Rulebook) -> None:
    assert set(shipped.vocabulary.operations) == OPERATIONS


def test_every_step_of_every_field_of_the_vocabulary_is_an_operation(shipped: Rulebook) -> None:
    for category in shipped.vocabulary.categories.values():
        for steps in category.fields.values():
            assert set(steps.values()) <= OPERATIONS
            ranks = [shipped.vocabulary.operations[steps[p]].rank for p in sorted(steps)]
            assert ranks == sorted(ranks), f"{category.id}: a coarser step says more than a finer one"


@given(value=VALUES, operation=st.text(max_size=12).filter(lambda word: word not in OPERATIONS))
def test_an_unknown_operation_drops_the_field(value: FieldValue, operation: str) -> None:
    assert cut(value, operation, NAME, LADDER) is None


@given(value=VALUES)
def test_what_is_dropped_is_gone_and_advice_is_written_or_does_not_exist(value: FieldValue) -> None:
    assert cut(value, "weg", NAME, LADDER) is None
    assert cut(value, "advies", NAME, LADDER) is None


@given(value=VALUES)
def test_free_text_always_has_to_pass_the_redactor(value: FieldValue) -> None:
    found = cut(value, "gelakt", NAME, LADDER)
    assert found is None or found.text


@given(one=st.dates(date(1900, 1, 1), TODAY), other=st.dates(date(1900, 1, 1), TODAY))
def test_two_days_that_a_finer_step_cannot_tell_apart_are_the_same_to_a_coarser_one(one: date, other: date) -> None:
    for finer, coarser in (("volledig", "maand"), ("maand", "jaar"), ("volledig", "leeftijdsgroep"), ("volledig", "ja-nee")):
        if left(one.isoformat(), finer) == left(other.isoformat(), finer):
            assert left(one.isoformat(), coarser) == left(other.isoformat(), coarser)


@given(born=st.dates(date(1900, 1, 1), TODAY))
def test_an_age_band_holds_the_age_and_no_day(born: date) -> None:
    band = str(left(born.isoformat(), "leeftijdsgroep"))
    age = (TODAY - born).days // 365.2425
    low = int(re.split("[- ]", band, maxsplit=1)[0])
    assert low in {0, *AGE_BREAKS}
    assert low <= age + 1
    assert str(born.year) not in band or born.year < 100


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2014-03-02", "12-15"),
        ("2014-03-03", "0-11"),
        ("2010-03-02", "16-17"),
        ("2008-03-02", "18-22"),
        ("2008-03-03", "16-17"),
        ("2003-03-02", "23-64"),
        ("1961-03-02", "65 en meer"),
        ("2004-02-29", "18-22"),
        (17, "16-17"),
        ("2026-03-03", None),
        ("2026-02-30", None),
        ("onbekend", None),
        (True, None),
        (-1, None),
    ],
)  # fmt: skip - pairs
def test_the_age_bands_break_on_the_birthday(born: FieldValue, band: str | None) -> None:
    assert left(born, "leeftijdsgroep") == band


@pytest.mark.parametrize(
    ("value", "operation", "expected"),
    [
        ("1991-04-23", "jaar", "1991"),
        ("1991-04-23", "maand", "1991-04"),
        ("23-04-1991", "jaar", None),
        ("1991", "maand", None),
        (4_999, "klasse", "2500-4999"),
        (5_000, "klasse", "5000-9999"),
        (0, "klasse", "0-499"),
        (60_000, "klasse", "50000 en meer"),
        ("4999", "klasse", None),
        (-5, "klasse", None),
        (True, "klasse", None),
        (3, "aantal", 3),
        (True, "aantal", None),
        ("3", "aantal", None),
        ("Sem van Oldewarris", "initialen", "S. V. O."),
        ("", "initialen", None),
        ("zelfstandig", "soort", "zelfstandig"),
        ("iets anders", "soort", None),
        ("999900018", "masker", "******018"),
        ("12345678", "masker", None),
        (999900018, "masker", None),
        ("Dorpsstraat 1, 3511 AB Utrecht", "wijk", "3511"),
        ("Dorpsstraat 1, 3999 ZZ Veenstad", "wijk", "Veenstad"),
        ("Dorpsstraat 1, 3511 AB Utrecht", "gemeente", "Utrecht"),
        ("Dorpsstraat 1, Utrecht", "gemeente", None),
        ("Dorpsstraat 1, 3511 AB Utrecht 4 hoog", "gemeente", None),
        ("nee", "ja-nee", "nee"),
        ("", "ja-nee", "nee"),
        (0, "ja-nee", "nee"),
        (False, "ja-nee", "nee"),
        ("zeer vertrouwelijk", "ja-nee", "ja"),
    ],
)  # fmt: skip - triples
def test_each_operation_leaves_what_its_name_says(value: FieldValue, operation: str, expected: object) -> None:
    assert left(value, operation) == expected


@given(secret=st.text("abcdefgh ", min_size=5, max_size=40).filter(str.strip))
@pytest.mark.parametrize("operation", COMPUTED)
def test_the_full_text_that_the_holder_wrote_leaves_by_no_coarser_step(operation: str, secret: str) -> None:
    found = left({"gelakt": secret}, operation)
    assert found is None or secret not in str(found)


def test_an_advice_leaves_as_written_and_still_passes_the_redactor() -> None:
    assert cut({"advies": "spreek rustig", "gelakt": "lang verhaal"}, "advies", NAME, LADDER) == Cut(
        value="spreek rustig", text=True
    )
    assert cut({"gelakt": "lang verhaal"}, "advies", NAME, LADDER) is None


def test_a_kind_outside_the_fixed_list_is_dropped_also_when_its_holder_wrote_it() -> None:
    assert cut({"soort": "bij zijn moeder"}, "soort", NAME, LADDER) is None


def test_the_ladder_of_precision_only_ever_adds(shipped: Rulebook) -> None:
    """Whatever field of whatever category: a step without an operation gives nothing."""
    for category in shipped.vocabulary.categories.values():
        for name, steps in category.fields.items():
            assert set(steps) <= {Precision.GROF, Precision.FUNCTIONEEL, Precision.EXACT}, name


def test_a_birthday_in_the_future_has_no_age() -> None:
    assert left((TODAY + timedelta(days=1)).isoformat(), "leeftijdsgroep") is None


def test_the_repr_of_a_cut_shows_no_value() -> None:
    assert "Jansen" not in repr(Cut(value="Jansen"))
