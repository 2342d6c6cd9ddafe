"""E-mail, links and handles. Every search starts at a sign that is rare in prose, and looks a bounded way around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluis.redaction.page import Page, Span

_AT = re.compile(r" ?(?:@|\(at\)|\[at\]|\{at\}|\bapenstaartje\b) ?| at (?=[a-z0-9-]{2,40}(?:\.| punt | dot )[a-z]{2,6}\b)")
_LOCAL = re.compile(r"[\w.+%'-]{1,64}$")
_DOMAIN = re.compile(r"[\w-]{1,63}(?:(?:\.| punt | dot | ?\(dot\) ?| ?\[dot\] ?)[\w-]{1,63}){1,5}")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]{1,2000}|\b(?:t\.me|wa\.me|bit\.ly|fb\.me)/[^\s<>\"]{1,200}")
_TLD = re.compile(r"\.(?:nl|com|org|net|be|eu|de|info|me|io|app|nu|tv|co|uk|fr|gg|shop|online|site|frl|amsterdam|onion)(?![\w@])(?P<path>[/?][^\s<>\"]{0,500})?")
_HOST = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}$")
_HANDLE = re.compile(r"(?<![\w@.])@ ?\w[\w.]{1,40}")
_KEYED = re.compile(
    r"\b(?:insta|instagram|ig|snap|snapchat|sc|tiktok|twitter|telegram|tg|facebook|fb|discord|onlyfans|roblox|steam|psn|xbox|twitch|wickr|signal|threema|skype|kik|"
    r"username|usernaam|gebruikersnaam|accountnaam|account|profiel|profielnaam|nickname|nick|gamertag|schuilnaam|inlognaam|naam op \w{2,10})"
    r"(?:[ -]?(?:account|profiel|naam|adres|handle))?(?: is| heet| genaamd| met naam| onder de naam| van| als| op)?[ :=\"'(]{1,4}(?P<h>@?[\w.-]{3,40})",
)
_MADE = re.compile(r"(?<![\w@.])(?=[\w.]{4,40}(?![\w.]))(?:[a-z]+(?:[._][a-z]*)+\d+|\w*[^\W_]_+[^\W_]\w*|[a-z]{3,}\d{2,4}|x{2}[a-z]+x{2})(?![\w])")
_DOTTED = re.compile(r"(?<![\w@.])(?P<first>[a-z]{4,30})\.[a-z]{1,30}(?![\w@])")
_MADE_OK = re.compile(r"(?:covid|dsm|nix|mp|top|windows|office|audit|art|artikel|lid|klas|groep|kamer|blok|bijl|fase|stap|icd|dm|gaf|type|graad|dag|week|html|sha|co|hba|sars)\d+$")


def find(page: Page) -> Iterator[Span]:
    """Every address on the internet in the text."""
    text = page.folded
    if "@" in text or "at" in text or "apenstaart" in text:
        yield from _mails(text)
        yield from (Span(m.start(), m.end(), "HANDLE") for m in _HANDLE.finditer(text))
    if "." in text:
        yield from (Span(m.start(), _trim(text, m), "URL") for m in _LINK.finditer(text))
        for match in _TLD.finditer(text):
            host = _HOST.search(text[max(0, match.start() - 120) : match.start()])
            if host:
                yield Span(match.start() - len(host.group()), _trim(text, match), "URL")
    for match in _KEYED.finditer(text):
        if _handle_like(page, match):
            yield Span(match.start("h"), match.start("h") + len(match.group("h").rstrip(".-")), "HANDLE")
    for match in _DOTTED.finditer(text):
        if page.clean[match.start() : match.end()].islower() and not page.lexicon.harmless(match.group("first")):
            yield Span(match.start(), match.end(), "HANDLE")
    yield from (Span(m.start(), m.end(), "HANDLE") for m in _MADE.finditer(text) if not _MADE_OK.match(m.group()))


def _trim(text: str, match: re.Match[str]) -> int:
    end = match.end()
    while end > match.start() and text[end - 1] in ".,;:!?)]'":
        end -= 1
    return end


def _mails(text: str) -> Iterator[Span]:
    for match in _AT.finditer(text):
        local = _LOCAL.search(text[max(0, match.start() - 64) : match.start()])
        domain = _DOMAIN.match(text, match.end())
        if local and domain and ("." in domain.group() or "punt" in domain.group() or "dot" in domain.group()):
            yield Span(match.start() - len(local.group()), domain.end(), "EMAIL")


def _handle_like(page: Page, match: re.Match[str]) -> bool:
    """Whether the word after `insta` is a name of an account and no ordinary word."""
    handle = match.group("h").strip(".-")
    if not handle:
        return False
    if handle.startswith("@") or not handle.isalpha():
        return True
    return not page.lexicon.harmless(handle) and page.lexicon.classes[handle] in "uv"
