"""What the case file knows, found in every form a writer may use.

Names: whole folded tokens in any order, with a genitive -s, one letter wrong when the token is no Dutch word. Numbers: the
same letters and digits with any separator between them, over line ends. Closed-class words of a name (`de`, `wil`) count only
in company.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz.distance import DamerauLevenshtein

from sluis.core.record import Known
from sluis.redaction.fold import fold_value
from sluis.redaction.lexicon import PARTICLES, Lexicon
from sluis.redaction.lists import words
from sluis.redaction.page import Page, Span

NAMED = frozenset({"PER", "ORG", "CITY", "ADDR"})
_TOKEN = re.compile(r"[^\W_]+")
_SPELLED = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa"), ("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("ij", "y"))
_SKIPPED = words("known.skipped")
_FUZZY_FROM, _FUZZY_TWO = 5, 8
_SHORTEST, _SPELLED_FROM = 4, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSet:
    """The known values, prepared.

    `tokens` maps a folded token to its type, `weak` are closed-class words, `numbers` patterns; `fronts` the particles that
    stand before a token in a known name, `whole` the names without spaces.
    """

    tokens: dict[str, str] = field(repr=False)
    weak: dict[str, str] = field(repr=False)
    fuzzy: tuple[str, ...] = field(repr=False)
    numbers: tuple[tuple[re.Pattern[str], str], ...] = field(repr=False)
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
            forms = list(_forms(item.value))
            fronts.update(_fronts(forms))
            whole.append("".join(_TOKEN.findall(fold_value(item.value))))
            for token in forms:
                if token in PARTICLES and token in (forms[0], forms[-1]) and item.type == "PER":
                    weak.setdefault(token, item.type)
                elif len(token) < 2 or token.isdigit() or token in PARTICLES or (item.type != "PER" and token in _SKIPPED):  # noqa: PLR2004 - an initial
                    continue
                (weak if _closed(token, item.type, lexicon) else tokens).setdefault(token, item.type)
            if item.type == "ADDR":
                numbers.setdefault("".join(_TOKEN.findall(fold_value(item.value))), "ADDR")
        else:
            for plain in _number_forms(item):
                numbers.setdefault(plain, item.type)
    patterns = tuple((_separated(plain), kind) for plain, kind in numbers.items() if len(plain) >= _SHORTEST)
    fuzzy = tuple(t for t in tokens if len(t) >= _FUZZY_FROM)
    return KnownSet(tokens=tokens, weak=weak, fuzzy=fuzzy, numbers=patterns, fronts=fronts, whole=tuple(whole))


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


def _forms(value: str) -> Iterator[str]:
    """The folded tokens of a value, and of its other spellings (`ü` as `ue`, `ij` as `y`)."""
    yield from _TOKEN.findall(fold_value(value))
    lower = value.lower()
    spelled = lower
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


def _separated(plain: str) -> re.Pattern[str]:
    return re.compile(
        r"(?<![0-9])" + r"[^\w]{0,3}_{0,2}".join(map(re.escape, plain)) + r"(?![0-9])"
        if plain.isdigit()
        else r"[^\w]{0,3}_{0,2}".join(map(re.escape, plain))
    )


def find(page: Page, known: KnownSet) -> Iterator[Span]:
    """Every place of the text where a known value stands."""
    words = set(page.low)
    hits = {t for t in words if t in known.tokens or (t[-1] == "s" and t[:-1] in known.tokens)}
    if known.fuzzy:
        unknown = {word for word, kind in zip(page.low, page.classes[1::2], strict=True) if kind in "uvNXg"}
        hits.update(_misspelt(unknown - hits, known, page.lexicon))
    if hits:
        yield from _places(page, known, hits)
    if known.weak and not words.isdisjoint(known.weak):
        yield from _weak(page, known, {2 * place + 1 for place, word in enumerate(page.low) if word in hits})
    if page.classes.count("i") + page.classes.count("I") >= _SPELLED_FROM:
        yield from _spelled_out(page, known)
    for pattern, kind in known.numbers:
        yield from (Span(m.start(), m.end(), kind) for m in pattern.finditer(page.folded))


def _spelled_out(page: Page, known: KnownSet) -> Iterator[Span]:
    """A name written letter by letter: `h a k a n`."""
    for name in known.whole:
        if len(name) >= _SPELLED_FROM:
            yield from (Span(m.start(), m.end(), "PER") for m in _separated(name).finditer(page.folded))


def _misspelt(tokens: set[str], known: KnownSet, lexicon: Lexicon) -> Iterator[str]:
    for token in tokens:
        if (
            len(token) < _FUZZY_FROM
            or not token.isalpha()
            or lexicon.harmless(token)
            or token in lexicon.roles
            or token in lexicon.function
        ):
            continue
        allowed = 2 if len(token) >= _FUZZY_TWO else 1
        if any(
            abs(len(t) - len(token)) <= allowed and DamerauLevenshtein.distance(t, token, score_cutoff=allowed) <= allowed
            for t in known.fuzzy
        ):
            yield token


def _places(page: Page, known: KnownSet, hits: set[str]) -> Iterator[Span]:
    at, last = page.at, -8
    for index in [2 * place + 1 for place, word in enumerate(page.low) if word in hits]:
        word = page.low[index // 2]
        if index - last <= 8 and all(kind in "pPsq" for kind in page.classes[last + 1 : index]):  # noqa: PLR2004 - three particles
            yield Span(at[last], at[index + 1], "PER")
        last = index
        kind = known.tokens.get(word) or known.tokens.get(word[:-1]) or "PER"
        yield Span(at[_particles(page, index, known.fronts.get(word, frozenset()))], at[index + 1], kind)


def _weak(page: Page, known: KnownSet, found: set[int]) -> Iterator[Span]:
    """A closed-class word that is part of a known name: with a capital inside a sentence, or beside another part of the name."""
    for place, word in enumerate(page.low):
        kind, index = known.weak.get(word), 2 * place + 1
        if kind is None:
            continue
        near = any(n in found and page.classes[(n + index) // 2] in "shcdDZq" for n in (index - 2, index + 2))
        capital = page.classes[index].isupper() and not page.starts_sentence(index)
        titled = index > 2 and page.classes[index - 2] in "tTI" and page.classes[index - 1] in "sDZ"  # noqa: PLR2004 - a word before
        if near or titled or (capital and kind == "PER"):
            yield Span(page.at[index], page.at[index + 1], kind)


def _particles(page: Page, index: int, fronts: frozenset[str]) -> int:
    """Take in an initial, a particle with a capital, or a particle that the known name has there."""
    while index > 1 and page.classes[index - 1] in "sqdDZn":
        if page.classes[index - 2] not in "IP" and page.low[index // 2 - 1] not in fronts:
            break
        index -= 2
    return index
