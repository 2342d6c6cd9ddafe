"""A new domain to start from: one rule with its examples, that loads and passes the check as it stands."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sluis.core.errors import BadInput, Flaw
from sluis.core.rules import Rule
from sluis.core.terms import Vocabulary
from sluis.core.verdict import Precision
from sluis.policy_files.coverage import proposal
from sluis.policy_files.domain import domain
from sluis.policy_files.examples import run
from sluis.policy_files.folder import EXAMPLES, PolicySet, open_set
from sluis.policy_files.shape import Shape
from sluis.policy_files.strict import parse

_NAME = re.compile(r"[a-z][a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the first rule of the domain says: `providers` may give `category` to `requesters` for `purpose`."""

    name: str
    providers: Sequence[str]
    requesters: Sequence[str]
    purpose: str
    category: str


def scaffold(found: PolicySet, wanted: Wanted) -> tuple[Path, Path]:
    """Write the two files of the domain into the folder of the set. Raises `BadInput` when they would not pass the check."""
    _checked(found, wanted)
    text = _domain(found, wanted)
    shape = Shape()
    name = f"{wanted.name}.yaml"
    (rule, *_) = domain(parse(text, name, shape.flaws), found.general, shape).rules
    book = replace(found.rulebook, rules=(*found.rulebook.rules, rule))
    shown = "\n".join((_head(wanted, "Voorbeelden bij"), f"domein: {wanted.name}", "voorbeelden:", proposal(book, rule), ""))
    files = {name: text, f"{wanted.name}{EXAMPLES}": shown}
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "beleid"
        shutil.copytree(found.directory, trial)
        _write(trial, files)
        tried = open_set(trial)
        wrong = [
            f"{one.where}: {what}" for e in tried.examples[wanted.name] for one in e.tries for what in run(one, tried.rulebook)
        ]
    if wrong:
        raise BadInput(*(Flaw(where=name, what=what) for what in wrong))
    first, second = _write(found.directory, files)
    return first, second


def _checked(found: PolicySet, wanted: Wanted) -> None:
    words = found.general.words.vocabulary
    flaws = []
    if not _NAME.fullmatch(wanted.name):
        flaws.append(Flaw(where="domein", what="een naam bestaat uit kleine letters, cijfers en streepjes"))
    elif (found.directory / f"{wanted.name}.yaml").exists():
        flaws.append(Flaw(where="domein", what=f"'{wanted.name}' bestaat al", mend="kies een andere naam"))
    parties = (*wanted.providers, *wanted.requesters)
    flaws += [Flaw(where=word, what="onbekende soort of groep") for word in parties if not _is_party(word, words)]
    if wanted.purpose not in words.purposes:
        flaws.append(Flaw(where=wanted.purpose, what="onbekend doel", mend="gebruik een doel uit begrippen.yaml"))
    if wanted.category not in words.categories:
        flaws.append(Flaw(where=wanted.category, what="onbekend gegeven", mend="gebruik een gegeven uit begrippen.yaml"))
    if flaws:
        raise BadInput(*flaws)


def _is_party(word: str, words: Vocabulary) -> bool:
    return word in words.kinds or word in words.groups


def _domain(found: PolicySet, wanted: Wanted) -> str:
    words = found.general.words.vocabulary
    providers = words.kinds_of(wanted.providers)
    lines = [
        _head(wanted, "Wat mag worden gegeven door"),
        f"domein: {wanted.name}",
        f'titel: "{wanted.name}"',
        f"verstrekkers: [{', '.join(wanted.providers)}]",
        "regels:",
        f"  - id: {wanted.name}-eerste",
        f'    titel: "{words.categories[wanted.category].title} voor {wanted.purpose}: vul aan wat hier gebeurt en waarom"',
        f"    doel: {wanted.purpose}",
        f"    aan: [{', '.join(wanted.requesters)}]",
        "    geeft:",
        f"      {wanted.category}: {_precision(found, wanted).word}",
    ]
    if providers & found.rulebook.common.secret.keys():
        lines.append("    geheim: {wegen: [toestemming]}")
    lines.append(f'    grondslag: ["{words.purposes[wanted.purpose].law}"]')
    return "\n".join([*lines, ""])


def _head(wanted: Wanted, what: str) -> str:
    return f"# {what} {wanted.name}. Gemaakt als begin: lees, verander, en laat `sluis policy check` meelezen."


def _precision(found: PolicySet, wanted: Wanted) -> Precision:
    """What other rules of the same flow give, so that they agree; else what the words call usual, else only that it exists."""
    words = found.general.words.vocabulary
    providers, requesters = words.kinds_of(wanted.providers), words.kinds_of(wanted.requesters)

    def alike(rule: Rule) -> bool:
        return rule.purpose == wanted.purpose and bool(rule.providers & providers and rule.requesters & requesters)

    known = [rule.gives[wanted.category] for rule in found.rulebook.rules if alike(rule) and wanted.category in rule.gives]
    return min(known, default=words.categories[wanted.category].default or Precision.BESTAAT)


def _write(folder: Path, files: dict[str, str]) -> list[Path]:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]
