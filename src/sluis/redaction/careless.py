"""Names in a text without capitals, or all in capitals: there only the company that words keep tells a name.

`F` given name that is a word, `S` surname that is a word, `C` word that is also on the list of names; `u` and `v` as ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluis.redaction.lists import words
from sluis.redaction.page import Page, Span

_NAME = "[FSCuv]"
_RULES = (
    re.compile(r"(?:i[dDZ])+(?:[sd]?[ps]){0,6}(?P<n>[FSCuvw])"),  # m. el bakkali
    re.compile(r"(?<![0m]s)(?<!q)i[sdDZ](?:ps){0,3}(?P<n>[FSuv])"),
    re.compile(rf"[Fuv](?:[sh](?:ps){{0,3}}(?:{_NAME}))+"),  # luuk de bruin, mieke vos
    re.compile(r"ps(?:ps){1,2}(?P<n>[FSuv])"),  # van der plas
    re.compile(r"[Fuv]si(?=[DZnc])"),  # levi g.
    re.compile(r"[tr][sDZ](?:ps){0,3}(?P<n>[FSC])"),  # mr. wachter
    re.compile(r"[Fuv]c(?P<n>[FSC])"),
)
_LEADS, _TOWNS, _INTO = (
    words("careless.leads"),
    words("careless.towns"),
    frozenset(
        ("in", "te", "naar", "uit", "vanuit", "kantoor", "bureau", "locatie", "station", "azc", "politie", "regio", "gemeente")
    ),
)
_COMMON, _HOUSES = words("names.common"), words("careless.houses")
_CHAINS, _AT = words("careless.chains"), frozenset(("bij", "via", "door", "de", "naar", "van", "schuld"))
_WITH, _VERBS = words("careless.with"), words("names.verbs")
_STREETS = (
    "straat",
    "laan",
    "plein",
    "gracht",
    "kade",
    "singel",
    "steeg",
    "dreef",
    "dijk",
    "markt",
    "baan",
    "weg",
    "plantsoen",
    "boulevard",
)
_CERTAIN = ("straat", "laan", "singel", "plantsoen", "boulevard", "dreef")
_NO_STREETS = words("careless.no_streets")


def find(page: Page) -> Iterator[Span]:
    """Names that only their neighbours betray."""
    classes = _refined(page)
    for rule in _RULES:
        for match in rule.finditer(classes):
            if match.start() % 2:
                if _passes_by(page, match.start(), classes):
                    continue
                first = match.start() + (2 if page.classes[match.start()] in "rt" else 0)
                last = match.end() - 1
                if page.word(last + 2) == "en" and classes[last + 4 : last + 5] in tuple("FSu"):
                    yield Span(page.at[last + 4], page.at[last + 5], "PER")
                yield Span(page.at[first], page.at[last + 1], "PER")
    for match in re.finditer("F", classes):
        index = match.start()
        if index % 2 and index > 1:
            sure = (
                page.word(index) not in _COMMON
                or page.word(index - 2) in _WITH
                or page.classes[index - 2] in "rt"
                or page.word(index + 2) in _VERBS
            )
            sure = sure or (page.word(index + 2) == "en" and classes[index + 4 : index + 5] in tuple("Fuv"))
            yield Span(page.at[index], page.at[index + 1], "PER", not sure)
    yield from _places(page)
    yield from _called(page, classes)


def _called(page: Page, classes: str) -> Iterator[Span]:
    """`hotel de zalmen`: what a house is called, when its kind stands before."""
    for place in [place for place, word in enumerate(page.low) if word in _HOUSES]:
        first = 2 * place + 3
        last = first + 2 if page.word(first) in ("de", "het", "t", "den") else first
        if (
            classes[first - 1 : first] == "s"
            and last < len(classes)
            and classes[last] in "wSCFuv"
            and page.word(last) not in _VERBS
        ):
            yield Span(page.at[first], page.at[last + 1], "ORG")


def _places(page: Page) -> Iterator[Span]:
    """Towns, firms and streets that read as words."""
    for index in range(1, len(page.parts), 2):
        word = page.low[index // 2]
        if page.classes[index - 1] == "s" and (kind := _lesser(word, page.word(index - 2))):
            yield Span(page.at[index], page.at[index + 1], kind)
        if (
            word.endswith(_STREETS)
            and word not in _NO_STREETS
            and (word.endswith(_CERTAIN) or page.word(index - 2) in ("de", "op", "aan", "in", "het", "bij", "naar", "van"))
        ):
            yield Span(
                page.at[index], page.at[index + 1], "ADDR", word in page.lexicon.ordinary and not word.endswith(_STREETS[:4])
            )


def _lesser(word: str, before: str) -> str:
    """The type of a town or a firm whose name is a word, where the word before says so; empty when it does not."""
    if word in _TOWNS and before in _INTO:
        return "CITY"
    return "ORG" if word in _CHAINS and before in _AT else ""


def _passes_by(page: Page, index: int, classes: str) -> bool:
    """Whether `van de brug` is a place that one passes and nobody's name: nothing before it says that a name comes."""
    ordinary = classes[index : index + 5 : 2] == "ppS" and (page.word(index), page.word(index + 2)) == ("van", "de")
    return ordinary and page.word(index - 2) not in _LEADS and classes[index - 2] not in "rtFiu"


def _refined(page: Page) -> str:
    """The classes of the page with ordinary words split into those that people are called by, and the rest."""
    lexicon, letters = page.lexicon, list(page.classes)
    for index in range(1, len(letters), 2):
        if letters[index] not in "wkbagGWYNXKAB":
            continue
        word = page.low[index // 2]
        if (
            word == "wil"
            and letters[index - 1] in "bcD"
            and index + 2 < len(letters)
            and page.word(index + 2) in lexicon.surnames
        ):
            letters[index] = "F"
        elif word in lexicon.function:
            letters[index] = "S" if letters[index - 2] == "p" and word in lexicon.surnames else "k"
        elif word in lexicon.given:
            letters[index] = "F"
        elif word in lexicon.surnames:
            letters[index] = "S"
        elif letters[index] not in "ba":
            letters[index] = "C" if word in lexicon.capital else "w" if word in lexicon.ordinary else letters[index]
    return "".join(letters)
