"""Examples beside the rules: each shows what a rule releases, and tries what would have to stop it.

An example is a question with the expected answer. Under `maar` it is put again with something changed (`als`: a key of the
question, or facts), with what happens then (`dan`: `verstrekken`, `voorleggen`, or the reason of the refusal).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sluis.core.decision import decide
from sluis.core.question import FactValue, Question, Truth
from sluis.core.rules import Rulebook
from sluis.core.terms import Vocabulary, unknown_words
from sluis.core.verdict import Deny, Permit, Reason, Verdict
from sluis.policy_files.shape import Shape
from sluis.policy_files.strict import Listing, Node, Table, Text

RELEASED, REFERRED = "verstrekken", "voorleggen"
KEYS = {"doel": "purpose", "richting": "direction", "vrager": "requester", "verstrekker": "provider",
        "persoon": "person", "casus": "case_state"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the answer must be: per category (or for all, under '') released at a precision, referred, or a reason."""

    outcomes: Mapping[str, str]
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One question with its expected answer, and where it stands (`file:line`)."""

    where: str
    question: Question
    expected: Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The rule that an example shows, and its tries: first the release, then what stops it."""

    rule: str
    where: str
    name: str
    tries: tuple[Try, ...] = field(default=())


def examples(node: Node | None, vocabulary: Vocabulary, shape: Shape) -> tuple[Example, ...]:
    """The examples of a file. Flaws go to `shape`."""
    top = shape.table(node, ("domein", "voorbeelden"))
    found = (_example(item, vocabulary, shape) for item in shape.items(top.get("voorbeelden")))
    return tuple(example for example in found if example is not None)


def _example(node: Node, vocabulary: Vocabulary, shape: Shape) -> Example | None:
    fields = shape.table(node, ("regel", "naam", "vraag", "verwacht"), ("maar",))
    question = asked(fields.get("vraag"), vocabulary, shape)
    if question is None:
        return None
    expected = shape.table(fields.get("verwacht"), ("gegevens",), ("plichten",))
    given = shape.open_table(expected.get("gegevens"))
    first = Expected(
        outcomes={name: shape.text(value) for name, value in given.items()},
        duties=shape.words(expected.get("plichten"), vocabulary.duties, "plicht"),
    )
    tries = [Try(where=node.where, question=question, expected=first)]
    tries += [made for item in shape.items(fields.get("maar")) if (made := _but(item, question, vocabulary, shape)) is not None]
    name = shape.text(fields.get("naam"))
    return Example(rule=shape.text(fields.get("regel")), where=node.where, name=name, tries=tuple(tries))


def asked(node: Node | None, vocabulary: Vocabulary, shape: Shape) -> Question | None:
    """The question of a table; None, with flaws in `shape`, when it is not one."""
    fields = shape.table(node, (*KEYS, "gegevens"), ("feiten",))
    words = {name: shape.text(fields.get(key)) for key, name in KEYS.items()}
    question = Question(
        **words,
        categories=shape.texts(fields.get("gegevens")),
        facts={name: _value(value, shape) for name, value in shape.open_table(fields.get("feiten")).items()},
    )
    return _checked(question, node, vocabulary, shape)


def _checked(question: Question, node: Node | None, vocabulary: Vocabulary, shape: Shape) -> Question | None:
    flaws = unknown_words(question, vocabulary)
    for flaw in flaws if node is not None else ():
        shape.flaw(node.where if node is not None else "", f"{flaw.where}: {flaw.what}", flaw.mend)
    return None if flaws else question


def _value(node: Node, shape: Shape) -> FactValue:
    if isinstance(node, Listing):
        return frozenset(shape.texts(node))
    if isinstance(node, Table):
        return {name: Truth(shape.word(value, list(Truth), "waarheid") or "onbekend") for name, value in node.entries.items()}
    word = shape.word(node, list(Truth), "waarheid")
    return Truth(word) if word else Truth.ONBEKEND


def _but(node: Node, base: Question, vocabulary: Vocabulary, shape: Shape) -> Try | None:
    """The same question with something changed."""
    fields = shape.table(node, ("als", "dan"))
    changes: dict[str, str] = {}
    facts = dict(base.facts)
    categories = base.categories
    for key, value in shape.open_table(fields.get("als")).items():
        if key in KEYS:
            changes[KEYS[key]] = shape.text(value)
        elif key == "gegevens":
            categories = shape.texts(value)
        else:
            facts[key] = _value(value, shape)
    question = _checked(replace(base, categories=categories, facts=facts, **changes), node, vocabulary, shape)
    then = fields.get("dan")
    known = (RELEASED, REFERRED, *Reason)
    if isinstance(then, Text):
        outcomes = {"": shape.word(then, known, "uitkomst")}
    else:
        outcomes = {name: shape.word(value, known, "uitkomst") for name, value in shape.open_table(then).items()}
    return Try(where=node.where, question=question, expected=Expected(outcomes=outcomes)) if question is not None else None


def run(tried: Try, book: Rulebook) -> tuple[str, ...]:
    """What comes out otherwise than the try expects, in Dutch; empty when all is well."""
    decision = decide(tried.question, book)
    outcomes = tried.expected.outcomes
    wrong = []
    for category, verdict in decision.verdicts.items():
        expected = outcomes.get(category, outcomes.get("", ""))
        got = said(verdict)
        released = isinstance(verdict, Permit) and expected in (RELEASED, verdict.precision.word)
        if not released and (isinstance(verdict, Permit) or expected != got):
            wrong.append(f"{category}: verwacht {expected or 'niets'}, gekregen {got}")
    wrong += [f"{category} wordt niet gevraagd" for category in outcomes if category and category not in decision.verdicts]
    wrong += [f"de plicht {duty} ontbreekt" for duty in tried.expected.duties if duty not in decision.duties]
    return tuple(wrong)


def said(verdict: Verdict) -> str:
    """The outcome in one word, as an example writes it."""
    if isinstance(verdict, Permit):
        return verdict.precision.word
    return verdict.reason.value if isinstance(verdict, Deny) else REFERRED


def undocumented(book: Rulebook, shown: tuple[Example, ...]) -> tuple[str, ...]:
    """The rules that no example shows. What a purpose adopts from another is shown by the rule it is adopted from."""
    told = {example.rule for example in shown}
    return tuple(rule.id for rule in book.rules if rule.id not in told and rule.id.partition("@")[0] not in told)
