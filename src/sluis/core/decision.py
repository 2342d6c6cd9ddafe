"""The rule by which Sluis releases, refers or refuses.

Laws of this file
  1. Whatever can change a decision is in the question or in the rulebook; nothing here reads a clock, a file or a setting.
  2. What no rule gives is refused. An empty rulebook refuses everything; an error in a rule refuses.
  3. A prohibition (`nooit`) beats every rule.
  4. Unknown never permits. Only an objection that nobody recorded counts as no objection, because the law says so.
  5. A category is put before a human only when his judgement is all that is missing.
  6. A refusal is computed from what was asked, never from what exists at the holder.
  7. Several rules that release the same category are tied together strictly: the lowest precision, the duties of all.
  8. Urgency is no word of this file.
  9. What its person contests leaves under no rule: what could leave stays, as if the provider objected.

Order of testing (the first step that fails gives the reason; where several rules could give the category, the reason is that
of the rule that came furthest, because a step fails only when it fails for every rule):
  1 user · 2 purpose · 3 case state and retention · 4 parties and involvement · 5 person · 6 category and third parties ·
  7 the decision or situation that opens the flow, and secrecy · 8 the provider's objection or agreement · 9 necessity ·
  10 precision, duties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sluis.core.explain import because
from sluis.core.path import Choice, Path, Shape, Step, Test
from sluis.core.plan import PUSH, paths
from sluis.core.question import CONTESTED, Facts, Question, Truth, truth
from sluis.core.rules import Rulebook
from sluis.core.verdict import Decision, Deny, Permit, Reason, Refer, TextMode, Verdict

_REMEMBERED = 2_000
"""How many shapes of question a rulebook keeps paths for; beyond that it starts anew. It changes no decision."""

_UNKNOWN = Truth.ONBEKEND
_STRICTNESS = {TextMode.MASK: 0, TextMode.STRICT: 1, TextMode.REVIEW: 2, TextMode.WITHHOLD: 3}


def decide(question: Question, rulebook: Rulebook) -> Decision:
    """The verdict on every category asked, with the rules that made it and the duties that come with a release."""
    shape = Shape(
        question.purpose, question.provider, question.requester, question.direction, question.person, question.case_state
    )
    known = rulebook.plans.get(shape)
    if known is None:
        if len(rulebook.plans) >= _REMEMBERED:
            rulebook.plans.clear()
        known = rulebook.plans[shape] = {}
    facts, verdicts = question.facts, {}
    for category in question.categories:
        routes = known.get(category)
        try:
            if routes is None:
                routes = paths(rulebook, shape, category)
                if category in rulebook.vocabulary.categories:  # words that do not exist must not fill the memory
                    known[category] = routes
            verdict = _verdict(routes, facts, category)
            verdicts[category] = _contested(verdict, facts, category, rulebook) if CONTESTED in facts else verdict
        except (LookupError, TypeError, ValueError):
            # A rule that cannot be read releases nothing: whatever it meant to say, nobody has agreed to it.
            verdicts[category] = _unreadable(rulebook)
    return _decision(question, rulebook, verdicts)


def _contested(verdict: Verdict, facts: Facts, category: str, book: Rulebook) -> Verdict:
    """A permit stays when its person contests it; the words are those of any objection. Any other verdict is as it was."""
    if type(verdict) is not Permit or truth(facts, CONTESTED, category) is not Truth.WAAR:
        return verdict
    return Deny(reason=Reason.VERSTREKKER, explanation=because(Reason.VERSTREKKER, book.vocabulary), rules=verdict.rules)


def _unreadable(book: Rulebook) -> Deny:
    reason = Reason.ROUTE
    known = reason in book.vocabulary.reasons
    detail = "Een regel is niet te lezen."
    return Deny(reason=reason, explanation=because(reason, book.vocabulary, detail) if known else detail)


def _decision(question: Question, book: Rulebook, verdicts: dict[str, Verdict]) -> Decision:
    rules: dict[str, None] = {}
    duties: set[str] = set()
    held = False
    for verdict in verdicts.values():
        rules.update(dict.fromkeys(verdict.rules))
        if type(verdict) is Permit:
            duties.update(verdict.duties)
        else:
            held = True
    if held and question.provider in book.common.silent and question.direction != PUSH:
        duties.add(book.common.silent_duty)
    ordered = tuple(duty for duty in book.vocabulary.duties if duty in duties)
    return Decision(verdicts=MappingProxyType(verdicts), duties=ordered, rules=tuple(rules), policy=book.policy)


# ---- one category --------------------------------------------------------------------------------


def _verdict(routes: tuple[Path, ...], facts: Facts, category: str) -> Verdict:
    """Released when one rule releases; else put before a human when one rule waits for nothing else; else refused."""
    permits: list[Permit] = []
    refers: list[Refer] = []
    furthest: Step | None = None
    for path in routes:
        steps = path.composite if _all_hold(path.simple, facts, category) else path.steps
        stopped, waiting = _walk(steps, facts, category)
        if stopped is None and not waiting:
            permits.append(_permit(path, facts, category))
        elif stopped is None:
            refers.append(_refer(path, waiting))
        elif furthest is None or stopped.order > furthest.order:
            furthest = stopped
    if permits:
        return permits[0] if len(permits) == 1 else _strictest(permits)
    if refers:
        return refers[0] if len(refers) == 1 else _joined(refers)
    if furthest is None:
        raise LookupError("no path")
    if furthest.disputed is not None and any(truth(facts, fact, category) is Truth.WAAR for fact in furthest.lapses):
        return furthest.disputed
    return furthest.deny


def _all_hold(tests: tuple[Test, ...], facts: Facts, category: str) -> bool:
    """Whether every test holds: the common case, in one loop."""
    for fact, holds, _, scoped in tests:
        value = facts.get(fact, _UNKNOWN)
        if type(value) is not Truth:
            value = truth(facts, fact, category) if scoped else _UNKNOWN
        if value not in holds:
            return False
    return True


def _walk(steps: tuple[Step, ...], facts: Facts, category: str) -> tuple[Step | None, list[Choice]]:
    """The first step that fails (None: none does), and the choices that wait for a human's judgement.

    When a later step fails, a judgement would change nothing: the open step counts as the first that fails.
    """
    first_open: Step | None = None
    waiting: list[Choice] = []
    for step in steps:
        open_here: list[Choice] | None = None
        for choice in step.choices:
            outcome = _choice(choice, facts, category)
            if outcome is True:
                break
            if outcome is None:
                open_here = [*(open_here or ()), choice]
        else:
            if open_here is None:
                return first_open or step, []
            first_open = first_open or step
            waiting += open_here
    return None, waiting


def _choice(choice: Choice, facts: Facts, category: str) -> bool | None:
    """True: it holds. None: only a human's judgement is missing. False: it does not hold."""
    outcome: bool | None = True
    for fact, holds, judgement, scoped in choice.tests:
        value = facts.get(fact, _UNKNOWN)
        if type(value) is not Truth:
            value = truth(facts, fact, category) if scoped else _UNKNOWN
        if value in holds:
            continue
        if not (judgement and value is _UNKNOWN):
            return False
        outcome = None
    return outcome


def _recorded(facts: Facts, fact: str) -> bool:
    """Whether the fact was recorded as true, for any category."""
    value = facts.get(fact, Truth.ONBEKEND)
    if isinstance(value, Mapping):
        return Truth.WAAR in value.values()
    return bool(value) if isinstance(value, frozenset) else value is Truth.WAAR


def _permit(path: Path, facts: Facts, category: str) -> Permit:
    if not path.extras and not path.duties_of_ways:
        return path.permit
    added = [
        extra.duty
        for extra in path.extras
        if not (extra.unless and truth(facts, extra.unless, category) is Truth.WAAR)
        and not (extra.once and not _recorded(facts, extra.once))
    ]
    if path.duties_of_ways:
        for step in path.steps:
            for choice in step.choices:
                if choice.duties and _choice(choice, facts, category) is True:
                    added += choice.duties
    if not added:
        return path.permit
    key = tuple(added)
    if (made := path.permits.get(key)) is None:
        made = path.permits[key] = _with(path.permit, added)
    return made


def _with(permit: Permit, duties: Iterable[str]) -> Permit:
    return Permit(
        precision=permit.precision,
        rules=permit.rules,
        duties=tuple(dict.fromkeys((*permit.duties, *duties))),
        grounds=permit.grounds,
        retention=permit.retention,
        text=permit.text,
    )


def _strictest(permits: list[Permit]) -> Permit:
    """Several rules release: the lowest precision, the strictest treatment of text, the duties and articles of all."""
    return Permit(
        precision=min(p.precision for p in permits),
        rules=_union(p.rules for p in permits),
        duties=_union(p.duties for p in permits),
        grounds=_union(p.grounds for p in permits),
        retention="; ".join(_union((p.retention,) for p in permits)),
        text=max((p.text for p in permits), key=_STRICTNESS.__getitem__),
    )


def _union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))


def _refer(path: Path, waiting: list[Choice]) -> Refer:
    key = tuple(map(id, waiting))
    if (made := path.refers.get(key)) is None:
        facts = _union(tuple(test.fact for test in choice.tests if test.judgement) for choice in waiting)
        made = path.refers[key] = Refer(role=waiting[0].role, facts=facts, rules=(path.rule,))
    return made


def _joined(refers: list[Refer]) -> Refer:
    return Refer(role=refers[0].role, facts=_union(r.facts for r in refers), rules=_union(r.rules for r in refers))
