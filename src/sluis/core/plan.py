"""From rules to paths: what a set asks for one category, in one shape of question, in the order of testing.

Laws of this file: every condition of the set becomes a step; what no rule gives becomes a step that always fails; a duty
that nobody can carry out becomes a step that always fails. Facts are not read here: only what depends on the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sluis.core.explain import because, helps, lapses, listed, why, why_disputed
from sluis.core.path import ORDER, Choice, Extra, Path, Shape, Step, Test
from sluis.core.rules import Clause, DutyRule, Need, Rule, Rulebook, Shared, Way
from sluis.core.terms import Certainty, Purpose, Route
from sluis.core.verdict import Deny, Permit, Precision, Reason, TextMode

PUSH = "aanbod"
OFFERED = ("de houder biedt het zelf aan",)
SPECIAL = "bijzonder-gezondheid"
MOST_SHOWN = 6
"""How many alternatives a refusal names before it says 'and more'."""

_NOTHING = Permit(precision=Precision.GEEN, rules=())


def paths(book: Rulebook, shape: Shape, category: str) -> tuple[Path, ...]:
    """The ways in which `category` could be released to a question of this shape; never empty."""
    purpose = book.vocabulary.purposes.get(shape.purpose)
    common = [_step(clause, book) for clause in book.common.gate]
    if purpose is None or purpose.route is Route.GEEN or not book.opens(shape.purpose):
        return (_dead([*common, _never(book, Reason.DOEL, helped=("een doel dat een stroom opent",))]),)
    common += _state_steps(book, purpose, shape)
    rules = () if shape.requester in book.common.never_requesters else book.rules_for(*shape[:3])
    if not rules:
        return (_dead([*common, _never(book, Reason.PARTIJ, helped=_receivers(book, shape))]),)
    common += _person_steps(book, shape, category)
    if (reason := book.common.never.get(category)) is not None:
        stop = _never(book, reason, "Dit gegeven wordt nooit verstrekt, aan niemand en voor geen enkel doel.", source="nooit")
        return tuple(_dead([*common, *_rule_steps(book, shape, rule, category), stop], rule.id) for rule in rules)
    giving = [rule for rule in rules if category in rule.gives]
    if not giving:
        stop = _never(book, Reason.GEGEVEN, helped=_offered(rules))
        return tuple(_dead([*common, *_rule_steps(book, shape, rule, category), stop], rule.id) for rule in rules)
    return tuple(_path(book, shape, rule, category, common) for rule in giving)


# ---- the steps that do not depend on a rule ------------------------------------------------------


def _never(book: Rulebook, reason: Reason, detail: str = "", *, source: str = "", helped: tuple[str, ...] = ()) -> Step:
    """A step that always fails; `source` is the part of `algemeen.yaml` that says so, or the rule."""
    key = (reason, detail, source, helped)
    if (made := book.steps.get(key)) is None:
        rules = (source,) if source else ()
        deny = Deny(reason=reason, explanation=because(reason, book.vocabulary, detail), rules=rules, helps=helped)
        made = book.steps[key] = Step(order=ORDER[reason], choices=(), deny=deny)
    return made


def _state_steps(book: Rulebook, purpose: Purpose, shape: Shape) -> Iterator[Step]:
    """Step 3, whether the state of the case admits this purpose, and whether it may be asked at all."""
    if (reason := book.common.push_only.get(purpose.id)) is not None and shape.direction != PUSH:
        yield _never(book, reason, "Voor dit doel wordt niets opgevraagd.", source="alleen-aanbod", helped=OFFERED)
    if not purpose.case_states or shape.case_state in purpose.case_states:
        return
    helped = tuple(f"casus: {state}" for state in sorted(purpose.case_states))
    extended = book.common.extended
    if extended is not None and shape.case_state == extended[0] and extended[1] in purpose.case_states:
        clause = Clause(source="casus", reason=Reason.BEWAARTERMIJN, ways=(Way(needs=(extended[2],)),))
        yield _step(clause, book)
    elif shape.case_state in book.common.shielded and extended is not None and extended[1] in purpose.case_states:
        yield _never(book, Reason.BEWAARTERMIJN, "De casus is afgeschermd.", source="casus", helped=("een nieuwe melding",))
    else:
        yield _never(book, Reason.CASUSSTATUS, source="casus", helped=helped)


def _person_steps(book: Rulebook, shape: Shape, category: str) -> Iterator[Step]:
    """Step 5, whether the person is in scope for this category."""
    scopes = book.common.persons.get(shape.purpose, {})
    allowed = scopes.get(shape.person, frozenset())
    if allowed is not None and category not in allowed:
        helped = tuple(f"persoon: {person}" for person, scope in scopes.items() if scope is None or category in scope)
        yield _never(book, Reason.PERSOON, source="personen", helped=helped)


def _receivers(book: Rulebook, shape: Shape) -> tuple[str, ...]:
    """Who may receive from this provider for this purpose: what would help a question between the wrong parties."""
    found = {kind for rule in book.index.get((shape.purpose, shape.provider), ()) for kind in rule.requesters}
    titles = sorted(found - book.common.never_requesters)
    shown = titles[:MOST_SHOWN] + (["…"] if len(titles) > MOST_SHOWN else [])
    return (f"een vrager die hierbij hoort: {listed(shown, 'of')}",) if shown else ()


def _offered(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    """What these rules do give: what would help a question for the wrong category."""
    names = list(dict.fromkeys(category for rule in rules for category in rule.gives))
    shown = names[:MOST_SHOWN] + (["…"] if len(names) > MOST_SHOWN else [])
    return (f"een gegeven dat bij dit doel hoort: {listed(shown, 'of')}",)


# ---- the steps of a rule -------------------------------------------------------------------------


def matches(shared: Shared, book: Rulebook, rule: Rule, pair: tuple[str, str], category: str) -> bool:
    """Whether what is shared applies to this rule, between this (provider, requester), for this category."""
    purpose, known = book.vocabulary.purposes[rule.purpose], book.vocabulary.categories.get(category)
    return (
        (not shared.purposes or rule.purpose in shared.purposes)
        and (not shared.routes or purpose.route.value in shared.routes)
        and (not shared.motivations or purpose.motivation.value in shared.motivations)
        and (not shared.providers or pair[0] in shared.providers)
        and (not shared.requesters or pair[1] in shared.requesters)
        and (not shared.categories or category in shared.categories)
        and (not shared.classes or (known is not None and known.klass in shared.classes))
    )


def shared_with(book: Rulebook, rule: Rule) -> tuple[Shared, ...]:
    """The shared parts that apply to this rule, between some of its parties, for some of its categories."""
    pairs = [(provider, requester) for provider in sorted(rule.providers) for requester in sorted(rule.requesters)]
    return tuple(
        part for part in book.common.shared if any(matches(part, book, rule, pair, c) for pair in pairs for c in rule.gives)
    )


def secrecy_clause(book: Rulebook, rule: Rule, provider: str, category: str) -> Clause | None:
    """What passes the secrecy on what `provider` holds under this rule; None where no secrecy stands in the way."""
    if provider not in book.common.secret or (rule.secrecy is not None and rule.secrecy.statute):
        return None
    ways = []
    if (lifted := book.common.secret[provider]) is not None:
        ways.append(Way(needs=(lifted,)))
    for name in rule.secrecy.ways if rule.secrecy is not None else ():
        opened = book.common.secrecy_ways[name]
        if (not opened.purposes or rule.purpose in opened.purposes) and category not in opened.never:
            ways.append(opened.way)
    return Clause(source=rule.id, reason=Reason.GEHEIM, ways=tuple(ways))


def clauses_of(book: Rulebook, rule: Rule, pair: tuple[str, str], category: str) -> tuple[Clause, ...]:
    """All that this rule asks before it gives this category to this requester, shared conditions and secrecy included."""
    secrecy = secrecy_clause(book, rule, pair[0], category)
    shared = [c for s in book.common.shared if matches(s, book, rule, pair, category) for c in s.clauses]
    return (*rule.clauses, *shared, *([secrecy] if secrecy is not None else []))


def duties_of(book: Rulebook, rule: Rule, pair: tuple[str, str], category: str) -> tuple[DutyRule, ...]:
    """All duties that a release under this rule may carry, shared duties included."""
    shared = [d for s in book.common.shared if matches(s, book, rule, pair, category) for d in s.duties]
    return (*rule.duties, *shared)


def _test(need: Need) -> Test:
    return Test(need.fact, need.holds_when(), need.judgement, need.scoped)


def _choice(way: Way) -> Choice:
    role = next((need.role for need in way.needs if need.judgement), "")
    return Choice(tuple(map(_test, way.needs)), role, way.duties)


def _step(clause: Clause, book: Rulebook, rule: str = "") -> Step:
    """The step of a clause; the same clause of the same rule is one step, in however many paths."""
    if (made := book.steps.get((clause, rule))) is None:
        made = book.steps[clause, rule] = _made(clause, book, rule)
    return made


def _made(clause: Clause, book: Rulebook, rule: str) -> Step:
    rules = tuple(dict.fromkeys(name for name in (rule, clause.source) if name))
    words, closed = book.vocabulary, lapses(clause)
    deny = Deny(reason=clause.reason, explanation=why(clause, words), rules=rules, helps=helps(clause))
    disputed = replace(deny, explanation=why_disputed(clause, words), helps=helps(clause, disputed=True)) if closed else None
    choices = tuple(map(_choice, clause.ways))
    return Step(order=ORDER[clause.reason], choices=choices, deny=deny, lapses=closed, disputed=disputed)


def _rule_steps(book: Rulebook, shape: Shape, rule: Rule, category: str) -> Iterator[Step]:
    if Certainty.OMSTREDEN in (rule.certainty, book.vocabulary.purposes[rule.purpose].certainty):
        yield _never(book, Reason.ROUTE, "Het recht staat hier niet vast; dan gaat er niets.", source=rule.id)
    known = book.vocabulary.categories.get(category)
    if known is not None and known.klass in book.common.numbers and not book.vocabulary.kinds[shape.requester].bsn:
        yield _never(
            book, book.common.numbers[known.klass], "Deze ontvanger mag het burgerservicenummer niet gebruiken.", source="nooit"
        )
    if rule.push_only and shape.direction != PUSH:
        yield _never(book, Reason.ROUTE, "Dit wordt alleen aangeboden, niet opgevraagd.", source=rule.id, helped=OFFERED)
    for clause in clauses_of(book, rule, (shape.provider, shape.requester), category):
        yield _step(clause, book, rule.id)


def _dead(steps: list[Step], rule: str = "") -> Path:
    """A path that ends in a refusal, because one of its steps always fails."""
    return Path(rule=rule, steps=tuple(sorted(steps, key=lambda step: step.order)), permit=_NOTHING)


def _path(book: Rulebook, shape: Shape, rule: Rule, category: str, common: list[Step]) -> Path:
    steps = [*common, *_rule_steps(book, shape, rule, category)]
    duties = duties_of(book, rule, (shape.provider, shape.requester), category)
    applicable = [d for d in duties if d.direction in ("", shape.direction)]
    through = {duty for step in steps for choice in step.choices for duty in choice.duties}
    if missing := ({d.duty for d in applicable} | through) - book.carried:
        detail = f"Niemand kan deze plicht uitvoeren: {listed(sorted(missing))}."
        steps.append(_never(book, Reason.ROUTE, detail, source=rule.id))
    plain = {d.duty for d in applicable if not (d.unless or d.once)}
    purpose = book.vocabulary.purposes[rule.purpose]
    permit = Permit(
        precision=rule.gives[category],
        rules=(rule.id,),
        duties=tuple(duty for duty in book.vocabulary.duties if duty in plain),
        grounds=tuple(dict.fromkeys((*rule.grounds, *(f"AVG {article}" for article in purpose.gdpr)))),
        retention=rule.retention or purpose.retention,
        text=rule.text or _text_mode(book, category),
    )
    extras = tuple(Extra(duty=d.duty, unless=d.unless, once=d.once) for d in applicable if d.unless or d.once)
    return Path(
        rule=rule.id,
        steps=tuple(sorted(steps, key=lambda step: step.order)),
        permit=permit,
        extras=extras,
        duties_of_ways=bool(through),
    )


def _text_mode(book: Rulebook, category: str) -> TextMode:
    return TextMode.STRICT if book.vocabulary.categories[category].klass == SPECIAL else TextMode.MASK
