"""The bars on annotated notes: the development set, and our own notes. What the scorer measures, in short."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from redaction_notes import HERE, IDENTIFYING, NUMBERS, TITLES, Note, leaks, notes

from sluis.redaction import categories, load, spans

REDACTOR = load()
ALL = IDENTIFYING | {"ORG", "CITY", "DATE", "AGE"}
_TOKEN = re.compile(r"[^\W_]+")


def found(note: Note, *, strict: bool = False) -> list[tuple[int, int, str]]:
    return [(s.start, s.end, s.type) for s in REDACTOR.spans([note.text], note.known, strict=strict)[0]]


def share_kept(some: list[Note], types: frozenset[str], *, strict: bool) -> float:
    total = sum(gold.type in types and not gold.optional for note in some for gold in note.spans)
    return 1 - sum(len(leaks(note, found(note, strict=strict), types)) for note in some) / total


def words_redacted(note: Note, *, strict: bool) -> Iterator[bool]:
    """For each redacted word, whether it had to go; titles and optional spans do not count."""
    spans_found = found(note, strict=strict)
    for match in _TOKEN.finditer(note.text):
        if match.group().lower() in TITLES or not any(s < match.end() and match.start() < e for s, e, _ in spans_found):
            continue
        inside = [g for g in note.spans if g.start < match.end() and match.start() < g.end]
        if not any(g.optional for g in inside):
            yield bool(inside)


@pytest.mark.parametrize("strict", [False, True], ids=["mask", "strict"])
@pytest.mark.parametrize("name", ["ontwikkel.txt", "eigen.txt"])
def test_what_identifies_goes_and_the_rest_stays(name: str, *, strict: bool) -> None:
    some = notes(name)
    assert share_kept(some, IDENTIFYING, strict=strict) >= 0.98
    assert share_kept(some, frozenset(ALL), strict=strict) >= 0.975
    redacted = [right for note in some for right in words_redacted(note, strict=strict)]
    assert sum(redacted) / len(redacted) >= 0.9
    clean = sum(not leaks(note, found(note, strict=strict)) for note in some)
    assert clean >= 0.92 * len(some)


@pytest.mark.parametrize("name", ["ontwikkel.txt", "eigen.txt"])
def test_no_number_that_identifies_is_ever_left(name: str) -> None:
    assert [leak for note in notes(name) for leak in leaks(note, found(note), NUMBERS)] == []


@pytest.mark.parametrize("name", ["ontwikkel.txt", "eigen.txt"])
def test_health_and_crime_are_found_from_the_text_alone(name: str) -> None:
    for code, bar in (("H", 0.92), ("C", 0.9)):
        segments = [(note, start, end) for note in notes(name) for start, end, codes in note.cats if code in codes]
        held = 0
        for note, start, end in segments:
            covered = {i for s, e, c in categories(note.text) if c == code for i in range(max(s, start), min(e, end))}
            held += len(covered) >= 0.9 * (end - start)
        assert held / len(segments) >= bar


FRESH = [f"vers_{batch}.txt" for batch in "abcdef"]


@pytest.mark.parametrize("strict", [False, True], ids=["mask", "strict"])
def test_the_six_fresh_batches_keep_what_was_won(*, strict: bool) -> None:
    some = [note for name in FRESH for note in notes(name)]
    assert share_kept(some, IDENTIFYING, strict=strict) >= 0.98
    assert share_kept(some, frozenset(ALL), strict=strict) >= 0.97
    redacted = [right for note in some for right in words_redacted(note, strict=strict)]
    assert sum(redacted) / len(redacted) >= 0.93
    assert sum(not leaks(note, found(note, strict=strict)) for note in some) >= 0.92 * len(some)


@pytest.mark.parametrize("name", FRESH)
def test_no_number_of_a_fresh_note_is_left(name: str) -> None:
    assert [leak for note in notes(name) for leak in leaks(note, found(note), NUMBERS)] == []


TEMPLATES = (
    "Gesproken met {given} over de schulden.",
    "{given} {sur} is niet verschenen.",
    "Moeder {given} belt vandaag.",
    "Mevr. {sur} ontkent alles.",
    "mw {small} komt morgen terug",
    "Op straat zag {given} {sur} twee mannen.",
    "De melding kwam van {sur}, {given}.",
    "Afspraak met G. {sur} verzet.",
)


def people() -> list[tuple[str, str, str]]:
    rows = [line.partition(":") for line in (HERE / "oorsprong.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    return [(origin, *name.strip().split(" ", 1)) for origin, _, names in rows for name in names.split(";")]  # type: ignore[misc]  # two words each


@pytest.mark.parametrize("origin", sorted({origin for origin, _, _ in people()}))
def test_a_name_goes_wherever_it_comes_from(origin: str) -> None:
    asked = kept = 0
    for _, given, sur in [person for person in people() if person[0] == origin]:
        for template in TEMPLATES:
            text = template.format(given=given, sur=sur, small=sur.lower())
            left = "".join(c if not any(s <= i < e for s, e, _ in spans(text)) else " " for i, c in enumerate(text))
            names = _TOKEN.findall(f"{given if '{given}' in template else ''} {sur if 'sur' in template else ''}")
            asked += 1
            kept += not any(name in left.split() for name in names if name not in {"van", "der", "de", "El"})
    assert kept / asked >= 0.95


@pytest.mark.parametrize(("kind", "bar"), [("namen", 0.97), ("plaatsen", 0.95), ("data", 1.0)])
def test_short_bare_examples_go_too(kind: str, bar: float) -> None:
    lines = (HERE / "kort.txt").read_text(encoding="utf-8").splitlines()
    examples = next(line.partition(":")[2] for line in lines if line.startswith(kind)).split(";")
    missed = [e.strip() for e in examples if not covered(e.strip())]
    assert 1 - len(missed) / len(examples) >= bar, missed


HARMLESS = TITLES | {"de", "heer", "het", "wonende", "te", "uit", "in", "naar", "op", "d", "e", "kerstdag", "nr", "aan", "den"}


def covered(example: str) -> bool:
    hidden = {i for s, e, _ in spans(example) for i in range(s, e)}
    wanted = [m for m in _TOKEN.finditer(example) if m.group().lower() not in HARMLESS and m.group() != "1e"]
    return all(hidden.issuperset(range(*m.span())) for m in wanted)
