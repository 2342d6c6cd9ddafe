"""Why, in words: the Dutch explanation of a refusal, and one sentence per rule in Dutch or English."""

from __future__ import annotations

from collections.abc import Iterable

from sluis.core.rules import Clause, Must, Need, Pilot, Rule
from sluis.core.terms import Vocabulary
from sluis.core.verdict import Reason


def listed(words: Iterable[str], joint: str = "en") -> str:
    """The words as a Dutch or English enumeration: `a, b en c`."""
    *rest, last = list(words) or [""]
    return f"{', '.join(rest)} {joint} {last}" if rest else last


def _need(need: Need, vocabulary: Vocabulary) -> str:
    sentence = vocabulary.facts[need.fact].nl.rstrip(".")
    if need.must is Must.WAAR:
        return f"{need.fact} ({sentence})"
    state = "vaststaat dat dit niet zo is" if need.must is Must.ONWAAR else "niemand dit heeft vastgelegd"
    return f"geen {need.fact}, zodat {state} ({sentence})"


def lapses(clause: Clause) -> tuple[str, ...]:
    """The facts that, once recorded, close a way that would otherwise be open: a disputed consent."""
    found = (n.fact for way in clause.ways for n in way.needs[1:] if n.must is Must.NIET_VASTGELEGD)
    return tuple(dict.fromkeys(found))


def why(clause: Clause, vocabulary: Vocabulary) -> str:
    """What an unmet clause means, with what it needs."""
    base = vocabulary.reasons[clause.reason].nl
    return f"{base} Nodig is: {wanted(clause, vocabulary)}." if clause.ways else base


def wanted(clause: Clause, vocabulary: Vocabulary) -> str:
    """What a clause needs, way by way; empty when nothing would meet it."""
    closed = lapses(clause)
    ways = [listed((_need(n, vocabulary) for n in way.needs if n.fact not in closed), "en") for way in clause.ways]
    return listed(ways, "of") if ways else ""


def why_disputed(clause: Clause, vocabulary: Vocabulary) -> str:
    """What it means that one of the facts that close a way was recorded."""
    base = vocabulary.reasons[clause.reason].nl
    facts = listed((f"{fact} ({vocabulary.facts[fact].nl.rstrip('.')})" for fact in lapses(clause)), "of")
    return f"{base} Vastgelegd is {facts}. Of toestemming dan genoeg is, is omstreden: daarop verstrekt Sluis niet."


def helps(clause: Clause, *, disputed: bool = False) -> tuple[str, ...]:
    """The facts that would meet a clause, each way after the other, without repeats; what closes a way only when it did."""
    closed = () if disputed else lapses(clause)
    needs = (need for way in clause.ways for need in way.needs if need.fact not in closed)
    return tuple(dict.fromkeys(need.helps() for need in needs))


def because(reason: Reason, vocabulary: Vocabulary, detail: str = "") -> str:
    """The sentence of a reason, with a detail behind it."""
    return f"{vocabulary.reasons[reason].nl} {detail}".rstrip()


def _condition(clause: Clause, *, english: bool) -> str:
    def one(need: Need) -> str:
        if need.must is Must.WAAR:
            return f"'{need.fact}'"
        if need.must is Must.ONWAAR:
            return f"not '{need.fact}'" if english else f"vaststaat dat niet '{need.fact}'"
        return f"no recorded '{need.fact}'" if english else f"geen '{need.fact}' is vastgelegd"

    joint, other = ("and", "or") if english else ("en", "of")
    return listed((listed(map(one, way.needs), joint) for way in clause.ways), other)


def named(ids: frozenset[str], vocabulary: Vocabulary, *, english: bool = False) -> tuple[str, ...]:
    """The kinds by their titles, a whole group by its name: the largest groups first, then who is left."""
    left, names = set(ids), []
    for group in sorted(vocabulary.groups.values(), key=lambda g: (-len(g.members), g.id)):
        if len(group.members) > 1 and left.issuperset(group.members):
            names.append(f"group {group.id}" if english else f"de groep {group.id}")
            left.difference_update(group.members)
    kinds = (kind for kind in vocabulary.kinds.values() if kind.id in left)
    return (*names, *(kind.title_en if english else kind.title for kind in kinds))


def pilot_sentence(name: str, pilot: Pilot, *, english: bool = False) -> str:
    """That a rule is a trial: its days, and what is to be learnt."""
    since, until = pilot.since.isoformat(), pilot.until.isoformat()
    if english:
        return f"'{name}' is a pilot from {since} until {until}, and gives nothing outside those days; to learn: {pilot.question}"
    return f"'{name}' is een proef van {since} tot {until}, en geeft daarbuiten niets; de leervraag: {pilot.question}"


def sentence(rule: Rule, vocabulary: Vocabulary, *, english: bool = False) -> str:
    """The rule as one sentence that can be read aloud."""

    def kinds(ids: frozenset[str]) -> str:
        return listed(named(ids, vocabulary, english=english), or_)

    or_ = "or" if english else "of"
    purpose = vocabulary.purposes[rule.purpose]
    gives = listed((f"{category} ({precision.word})" for category, precision in rule.gives.items()), "and" if english else "en")
    conditions = [_condition(clause, english=english) for clause in rule.clauses]
    if rule.secrecy is not None and rule.secrecy.ways:
        where = "where secrecy rests on it" if english else "als er een geheim op rust"
        conditions.append(listed((f"'{way}'" for way in rule.secrecy.ways), or_) + f" ({where})")
    if english:
        tail = f", provided {listed(conditions, 'and')}" if conditions else ""
        push = ", only unasked" if rule.push_only else ""
        return f"{kinds(rule.providers)} may give {kinds(rule.requesters)} for '{purpose.title_en}'{push}: {gives}{tail}."
    tail = f", mits {listed(conditions, 'en')}" if conditions else ""
    push = ", alleen als aanbod" if rule.push_only else ""
    return f"{kinds(rule.providers)} mag voor '{purpose.title}' aan {kinds(rule.requesters)} geven{push}: {gives}{tail}."
