"""What is known to be harmless: the Dutch word list and the allow-lists, and the class of a written word.

Laws of this file: no list of people's names decides; a word that is on no list is not harmless; a compound is harmless only
when every part has four letters or more and is an ordinary word.
"""

from __future__ import annotations

import hashlib
import lzma
import re
import unicodedata
from collections.abc import Iterable
from importlib import resources
from importlib.resources.abc import Traversable

from sluis.redaction.fold import fold
from sluis.redaction.lists import source, words

_PART = 4
_REMEMBERED = 100_000
_LETTERS = re.compile(r"[^\W\d_]+")
_STEM, _LEARNED_FROM = 5, 8
_ROLE_ENDS, _NO_ROLE = tuple(words("lexicon.role_ends")), tuple(words("lexicon.no_roles"))
_ENDINGS = tuple(words("lexicon.endings"))
_PREFIXES = tuple(words("lexicon.prefixes"))
_LEARNED = tuple(words("lexicon.learned"))
ALLOWED = ("calendar", "peoples", "medicines", "tests", "makes", "jargon")
PHRASES = ("agencies", "eponyms")
PARTICLES = words("lexicon.particles")
SURE_PARTICLES = words("lexicon.sure_particles")


class Lexicon:
    """The lists, and `classes`: the class of any written word, worked out once.

    Classes: `0` digits, `m` digits and letters, `I` one capital, `i` one small letter; small `w` ordinary, `k` closed class,
    `t` title, `r` role, `p` particle, `b` abbreviation, `a` allowed, `v` only known as a name or place, `u` unknown;
    capital `W K T R P B A` the same with a capital, `G` also a given name, `g` also on the list of names, `N` unknown;
    in capitals throughout `Y` ordinary, `X` unknown.
    """

    def __init__(self, tenant_terms: Iterable[str] = ()) -> None:
        data = resources.files("sluis.redaction") / "data"
        digest = hashlib.sha256(source())
        self._load_words(data / "opentaal" / "dutch.xz", digest)
        lists = {name: _lines(data / "allow" / f"{name}.txt", digest) for name in _LISTS}
        held = {name: frozenset(_words(lines)) for name, lines in lists.items()}
        self.titles, self.roles, self.function = held["titles"], held["roles"], held["function_words"]
        self.abbreviations, self.surnames, self.closed = held["abbreviations"], held["surname_words"], held["closed_words"]
        self.given = held["given_words"] - self.function
        terms = [term for term in tenant_terms if term.strip()]
        singles = self._singles(lists, terms)
        self.allowed: frozenset[str] = singles.union(*(held[name] for name in ALLOWED))
        self.ordinary.update(
            part for name in _LISTS for word in held[name] if "-" in word for part in word.split("-") if len(part) >= _PART
        )
        self.phrases = _phrases([line for name in PHRASES for line in lists[name]] + terms)
        self.number_words, self.handle_words, self.endings = (
            frozenset(_words(_lines(data / "context" / f"{name}.txt", digest)))
            for name in ("number_words", "handle_words", "street_endings")
        )
        self.ordinary.update(self.number_words, self.handle_words)
        self.phrase_words = frozenset(word for phrases in self.phrases.values() for phrase in phrases for word in phrase)
        digest.update("\n".join(sorted(terms)).encode())
        self.digest = digest.hexdigest()
        self.classes = _Classes(self)
        self.low = _Folds()

    def _load_words(self, path: Traversable, digest: hashlib._Hash) -> None:
        packed = path.read_bytes()
        digest.update(packed)
        plain = unicodedata.normalize("NFKD", lzma.decompress(packed).decode()).encode("ascii", "ignore").decode()
        ordinary, capital = set[str](), set[str]()
        for word in plain.split("\n"):
            if word.islower() and word.isalpha():
                ordinary.add(word)
            elif word.isalpha():
                capital.add(word.lower())
            elif word and not word[0].isupper():
                ordinary.update(part for part in _LETTERS.findall(word) if part.islower())
        self.ordinary, self.capital = ordinary, capital

    @staticmethod
    def _singles(lists: dict[str, list[str]], terms: list[str]) -> frozenset[str]:
        lines = [line for name in PHRASES for line in lists[name]] + terms
        return frozenset(fold(parts[0]) for line in lines if len(parts := _LETTERS.findall(line)) == 1)

    def harmless(self, folded: str) -> bool:
        """Whether this folded word says nothing about who somebody is."""
        return folded in self.ordinary or folded in self.allowed or folded in self.abbreviations or self.compound(folded)

    def compound(self, folded: str, depth: int = 2) -> bool:
        """Whether the word is made of ordinary words of four letters or more, with an `s` between them or not."""
        if len(folded) < 2 * _PART or len(folded) > 40:  # noqa: PLR2004 - no Dutch compound in use is longer
            return False
        for cut in range(len(folded) - _PART, _PART - 1, -1):
            left, right = folded[:cut], folded[cut:]
            if not (self._part(right) or (depth and self.compound(right, depth - 1))):
                continue
            if self._part(left) or (left[-1] == "s" and len(left) > _PART and self._part(left[:-1])):
                return True
        return False

    def _part(self, word: str) -> bool:
        return word in self.ordinary or word in self.roles or word in self.allowed

    def class_of(self, word: str) -> str:
        """The class of a word as it is written; see the class docstring."""
        if not word.isalpha():
            return "0" if word.isdigit() else ("p" if word[0] == "'" else "m")
        folded = fold(word)
        capital = word[0].isupper() or word[0].istitle() or not word.islower()
        if len(word) == 1:
            return ("I" if capital else "i") if folded.isascii() else "N"
        if not folded.isascii():
            return "N"
        kind = self._kind(folded)
        if not capital:
            return ("k" if folded in self.function else "w") if kind in "Gg" else kind
        if word.isupper():
            return {"w": "Y", "G": "Y", "g": "Y", "u": "X", "v": "X", "b": "A"}.get(kind, kind.upper())
        return {"u": "N", "v": "N", "G": "G", "g": "g"}.get(kind, kind.upper())

    def _kind(self, folded: str) -> str:
        kinds = ("t", self.titles), ("p", PARTICLES), ("r", self.roles), ("G", self.given), ("k", self.function)
        for kind, listed in (*kinds, ("a", self.allowed), ("b", self.abbreviations)):
            if folded in listed:
                return "g" if kind in "kab" and folded in self.surnames else kind
        if folded.endswith(_ROLE_ENDS) and not folded.startswith(_NO_ROLE) and self.harmless(folded):
            return "r"
        if folded in self.ordinary:
            return "g" if folded in self.capital else "w"
        if folded in self.capital:
            return "v"
        return "w" if self.compound(folded) or self.derived(folded) else "u"

    def derived(self, folded: str) -> bool:
        """Whether the word is an ordinary one with a prefix or an ending, or has an ending that only learned words have."""
        if folded.endswith("nr") and folded[:-2] in self.ordinary:
            return True
        if len(folded) >= _LEARNED_FROM and folded.endswith(_LEARNED):
            return True
        for ending in _ENDINGS:
            if folded.endswith(ending) and len(folded) - len(ending) >= _STEM and folded[: -len(ending)] in self.ordinary:
                return True
        return any(
            folded.startswith(prefix) and len(folded) - len(prefix) >= _STEM and folded[len(prefix) :] in self.ordinary
            for prefix in _PREFIXES
        )


class _Classes(dict[str, str]):
    """The memory of `Lexicon.class_of`, bounded."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, word: str) -> str:
        """Work out the class of a word not seen before."""
        if len(self) >= _REMEMBERED:
            self.clear()
        result = self._lexicon.class_of(word)
        if len(word) <= 40:  # noqa: PLR2004 - longer words are rare and would fill the memory
            self[word] = result
        return result


class _Folds(dict[str, str]):
    """The memory of `fold`, bounded."""

    def __missing__(self, word: str) -> str:
        """Fold a word not seen before."""
        if len(self) >= _REMEMBERED:
            self.clear()
        result = fold(word)
        if len(word) <= 40:  # noqa: PLR2004 - as in `_Classes`
            self[word] = result
        return result


_LISTS = (
    *ALLOWED,
    *PHRASES,
    "titles",
    "roles",
    "function_words",
    "abbreviations",
    "given_words",
    "surname_words",
    "closed_words",
)


def _lines(path: Traversable, digest: hashlib._Hash) -> list[str]:
    text = path.read_bytes()
    digest.update(text)
    return [line for line in text.decode().splitlines() if line.strip() and not line.startswith("#")]


def _words(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        for word in line.split():
            folded = fold(word)
            yield folded


def _phrases(lines: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    """Phrases of more than one word, by their first word, longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in lines:
        words = tuple(_LETTERS.findall(fold(line)))
        if len(words) > 1:
            found.setdefault(words[0], []).append(words)
    for phrases in found.values():
        phrases.sort(key=len, reverse=True)
    return found
