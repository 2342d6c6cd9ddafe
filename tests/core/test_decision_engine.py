"""The engine on small hand-made rulebooks: precision, duties, broken rules, disputed law, memory that changes nothing."""

from __future__ import annotations

from dataclasses import replace

from questions_near_rules import BOOK, WORDS

from sluis.core import decision as engine
from sluis.core.decision import decide
from sluis.core.question import Facts, Question, Truth
from sluis.core.rules import Clause, DutyRule, Must, Need, Rule, Rulebook, Way
from sluis.core.terms import Certainty
from sluis.core.verdict import Deny, Outcome, Permit, Precision, Reason, Refer, TextMode

FACTS: Facts = {"gebruiker-bevoegd": Truth.WAAR, "motivering": Truth.WAAR}
ASKED = Question(
    purpose="openbare-orde",
    direction="opvraag",
    requester="burgemeester",
    provider="politie",
    categories=("politie.artikel-8",),
    person="betrokkene",
    case_state="geen",
    facts=FACTS,
)


def rule(name: str, *, precision: Precision = Precision.GROF, clauses: tuple[Clause, ...] = (), **more: object) -> Rule:
    """A rule for the question above."""
    made = Rule(
        id=name,
        domain="proef",
        title=name,
        purpose="openbare-orde",
        providers=frozenset({"politie"}),
        requesters=frozenset({"burgemeester"}),
        gives={"politie.artikel-8": precision},
        clauses=clauses,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # the fields that a test names


def need(fact: str, must: Must = Must.WAAR, *, judgement: bool = False) -> Way:
    """A way of one fact."""
    only = Need(fact=fact, must=must, role="iemand", judgement=judgement, scoped=True, absent=Truth.ONBEKEND)
    return Way(needs=(only,))


def clause(*ways: Way, reason: Reason = Reason.ROUTE) -> Clause:
    """A clause of these ways."""
    return Clause(source="proef", reason=reason, ways=ways)


def book(*rules: Rule) -> Rulebook:
    """A set of these rules."""
    return replace(BOOK, rules=rules)


def verdict(*rules: Rule, facts: Facts = FACTS) -> Permit | Refer | Deny:
    """What these rules say of the one category asked."""
    return decide(replace(ASKED, facts=facts), book(*rules)).verdicts["politie.artikel-8"]


def test_a_single_rule_releases_at_its_precision_with_its_articles_and_term() -> None:
    got = verdict(rule("a", precision=Precision.EXACT, grounds=("Wpg 16",), duties=(DutyRule(duty="tweede-lezer"),)))
    assert isinstance(got, Permit)
    assert got.precision is Precision.EXACT
    assert got.grounds[0] == "Wpg 16"
    assert "AVG 10" in got.grounds
    assert got.retention == WORDS.purposes["openbare-orde"].retention
    assert "tweede-lezer" in got.duties
    assert got.text is TextMode.MASK


def test_several_rules_are_tied_strictly() -> None:
    loose = rule("a", precision=Precision.EXACT, duties=(DutyRule(duty="tweede-lezer"),), grounds=("Wpg 16",))
    tight = rule("b", precision=Precision.GROF, text=TextMode.REVIEW, grounds=("Wpg 19",))
    got = verdict(loose, tight)
    assert isinstance(got, Permit)
    assert got.precision is Precision.GROF
    assert got.text is TextMode.REVIEW
    assert got.rules == ("a", "b")
    assert "tweede-lezer" in got.duties
    assert {"Wpg 16", "Wpg 19"} <= set(got.grounds)


def test_one_rule_that_releases_is_enough() -> None:
    closed = rule("a", clauses=(clause(need("treffer")),))
    assert isinstance(verdict(closed, rule("b")), Permit)


def test_the_rule_that_came_furthest_gives_the_reason() -> None:
    early = rule("a", clauses=(clause(need("vrager-betrokken"), reason=Reason.PARTIJ),))
    late = rule("b", clauses=(clause(need("toestemming"), reason=Reason.GEHEIM),))
    for order in ((early, late), (late, early)):
        got = verdict(*order)
        assert isinstance(got, Deny)
        assert (got.reason, got.helps) == (Reason.GEHEIM, ("toestemming",))


def test_health_is_redacted_strictly_unless_the_rule_says_otherwise() -> None:
    asked = replace(ASKED, categories=("gezondheid.functioneel",))
    gives = {"gezondheid.functioneel": Precision.FUNCTIONEEL}
    plain = decide(asked, book(rule("a", gives=gives))).permitted["gezondheid.functioneel"]
    told = decide(asked, book(rule("a", gives=gives, text=TextMode.WITHHOLD))).permitted["gezondheid.functioneel"]
    assert (plain.text, told.text) == (TextMode.STRICT, TextMode.WITHHOLD)


def test_a_judgement_waits_only_while_nobody_judged() -> None:
    judged = rule("a", clauses=(clause(need("professional-besluit", judgement=True)),))
    assert isinstance(verdict(judged), Refer)
    assert isinstance(verdict(judged, facts={**FACTS, "professional-besluit": Truth.ONBEKEND}), Refer)
    assert isinstance(verdict(judged, facts={**FACTS, "professional-besluit": Truth.ONWAAR}), Deny)
    assert isinstance(verdict(judged, facts={**FACTS, "professional-besluit": frozenset()}), Deny)
    assert isinstance(verdict(judged, facts={**FACTS, "professional-besluit": {"identiteit.basis": Truth.WAAR}}), Refer)
    assert isinstance(verdict(judged, facts={**FACTS, "professional-besluit": {"politie.artikel-8": Truth.WAAR}}), Permit)


def test_a_judgement_beside_another_open_question_is_not_asked() -> None:
    both = Way(needs=(*need("treffer").needs, *need("professional-besluit", judgement=True).needs))
    assert isinstance(verdict(rule("a", clauses=(clause(both),))), Deny)


def test_two_judgements_are_asked_together() -> None:
    first = clause(need("professional-besluit", judgement=True))
    second = clause(need("vt-doorzetbesluit", judgement=True), reason=Reason.VERSTREKKER)
    got = verdict(rule("a", clauses=(first, second)))
    assert isinstance(got, Refer)
    assert got.facts == ("professional-besluit", "vt-doorzetbesluit")


def test_a_fact_for_all_that_is_given_per_category_is_unknown() -> None:
    scoped = {**FACTS, "gebruiker-bevoegd": frozenset({"politie.artikel-8"})}
    got = verdict(rule("a"), facts=scoped)
    assert isinstance(got, Deny)
    assert got.reason is Reason.GEBRUIKER


def test_a_clause_without_ways_never_holds() -> None:
    assert isinstance(verdict(rule("a", clauses=(clause(),))), Deny)


def test_a_way_without_needs_is_refused_by_the_loader_but_no_hole_in_the_gate() -> None:
    got = verdict(rule("a", clauses=(clause(Way(needs=())),)), facts={})
    assert isinstance(got, Deny)
    assert got.reason is Reason.GEBRUIKER


def test_a_rule_that_cannot_be_read_refuses_and_spoils_no_other_category() -> None:
    broken = rule("a", gives={"bestaat.niet": Precision.EXACT, "politie.artikel-8": Precision.GROF})
    decision = decide(replace(ASKED, categories=("bestaat.niet", "politie.artikel-8")), book(broken))
    assert set(decision.refused) == {"bestaat.niet"}
    assert set(decision.permitted) == {"politie.artikel-8"}
    assert decision.refused["bestaat.niet"].explanation.endswith("Een regel is niet te lezen.")


def test_a_rule_that_asks_an_unknown_fact_refuses() -> None:
    got = verdict(rule("a", clauses=(clause(need("bestaat-niet")),)), facts={**FACTS, "bestaat-niet": Truth.WAAR})
    assert isinstance(got, Deny)


def test_disputed_law_releases_nothing() -> None:
    got = verdict(rule("a", certainty=Certainty.OMSTREDEN))
    assert isinstance(got, Deny)
    assert "staat hier niet vast" in got.explanation


def test_what_nobody_can_carry_out_is_withheld_with_the_duty_named() -> None:
    got = decide(ASKED, book(rule("a")).carrying(BOOK.carried - {"vastleggen"})).verdicts["politie.artikel-8"]
    assert isinstance(got, Deny)
    assert "vastleggen" in got.explanation


def test_the_outcome_of_the_whole_question_is_the_best_of_its_categories() -> None:
    both = ("politie.artikel-8", "politie.artikel-13")
    judged = rule(
        "b", gives={"politie.artikel-13": Precision.GROF}, clauses=(clause(need("professional-besluit", judgement=True)),)
    )
    asked = replace(ASKED, categories=both)
    assert decide(asked, book(rule("a"), judged)).outcome is Outcome.VERSTREKKEN
    assert decide(asked, book(judged)).outcome is Outcome.VOORLEGGEN
    assert decide(asked, book()).outcome is Outcome.WEIGEREN


def test_what_a_rulebook_remembers_changes_nothing_and_does_not_grow_without_end() -> None:
    small = book(rule("a"))
    first = decide(ASKED, small)
    assert decide(ASKED, small) == first
    for number in range(engine._REMEMBERED + 5):
        decide(replace(ASKED, case_state=f"verzonnen-{number}"), small)
    assert len(small.plans) <= engine._REMEMBERED
    assert decide(ASKED, small) == first


def test_the_decision_cannot_be_changed_afterwards() -> None:
    decision = decide(ASKED, book(rule("a")))
    try:
        decision.verdicts["politie.artikel-13"] = decision.verdicts["politie.artikel-8"]  # type: ignore[index]  # the attack
    except TypeError:
        return
    raise AssertionError("a verdict was added")


def test_words_that_do_not_exist_leave_nothing_behind() -> None:
    small = book(rule("a"))
    for number in range(50):
        decide(replace(ASKED, categories=(f"verzonnen.{number}",)), small)
    assert sum(map(len, small.plans.values())) == 0
