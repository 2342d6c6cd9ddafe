"""The papers that follow from a policy set: the register of processing activities (AVG 30), the annex to a DPIA or covenant.

What no rule can know is left open, for the controller to fill in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sluis.core.explain import pilot_sentence, sentence
from sluis.core.plan import SPECIAL, duties_of, secrecy_clause
from sluis.core.rules import Rule, Rulebook
from sluis.core.terms import Certainty, Motivation, Purpose
from sluis.core.verdict import Precision
from sluis.exports.document import Document, Grid, Section

OPEN = "in te vullen door de verwerkingsverantwoordelijke"
MOTIVATIONS = {
    Motivation.VOORAF: "vooraf en per gegeven op schrift",
    Motivation.ACHTERAF: "achteraf, binnen een werkdag",
    Motivation.WETTELIJK: "volgt uit de wet",
    Motivation.PROFESSIONAL: "afweging van de professional",
}
SECURITY = (
    "Elke vraag wordt per gegeven aan het beleid getoetst; wat niet genoemd is, gaat niet. Voordat er iets gaat, staat het "
    "in een logboek dat niet ongemerkt te wijzigen is. Gegevens zijn per persoon versleuteld en vrije tekst wordt gelakt."
)


def register(book: Rulebook) -> Document:
    """The register of processing activities: one part for each purpose that a rule opens."""
    return Document(
        title="Register van verwerkingsactiviteiten (AVG 30 lid 1)",
        notes=(
            f"Gemaakt uit het beleid {book.policy}. Elke verwerking heet hier zoals zij in het logboek heet.",
            f"Naam en contactgegevens van de verantwoordelijke, van gezamenlijke verantwoordelijken en van de FG: {OPEN}.",
        ),
        sections=tuple(_activity(book, purpose) for purpose in _opened(book)),
    )


def _opened(book: Rulebook) -> list[Purpose]:
    return [purpose for purpose in book.vocabulary.purposes.values() if book.opens(purpose.id)]


def _activity(book: Rulebook, purpose: Purpose) -> Section:
    rules = _rules(book, purpose)
    words = book.vocabulary
    given = _given(rules)
    rows = ((words.categories[c].title, c, words.classes[words.categories[c].klass].nl, p.word) for c, p in given.items())
    persons = (words.persons[person].nl for person in book.common.persons.get(purpose.id, {}))
    facts = (
        ("Verwerking", f"doel/{purpose.id}@{book.policy}"),
        ("Doel", purpose.title),
        ("Wet", purpose.law),
        ("Grondslag", "; ".join(f"AVG {article}" for article in purpose.gdpr)),
        ("Verstrekkers (ieder verantwoordelijk voor wat hij geeft)", _titles(book, (k for r in rules for k in r.providers))),
        ("Ontvangers", _titles(book, (k for r in rules for k in r.requesters))),
        ("Betrokkenen", "; ".join(persons)),
        ("Doorgifte buiten de EU", "geen: de begrippen kennen geen ontvanger buiten Nederland"),
        ("Bewaartermijn", "; ".join(dict.fromkeys(r.retention or purpose.retention for r in rules))),
        ("Doorgeven", "; ".join(dict.fromkeys(r.onward or purpose.onward for r in rules))),
        ("Beveiliging (AVG 32)", SECURITY),
        *_pilots(rules),
        ("Na te kijken", "ja, controleer de geldende wettekst" if purpose.verify else "nee"),
    )
    grid = Grid(title="Gegevens", head=("gegeven", "woord", "klasse", "hoogstens"), rows=tuple(rows))
    return Section(id=purpose.id, title=f"{purpose.title} ({purpose.id})", facts=facts, grids=(grid,))


def _pilots(rules: Iterable[Rule]) -> tuple[tuple[str, str], ...]:
    """Which rules are on trial; nothing when none is."""
    said = [pilot_sentence(rule.id, rule.pilot) for rule in rules if rule.pilot is not None]
    return (("Proeven", " ".join(said)),) if said else ()


def _rules(book: Rulebook, purpose: Purpose) -> list[Rule]:
    return [rule for rule in book.rules if rule.purpose == purpose.id]


def _given(rules: Iterable[Rule]) -> Mapping[str, Precision]:
    given: dict[str, Precision] = {}
    for rule in rules:
        for category, precision in rule.gives.items():
            given[category] = max(precision, given.get(category, Precision.GEEN))
    return given


def _titles(book: Rulebook, kinds: Iterable[str]) -> str:
    named = set(kinds)
    return "; ".join(one.title for one in book.vocabulary.kinds.values() if one.id in named)


def annex(book: Rulebook) -> Document:
    """The annex to a DPIA or covenant: per purpose what may go between whom, on which ground, under which conditions."""
    never = ", ".join(book.vocabulary.categories[c].title.lower() for c in book.common.never if c in book.vocabulary.categories)
    return Document(
        title="Bijlage bij DPIA en convenant: de verstrekkingen",
        notes=(
            f"Gemaakt uit het beleid {book.policy}.",
            f"Wordt nooit verstrekt, aan niemand: {never}.",
            f"Ontvangt nooit iets: {_titles(book, book.common.never_requesters)}.",
            f"De weging van noodzaak, evenredigheid en subsidiariteit, en de restrisico's: {OPEN}.",
        ),
        sections=tuple(_part(book, purpose) for purpose in _opened(book)),
    )


def _part(book: Rulebook, purpose: Purpose) -> Section:
    rules = _rules(book, purpose)
    special = [c for c in _given(rules) if book.vocabulary.categories[c].klass == SPECIAL]
    facts = (
        ("Noodzaak", MOTIVATIONS[purpose.motivation]),
        ("Toestemming", purpose.consent),
        ("Stand van het recht", "vast" if purpose.certainty is Certainty.VAST else "omstreden: opent niets"),
        ("Gezondheidsgegevens", "; ".join(book.vocabulary.categories[c].title for c in special) or "geen"),
        ("Toelichting", purpose.note or "geen"),
    )
    rows = tuple(
        (rule.id, sentence(rule, book.vocabulary), _secrecy(book, rule), _articles(book, rule), _duties(book, rule))
        for rule in rules
    )
    grid = Grid(title="Regels", head=("regel", "wat mag", "geheim", "grondslag", "plichten"), rows=rows)
    return Section(id=purpose.id, title=f"{purpose.title} ({purpose.id})", facts=facts, grids=(grid,))


def _secrecy(book: Rulebook, rule: Rule) -> str:
    if rule.secrecy is not None and rule.secrecy.statute:
        return f"opgeheven door {rule.secrecy.statute}"
    found: dict[str, None] = {}
    for provider in sorted(rule.providers & book.common.secret.keys()):
        for category in rule.gives:
            clause = secrecy_clause(book, rule, provider, category)
            found.update(dict.fromkeys(way.needs[0].helps() for way in clause.ways) if clause is not None else {})
    return f"alleen met: {' of '.join(found)}" if found else "rust er niet op"


def _articles(book: Rulebook, rule: Rule) -> str:
    purpose = book.vocabulary.purposes[rule.purpose]
    return "; ".join(dict.fromkeys((*rule.grounds, *(f"AVG {article}" for article in purpose.gdpr))))


def _duties(book: Rulebook, rule: Rule) -> str:
    pairs = ((provider, requester) for provider in sorted(rule.providers) for requester in sorted(rule.requesters))
    first = next(pairs, ("", ""))
    found = {duty.duty for category in rule.gives for duty in duties_of(book, rule, first, category)}
    return ", ".join(duty for duty in book.vocabulary.duties if duty in found)
