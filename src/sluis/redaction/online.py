"""E-mail, links and handles. Every search starts at a sign or a word that is rare in prose, and looks a bounded way around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluis.redaction.page import Page, Span

_AT = re.compile(r" ?(?:@|\(at\)|\[at\]|\{at\}|\bapenstaartje\b) ?| at (?=[a-z0-9-]{2,40}(?:\.| punt | dot )[a-z]{2,6}\b)")
_LOCAL = re.compile(r"[\w.+%'-]{1,64}$")
_DOMAIN = re.compile(r"[\w-]{1,63}(?:(?:\.| punt | dot | ?\(dot\) ?| ?\[dot\] ?)[\w-]{1,63}){1,5}")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]{1,2000}|\b(?:t\.me|wa\.me|bit\.ly|fb\.me)/[^\s<>\"]{1,200}")
_TLD = re.compile(
    r"\.(?:nl|com|org|net|be|eu|de|info|me|io|app|nu|tv|co|uk|fr|gg|shop|online|site|frl|amsterdam|"
    r"onion)(?![\w@])(?P<path>[/?][^\s<>\"]{0,500})?",
)
_HOST = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}$")
_HANDLE = re.compile(r"(?<![\w@.])@ ?\w[\w.]{1,40}")
_KEYED = re.compile(
    r"(?:[ -]?(?:account|profiel|naam|adres|handle))?(?: is| heet| genaamd| met naam| onder de naam| van| als|"
    r" op)?[ :=\"'(]{1,4}(?P<h>@?[\w.-]{3,40})",
)
_DOTTED = re.compile(r"[a-z]{4,30}(?:\.[a-z]{1,30}){1,3}")
_DIGITS_BEHIND = re.compile(r"[a-z]{4,}\d{2,4}|x{1,2}[a-z]{3,}x{1,2}")
_LINE = re.compile(r"_")
_AROUND = re.compile(r"[\w.-]{0,40}$")
_ONWARD = re.compile(r"[\w.-]{0,40}")
_ORDINARY_CODE = re.compile(
    r"(?:covid|nix|top|windows|office|audit|artikel|klas|groep|kamer|blok|bijl|fase|stap|type|graad|week|html|"
    r"sars|dag|versie|deel|lijn|bus|tram|afrit|perron|fiat)\d+$",
)


def find(page: Page) -> Iterator[Span]:
    """Every address on the internet in the text."""
    text = page.folded
    if "@" in text or "(at)" in text or "[at]" in text or " at " in text or "apenstaart" in text:
        yield from _mails(text)
        yield from (Span(m.start(), m.end(), "HANDLE") for m in _HANDLE.finditer(text))
    if "d" in page.classes:
        yield from _links(text)
        yield from _dotted(page)
    if not page.lexicon.handle_words.isdisjoint(page.low):
        yield from _keyed(page)
    if "_" in text:
        yield from _underlined(text)
    if "m" in page.classes:
        yield from _coded(page)


def _links(text: str) -> Iterator[Span]:
    if "http" in text or "www." in text or "/" in text:
        yield from (Span(m.start(), _trim(text, m), "URL") for m in _LINK.finditer(text))
    for match in _TLD.finditer(text):
        host = _HOST.search(text[max(0, match.start() - 120) : match.start()])
        if host:
            yield Span(match.start() - len(host.group()), _trim(text, match), "URL")


def _trim(text: str, match: re.Match[str]) -> int:
    end = match.end()
    while end > match.start() and text[end - 1] in ".,;:!?)]'":
        end -= 1
    return end


def _mails(text: str) -> Iterator[Span]:
    for match in _AT.finditer(text):
        local = _LOCAL.search(text[max(0, match.start() - 64) : match.start()])
        domain = _DOMAIN.match(text, match.end())
        if local and domain and any(sign in domain.group() for sign in (".", "punt", "dot")):
            yield Span(match.start() - len(local.group()), domain.end(), "EMAIL")


def _dotted(page: Page) -> Iterator[Span]:
    """`yigit.oz`: small letters with a full stop inside, of which the first word is none."""
    for match in re.finditer("[uv]d", page.classes):
        index = match.start()
        found = _DOTTED.match(page.clean, page.at[index])
        if found:
            yield Span(found.start(), found.end(), "HANDLE")


def _keyed(page: Page) -> Iterator[Span]:
    """The word after `insta`, when it is the name of an account and no ordinary word."""
    for index in range(1, len(page.parts), 2):
        if page.low[index // 2] not in page.lexicon.handle_words:
            continue
        match = _KEYED.match(page.folded, page.at[index + 1])
        if match and _handle_like(page, match["h"].strip(".-")):
            yield Span(match.start("h"), match.start("h") + len(match["h"].rstrip(".-")), "HANDLE")


def _handle_like(page: Page, handle: str) -> bool:
    if not handle:
        return False
    if handle[0] == "@" or not handle.isalpha():
        return not handle.isdigit()
    return page.lexicon.classes[handle] in "uv"


def _underlined(text: str) -> Iterator[Span]:
    end = 0
    for match in _LINE.finditer(text):
        if match.start() < end:
            continue
        start = match.start() - len(_around(text, match.start()))
        end = match.start() + len(_onward(text, match.start()))
        if any(map(str.isalpha, text[start:end])):
            yield Span(start, end, "HANDLE")


def _around(text: str, at: int) -> str:
    found = _AROUND.search(text[max(0, at - 40) : at])
    return found.group() if found else ""


def _onward(text: str, at: int) -> str:
    found = _ONWARD.match(text, at)
    return found.group().rstrip(".-") if found else ""


def _coded(page: Page) -> Iterator[Span]:
    """`ricky9921`: small letters with digits behind them."""
    for match in re.finditer("m", page.classes):
        word = page.low[match.start() // 2]
        if _DIGITS_BEHIND.fullmatch(word) and not _ORDINARY_CODE.match(word):
            yield Span(page.at[match.start()], page.at[match.start() + 1], "HANDLE")
