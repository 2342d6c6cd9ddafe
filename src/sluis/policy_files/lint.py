"""The linter that knows the structure of the law: what a rule must say before a set is loaded.

Laws of this file: health needs an article of AVG 9(2), criminal data AVG 10 or UAVG 31-33, the citizen service number a
statute; what is secret needs a way through; every rule has an article and an end; nothing is given that is never given;
what counts in one route does not count in the other; two rules never give the same at different precision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sluis.core.plan import clauses_of, secrecy_clause
from sluis.core.rules import Rule, Rulebook
from sluis.core.terms import Certainty, Route
from sluis.core.verdict import Precision
from sluis.policy_files.shape import Shape

LAWS = (
    "AVG", "UAVG", "WGS", "BGS", "Wpg", "Bpg", "Wjsg", "Wmo", "Jeugdwet", "Wvggz", "BW", "Wet BIG", "Pbw", "Gemeentewet",
    "Besluit JSG", "Reclasseringsregeling", "Wet gemeentelijke schuldhulpverlening", "Besluit gemeentelijke schuldhulpverlening",
)  # fmt: skip
ARTICLE = re.compile(rf"({'|'.join(LAWS)}) \d+[a-z]*(:\d+)?(\.\d+)*.*")
HEALTH, CRIMINAL, NUMBER = "bijzonder-gezondheid", "strafrechtelijk", "nummer"
BSN_STATUTES = ("UAVG 46", "WGS 2.29", "Jeugdwet 7.1")
OUTSIDE_THE_LIST = "BGS 1.9"


def lint(book: Rulebook, places: Mapping[str, str], shape: Shape) -> None:
    """Note every rule that the law does not let stand; `places` says where each rule is (`file:line`)."""
    for rule in book.rules:
        if rule.id in places:
            for what, mend in _flaws(book, rule):
                shape.flaw(places[rule.id], f"regel '{rule.id}': {what}", mend)
    _precision_differs(book, places, shape)
    _routes_cross(book, places, shape)


def _flaws(book: Rulebook, rule: Rule) -> Iterator[tuple[str, str]]:
    yield from _complete(book, rule)
    yield from _parties(book, rule)
    yield from _classes(book, rule)
    yield from _secrecy(book, rule)


def grounds(book: Rulebook, rule: Rule) -> tuple[str, ...]:
    """The articles of a rule with those of its purpose."""
    return (*rule.grounds, *(f"AVG {article}" for article in book.vocabulary.purposes[rule.purpose].gdpr))


def _complete(book: Rulebook, rule: Rule) -> Iterator[tuple[str, str]]:
    purpose = book.vocabulary.purposes[rule.purpose]
    for what, value in (("verstrekkers", rule.providers), ("ontvangers", rule.requesters), ("gegevens", rule.gives)):
        if not value:
            yield f"er zijn geen {what}", "een regel zegt wie wat aan wie geeft"
    if not any(ARTICLE.fullmatch(ground) for ground in rule.grounds):
        yield "geen artikel als grondslag", 'noem wet en artikel, bijvoorbeeld "WGS 2.30 lid 1"'
    for ground in rule.grounds:
        if not ARTICLE.fullmatch(ground):
            yield f"'{ground}' is geen artikel van een bekende wet", f"begin met een van: {', '.join(LAWS)}"
    if (rule.retention or purpose.retention).strip() in ("", "-"):
        yield "geen bewaartermijn", "vul bewaren in of de bewaartermijn van het doel"
    if purpose.route is Route.GEEN:
        yield f"het doel '{purpose.id}' opent nooit een stroom", "haal de regel weg"
    if Certainty.OMSTREDEN in (purpose.certainty, rule.certainty):
        yield "omstreden recht opent geen stroom", "wacht op een besluit van de jurist; beschrijf het in een toelichting"


def _parties(book: Rulebook, rule: Rule) -> Iterator[tuple[str, str]]:
    if never := rule.requesters & book.common.never_requesters:
        yield f"{', '.join(sorted(never))} ontvangt nooit iets", "haal deze ontvanger weg"
    for category in rule.gives.keys() & book.common.never.keys():
        yield f"'{category}' wordt nooit verstrekt", "haal dit gegeven weg"


def _classes(book: Rulebook, rule: Rule) -> Iterator[tuple[str, str]]:
    articles, words = grounds(book, rule), book.vocabulary
    given = {words.categories[category].klass for category in rule.gives}
    if HEALTH in given and not any(article.startswith("AVG 9 lid 2") for article in articles):
        yield "gezondheid zonder grond van AVG 9 lid 2", 'vul aan: "AVG 9 lid 2 onder ..."'
    if CRIMINAL in given and not any(re.match(r"AVG 10\b|UAVG 3[123]\b", article) for article in articles):
        yield "strafrechtelijk gegeven zonder AVG 10 of UAVG 31-33", 'vul aan: "AVG 10" of "UAVG 33 lid 1"'
    if NUMBER in given and not any(article.startswith(BSN_STATUTES) for article in articles):
        yield "burgerservicenummer zonder wet die het toestaat", f"vul aan: {', '.join(BSN_STATUTES)}"
    if words.purposes[rule.purpose].route is Route.WGS:
        outside = [c for c in rule.gives if not words.categories[c].wgs_list]
        if outside and not any(article.startswith(OUTSIDE_THE_LIST) for article in articles):
            yield f"{', '.join(outside)} staat niet op de lijst van WGS 2.30", "haal het weg"


def _secrecy(book: Rulebook, rule: Rule) -> Iterator[tuple[str, str]]:
    secret = sorted(rule.providers & book.common.secret.keys())
    if secret and rule.secrecy is None:
        yield f"op wat {secret[0]} heeft rust een geheim zonder weg erdoorheen", "vul geheim in, met wegen of een wet"
    for provider in secret if rule.secrecy is not None else ():
        for category in rule.gives:
            clause = secrecy_clause(book, rule, provider, category)
            if clause is not None and not clause.ways:
                yield f"voor '{category}' is geen enkele weg door het geheim open", "noem een weg die voor dit doel geldt"


def _precision_differs(book: Rulebook, places: Mapping[str, str], shape: Shape) -> None:
    """Two rules for one flow at different precision: then a fact that is added could make the answer coarser."""
    seen: dict[tuple[str, str, str, str], tuple[str, Precision]] = {}
    told: set[tuple[str, str]] = set()
    for rule in book.rules:
        flows = ((rule.purpose, p, r, c) for p in rule.providers for r in rule.requesters for c in rule.gives)
        for flow in flows:
            first, precision = seen.setdefault(flow, (rule.id, rule.gives[flow[3]]))
            if precision is not rule.gives[flow[3]] and (first, rule.id) not in told:
                told.add((first, rule.id))
                what = f"'{first}' en '{rule.id}' geven '{flow[3]}' met een andere precisie"
                shape.flaw(places.get(rule.id, rule.domain), what, "kies de laagste voor beide")


def _routes_cross(book: Rulebook, places: Mapping[str, str], shape: Shape) -> None:
    """A fact that opens a flow in one route opens nothing in the other, unless it belongs to both."""
    used: dict[str, dict[Route, str]] = {}
    for rule in book.rules:
        pair = (min(rule.providers, default=""), min(rule.requesters, default=""))
        for clause in (c for category in list(rule.gives)[:1] for c in clauses_of(book, rule, pair, category)):
            for need in (need for way in clause.ways for need in way.needs):
                used.setdefault(need.fact, {}).setdefault(book.vocabulary.purposes[rule.purpose].route, rule.id)
    for fact, routes in used.items():
        if len(routes) > 1 and fact not in book.common.both_routes:
            last = routes[Route.SECTOR] if Route.SECTOR in routes else next(iter(routes.values()))
            what = f"'{fact}' telt in beide routes ({', '.join(sorted(routes.values()))})"
            shape.flaw(places.get(last, last), what, "voorwaarden van de ene route tellen nooit in de andere")
