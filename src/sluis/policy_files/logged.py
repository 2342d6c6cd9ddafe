"""Reads decisions that were logged, one JSON object a line, as the subject's cell of the audit log has them.

An object has `question` (the words of `docs/policies.md`) and `released`, `referred` and `refused` per category; it may stand
under `subject`. Its name is `request` or `id`, else the number of the line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from sluis.core.errors import BadInput, Flaw
from sluis.core.replay import REFERRED, Logged
from sluis.core.terms import Vocabulary, unknown_words
from sluis.policy_files.questions import read_question


def read_logged(text: str, vocabulary: Vocabulary) -> tuple[Logged, ...]:
    """The logged decisions of a file. Raises `BadInput` with every flaw in it."""
    flaws: list[Flaw] = []
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    found = [_read(number, line, vocabulary, flaws) for number, line in lines]
    if flaws:
        raise BadInput(*flaws)
    return tuple(one for one in found if one is not None)


def _read(number: int, line: str, vocabulary: Vocabulary, flaws: list[Flaw]) -> Logged | None:
    where = f"regel {number}"
    try:
        content: object = json.loads(line)
    except ValueError:
        flaws.append(Flaw(where=where, what="dit is geen JSON", mend="zet op elke regel een object"))
        return None
    if isinstance(content, dict) and isinstance(content.get("subject"), dict):
        content = {"id": content.get("id"), **content["subject"]}
    if not isinstance(content, dict) or not isinstance(content.get("question"), dict):
        flaws.append(
            Flaw(where=where, what="er staat geen vraag in", mend="een object heeft question, released, referred, refused")
        )
        return None
    found: list[Flaw] = []
    question = read_question(content["question"], found)
    if question is not None:
        found += unknown_words(question, vocabulary)
    flaws += [Flaw(where=f"{where}, {flaw.where}", what=flaw.what, mend=flaw.mend) for flaw in found]
    outcomes = dict(_outcomes(content))
    if question is None or found:
        return None
    if missing := [category for category in question.categories if category not in outcomes]:
        flaws.append(Flaw(where=where, what=f"geen uitkomst van {', '.join(missing)}", mend="elk gevraagd gegeven heeft er een"))
        return None
    name = str(content.get("request") or content.get("id") or number)
    return Logged(id=name, question=question, outcomes={category: outcomes[category] for category in question.categories})


def _outcomes(content: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key in ("released", "refused", "referred"):
        said = content.get(key)
        for category, word in said.items() if isinstance(said, dict) else ():
            yield str(category), REFERRED if key == "referred" else str(word)
