"""What the case file knows, found in every form a writer may use.

Names: whole folded tokens in any order, with a genitive -s, one letter wrong when the token is no Dutch word. Numbers: the
same letters and digits with any separator between them, over line ends. Closed-class words of a name (`de`, `wil`) count only
in company.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from sluis.core.record import Known
from sluis.redaction.fold import fold_value
from sluis.redaction.lexicon import PARTICLES, Lexicon
from sluis.redaction.lists import words
from sluis.redaction.page import Span
from sluis.redaction.sheet import Sheet

NAMED = frozenset({"PER", "ORG", "CITY", "ADDR"})
_TOKEN = re.compile(r"[^\W_]+")
_SPELLED = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa"), ("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("ij", "y"))
_SKIPPED = words("known.skipped")
_FUZZY_FROM, _FUZZY_TWO = 5, 8
_SHORTEST, _SPELLED_FROM = 4, 6
_MANY = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSet:
    """The known values, prepared.

    `tokens` maps a folded token to its type, `weak` are closed-class words, `numbers` letters and digits; `fronts` the
    particles that stand before a token in a known name, `whole` the names without spaces.
    """

    tokens: dict[str, str] = field(repr=False)
    weak: dict[str, str] = field(repr=False)
    fuzzy: tuple[str, ...] = field(repr=False)
    numbers: tuple[tuple[str, str], ...] = field(repr=False)
    fronts: dict[str, frozenset[str]] = field(repr=False)
    whole: tuple[str, ...] = field(repr=False)


def prepare(known: Iterable[Known], lexicon: Lexicon) -> KnownSet:
    """Make the known values ready for matching."""
    tokens: dict[str, str] = {}
    weak: dict[str, str] = {}
    numbers: dict[str, str] = {}
    fronts: dict[str, frozenset[str]] = {}
    whole: list[str] = []
    for item in known:
        if item.type in NAMED:
            own = _TOKEN.findall(fold_value(item.value))
            forms = [*own, *_spelled_otherwise(item.value)]
            fronts.update(_fronts(forms))
            whole.append("".join(own))
            for token in forms:
                if token in PARTICLES and token in (forms[0], forms[-1]) and item.type == "PER":
                    weak.setdefault(token, item.type)
                elif len(token) < 2 or token.isdigit() or token in PARTICLES or (item.type != "PER" and token in _SKIPPED):  # noqa: PLR2004 - an initial
                    continue
                (weak if _closed(token, item.type, lexicon) else tokens).setdefault(token, item.type)
            if item.type == "ADDR":
                numbers.setdefault("".join(own), "ADDR")
        else:
            for plain in _number_forms(item):
                numbers.setdefault(plain, item.type)
    long = tuple((plain, kind) for plain, kind in numbers.items() if len(plain) >= _SHORTEST)
    fuzzy = tuple(t for t in tokens if len(t) >= _FUZZY_FROM)
    names = tuple(name for name in whole if len(name) >= _SPELLED_FROM)
    return KnownSet(tokens=tokens, weak=weak, fuzzy=fuzzy, numbers=long, fronts=fronts, whole=names)


def _fronts(forms: list[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Each token of a name with the particles right before it."""
    particles: set[str] = set()
    for token in forms:
        if token in PARTICLES:
            particles.add(token)
        else:
            if particles:
                yield token, frozenset(particles)
            particles = set()


def _closed(token: str, kind: str, lexicon: Lexicon) -> bool:
    return token in lexicon.closed or (kind in ("ADDR", "ORG") and lexicon.harmless(token))


def _spelled_otherwise(value: str) -> Iterator[str]:
    """The folded tokens of the other spellings of a value (`ü` as `ue`, `ij` as `y`)."""
    lower = value.lower()
    spelled = lower
    if not lower.isascii():
        for letter, other in _SPELLED[:-1]:
            spelled = spelled.replace(letter, other)
    if spelled != lower:
        yield from _TOKEN.findall(fold_value(spelled))
    if "ij" in lower:
        yield from _TOKEN.findall(fold_value(lower.replace("ij", "y")))


def _number_forms(item: Known) -> Iterator[str]:
    plain = "".join(_TOKEN.findall(fold_value(item.value)))
    yield plain
    if item.type == "PHONE":
        if plain.startswith("0031"):
            plain = plain[4:]
        elif plain.startswith("31") and len(plain) == 11:  # noqa: PLR2004 - country code and nine digits
            plain = plain[2:]
        yield plain.lstrip("0")
    if item.type == "BSN":
        yield plain.lstrip("0")
    if item.type in ("DOB", "DATE") and len(plain) == 8 and item.value[:4].isdigit():  # noqa: PLR2004 - an ISO date
        year, month, day = plain[:4], plain[4:6], plain[6:]
        yield day + month + year
        yield day + month + year[2:]


def find(sheet: Sheet, known: KnownSet) -> list[Span]:
    """Every place of the text where a known value stands."""
    hits = _many(sheet, known) if len(known.tokens) > _MANY else _few(sheet, known)
    if known.fuzzy and sheet.analysis.odd:
        _misspelt(sheet, known, hits)
    found = list(_places(sheet, known, hits)) if hits else []
    if known.weak:
        found.extend(_weak(sheet, known, hits))
    values = known.numbers
    if sheet.classes.count("i") + sheet.classes.count("I") >= _SPELLED_FROM:
        values = (*values, *((name, "PER") for name in known.whole))
    squeezed = _squeezed(sheet.folded) if values else b""
    for plain, kind in values:
        if _squeezed(plain) in squeezed:
            found.extend(Span(start, end, kind) for start, end in _chained(sheet.folded, plain))
    return found


def _few(sheet: Sheet, known: KnownSet) -> dict[int, str]:
    """The places of known tokens, with their type: each token is looked for in the text."""
    hits: dict[int, str] = {}
    for token, kind in known.tokens.items():
        for index, whole in _standing(sheet, token):
            if whole or index not in hits:
                hits[index] = kind
    return hits


def _standing(sheet: Sheet, token: str) -> Iterator[tuple[int, bool]]:
    """The places of a word: True as it is, False with a genitive -s."""
    folded, at = sheet.folded, sheet.at
    start = folded.find(token)
    while start >= 0:
        index = bisect_right(at, start) - 1
        if index % 2 and at[index] == start:
            rest = at[index + 1] - start - len(token)
            if rest == 0 or (rest == 1 and folded[start + len(token)] == "s"):
                yield index, rest == 0
        start = folded.find(token, start + 1)


def _many(sheet: Sheet, known: KnownSet) -> dict[int, str]:
    """The same when the case file knows a great deal: each word of the text is looked up."""
    hits: dict[int, str] = {}
    for index in range(1, len(sheet.classes), 2):
        word = sheet.word(index)
        kind = known.tokens.get(word) or (known.tokens.get(word[:-1]) if word[-1] == "s" else None)
        if kind:
            hits[index] = kind
    return hits


def _misspelt(sheet: Sheet, known: KnownSet, hits: dict[int, str]) -> None:
    """Add the places where a word that is no Dutch is nearly a known name."""
    places: dict[str, list[int]] = {}
    for index in sheet.analysis.odd:
        if index not in hits:
            places.setdefault(sheet.word(index), []).append(index)
    written = list(places)
    for token in known.fuzzy:
        for word, distance, _ in process.extract(token, written, scorer=DamerauLevenshtein.distance, score_cutoff=2, limit=None):
            if distance <= 1 or len(word) >= _FUZZY_TWO:
                hits.update(dict.fromkeys(places[word], "PER"))


_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())


def _squeezed(folded: str) -> bytes:
    """The plain letters and digits of a text: what is not in here stands nowhere in the text, whatever separates it."""
    return folded.encode("ascii", "ignore").translate(None, _NO_LETTERS)


def _chained(folded: str, plain: str) -> Iterator[tuple[int, int]]:
    """Where these letters or digits stand, with at most three signs and two low lines between each; digits as a whole number."""
    first, second, number = plain[0], plain[1], plain.isdigit()
    at = folded.find(first)
    while at >= 0:
        after = folded[at + 1 : at + 2]
        end = _follow(folded, at, plain) if after == second or not after.isalnum() else 0
        if end and number and (folded[at - 1 : at].isdecimal() or folded[end : end + 1].isdecimal()):
            end = 0
        if end:
            yield at, end
        at = folded.find(first, end or at + 1)


def _follow(folded: str, at: int, plain: str) -> int:
    """The end of the chain that begins here; 0 when it breaks off."""
    if folded.startswith(plain, at):
        return at + len(plain)
    at += 1
    for sign in plain[1:]:
        if folded[at : at + 1] != sign:
            gap = _GAP.match(folded, at)
            at = gap.end() if gap else at
            if folded[at : at + 1] != sign:
                return 0
        at += 1
    return at


_GAP = re.compile(r"[^\w]{0,3}_{0,2}")


def _places(sheet: Sheet, known: KnownSet, hits: dict[int, str]) -> Iterator[Span]:
    at, last = sheet.at, -8
    for index in sorted(hits):
        if index - last <= 8 and all(kind in "pPsq" for kind in sheet.classes[last + 1 : index]):  # noqa: PLR2004 - three particles
            yield Span(at[last], at[index + 1], "PER")
        last = index
        fronts = known.fronts.get(sheet.word(index), _NONE)
        yield Span(at[_particles(sheet, index, fronts)], at[index + 1], hits[index])


_NONE = frozenset[str]()


def _weak(sheet: Sheet, known: KnownSet, found: dict[int, str]) -> Iterator[Span]:
    """A closed-class word that is part of a known name: with a capital inside a sentence, or beside another part of the name."""
    classes = sheet.classes
    for index, kind in [(n, kind) for token, kind in known.weak.items() for n, whole in _standing(sheet, token) if whole]:
        near = any(n in found and classes[(n + index) // 2] in "shcdDZq" for n in (index - 2, index + 2))
        capital = classes[index].isupper() and not sheet.starts_sentence(index)
        titled = index > 2 and classes[index - 2] in "tTI" and classes[index - 1] in "sDZ"  # noqa: PLR2004 - a word before
        if near or titled or (capital and kind == "PER"):
            yield Span(sheet.at[index], sheet.at[index + 1], kind)


def _particles(sheet: Sheet, index: int, fronts: frozenset[str]) -> int:
    """Take in an initial, a particle with a capital, or a particle that the known name has there."""
    while index > 1 and sheet.classes[index - 1] in "sqdDZn":
        if sheet.classes[index - 2] not in "IP" and sheet.word(index - 2) not in fronts:
            break
        index -= 2
    return index
