"""Practice cases: invented people, the rules in force. They are read as strictly as the rules and are no part of a set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sluis.core.errors import Flaw, PolicyFileError
from sluis.core.question import Question
from sluis.core.terms import Vocabulary
from sluis.core.verdict import Outcome
from sluis.policy_files.examples import asked
from sluis.policy_files.shape import Shape
from sluis.policy_files.strict import Node, read

FILE = Path("oefenen") / "casussen.yaml"
"""Where they stand in the folder of a set: below it, so that no rule is read from there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A case to practise on: the story, the question, what the rules should say, and what it teaches."""

    id: str
    where: str
    title: str
    story: str
    question: Question
    expected: Outcome
    lesson: str


def exercises(directory: Path, vocabulary: Vocabulary) -> tuple[Exercise, ...]:
    """The practice cases of that folder. Raises `PolicyFileError` with every flaw, or when there are none."""
    path = directory / FILE
    if not path.is_file():
        raise PolicyFileError(Flaw(where=str(path), what="dit bestand ontbreekt", mend="wijs de map aan met een map oefenen"))
    shape = Shape()
    top = shape.table(read(path, shape.flaws), ("oefeningen",))
    found = [made for item in shape.items(top.get("oefeningen")) if (made := _exercise(item, vocabulary, shape)) is not None]
    if len({one.id for one in found}) < len(found):
        shape.flaw(path.name, "een id staat er twee keer", "geef elke oefening een eigen id")
    if shape.flaws:
        raise PolicyFileError(*shape.flaws)
    return tuple(found)


def _exercise(node: Node, vocabulary: Vocabulary, shape: Shape) -> Exercise | None:
    fields = shape.table(node, ("id", "titel", "verhaal", "vraag", "verwacht", "les"))
    question = asked(fields.get("vraag"), vocabulary, shape)
    expected = shape.word(fields.get("verwacht"), list(Outcome), "besluit")
    if question is None or not expected:
        return None
    return Exercise(
        id=shape.text(fields.get("id")),
        where=node.where,
        title=shape.text(fields.get("titel")),
        story=shape.text(fields.get("verhaal")),
        question=question,
        expected=Outcome(expected),
        lesson=shape.text(fields.get("les")),
    )
