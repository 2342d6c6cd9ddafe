"""From records to what leaves: only what is permitted, cut, redacted; and nothing told of the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ambient import NOON
from sluis.core.disclosure import PASSAGE_WITHHELD, Disclosure, disclose
from sluis.core.precision import Ladder
from sluis.core.record import Record, RedactedText
from sluis.core.verdict import Decision, Deny, Permit, Precision, Reason, TextMode, Verdict

LADDER = Ladder(today=NOON.date())
NAMES = ("gezondheid.bestaat", "gezondheid.functioneel", "wonen.situatie", "politie.artikel-8")
FIELDS = {
    name: {
        "soort": {Precision.GROF: "ja-nee", Precision.FUNCTIONEEL: "volledig", Precision.EXACT: "volledig"},
        "tekst": {Precision.FUNCTIONEEL: "gelakt", Precision.EXACT: "gelakt"},
        "geheim": {Precision.EXACT: "volledig"},
    }
    for name in NAMES
}


def permit(precision: Precision = Precision.FUNCTIONEEL, text: TextMode = TextMode.MASK) -> Permit:
    return Permit(precision=precision, rules=("r",), text=text)


def decision(verdicts: Mapping[str, Verdict]) -> Decision:
    """A decision as the rules would make it."""
    return Decision(verdicts=verdicts, duties=(), rules=(), policy="sha256:x")


def marked(texts: Sequence[str], _mode: TextMode) -> list[RedactedText]:
    return [RedactedText(text=f"<{text}>", withheld="X" in text) for text in texts]


def done(records: Sequence[Record], verdicts: Mapping[str, Verdict]) -> Disclosure:
    return disclose(records, decision(verdicts), fields=FIELDS, ladder=LADDER, redact=marked)


def record(category: str, **fields: str) -> Record:
    return Record(category=category, provider="ggz", recorded=NOON, fields=fields)


records = st.lists(
    st.builds(
        lambda category, fields: Record(category=category, provider="ggz", recorded=NOON, fields=fields),
        st.sampled_from(NAMES),
        st.dictionaries(st.sampled_from(["soort", "tekst", "geheim", "onbekend"]), st.text("abcX", min_size=1, max_size=6)),
    ),
    max_size=6,
)
verdicts = st.dictionaries(
    st.sampled_from(NAMES),
    st.one_of(
        st.builds(permit, st.sampled_from(list(Precision)), st.sampled_from(list(TextMode))),
        st.just(Deny(reason=Reason.GEHEIM, explanation="nee")),
    ),
    min_size=1,
).filter(lambda found: any(isinstance(one, Permit) for one in found.values()))


@given(held=records, found=verdicts)
def test_no_category_leaves_without_a_grant(held: list[Record], found: Mapping[str, Verdict]) -> None:
    assert set(done(held, found).categories) == {name for name, one in found.items() if isinstance(one, Permit)}


@given(held=records, more=records, found=verdicts)
def test_two_files_that_differ_only_in_what_is_withheld_give_the_same(
    held: list[Record], more: list[Record], found: Mapping[str, Verdict]
) -> None:
    withheld = [one for one in more if not isinstance(found.get(one.category), Permit)]
    assert done(held, found) == done([*withheld, *held], found)


@given(held=records, found=verdicts)
def test_free_text_leaves_only_as_the_redactor_gave_it_back(held: list[Record], found: Mapping[str, Verdict]) -> None:
    out = done(held, found)
    for name, released in out.categories.items():
        one = found[name]
        assert isinstance(one, Permit)
        for item in released.items:
            text = item.fields.get("tekst")
            if text is not None:
                assert text == PASSAGE_WITHHELD or (str(text).startswith("<") and "X" not in str(text))
                assert one.text in {TextMode.MASK, TextMode.STRICT} or text == PASSAGE_WITHHELD


@given(held=records, found=verdicts)
def test_at_bestaat_and_below_there_is_a_yes_or_no_and_nothing_else(held: list[Record], found: Mapping[str, Verdict]) -> None:
    for released in done(held, found).categories.values():
        if released.precision <= Precision.BESTAAT:
            assert released.items == ()


@given(held=records)
def test_a_coarser_permit_never_gives_a_field_that_a_finer_one_does_not(held: list[Record]) -> None:
    kept: set[tuple[str, int, str]] = set()
    for precision in sorted(Precision, reverse=True):
        out = done(held, dict.fromkeys(NAMES, permit(precision)))
        now = {
            (name, i, field) for name, one in out.categories.items() for i, item in enumerate(one.items) for field in item.fields
        }
        if precision is not Precision.EXACT:
            assert {(name, field) for name, _, field in now} <= {(name, field) for name, _, field in kept}
        kept = now


def test_a_field_outside_the_vocabulary_never_leaves() -> None:
    out = done([record("wonen.situatie", onbekend="a", soort="b")], {"wonen.situatie": permit(Precision.EXACT)})
    assert dict(out.categories["wonen.situatie"].items[0].fields) == {"soort": "b"}


def test_one_strict_category_makes_the_whole_release_strict() -> None:
    modes = []

    def redact(texts: Sequence[str], mode: TextMode) -> list[RedactedText]:
        modes.append(mode)
        return marked(texts, mode)

    held = [record("wonen.situatie", tekst="a"), record("politie.artikel-8", tekst="b")]
    found = decision({"wonen.situatie": permit(), "politie.artikel-8": permit(text=TextMode.STRICT)})
    disclose(held, found, fields=FIELDS, ladder=LADDER, redact=redact)
    assert modes == [TextMode.STRICT]


def test_what_the_redactor_held_back_is_counted_and_marked_without_a_reason() -> None:
    out = done([record("wonen.situatie", tekst="aX")], {"wonen.situatie": permit()})
    assert out.categories["wonen.situatie"].items[0].fields["tekst"] == PASSAGE_WITHHELD
    assert (out.texts_released, out.texts_withheld) == (0, 1)


def test_a_decision_that_permits_nothing_discloses_nothing() -> None:
    with pytest.raises(ValueError, match="permits nothing"):
        done([], {"wonen.situatie": Deny(reason=Reason.GEHEIM, explanation="nee")})


def test_what_leaves_shows_no_value_in_its_repr() -> None:
    out = done([record("wonen.situatie", soort="Jansen")], {"wonen.situatie": permit()})
    assert "Jansen" not in repr(out)
