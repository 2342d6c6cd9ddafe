"""`sluis policy who`, `diff` and `replay`: what a set opens, and what another set would change."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from sluis.cli.policy_folder import WIDER, AsJson, Policies, fail, opened, plain_console
from sluis.cli.policy_pilots import pilots_changed
from sluis.core.analysis import Access, always, blocks, told, who
from sluis.core.changes import Effect
from sluis.core.decision import decide
from sluis.core.effects import Difference, compare, wider
from sluis.core.errors import BadInput
from sluis.core.formula import State
from sluis.core.question import FactValue, Question, Truth
from sluis.core.replay import Logged, Replayed, replayed, said
from sluis.core.rules import Rulebook
from sluis.policy_files.logged import read_logged
from sluis.policy_files.signing import became_wider

tools = typer.Typer()
COLOURS = {Effect.RUIMER: "red", Effect.ENGER: "green", Effect.ANDERS: "yellow"}
MOST_NAMED = 8


@tools.command(
    "who", epilog="Voorbeeld: sluis policy who gezondheid.diagnose   ·   sluis policy who politie.artikel-8 --aan halt"
)
def who_command(
    category: Annotated[str, typer.Argument(help="Een gegeven uit begrippen.yaml, bijvoorbeeld gezondheid.diagnose.")],
    policies: Policies = None,
    purpose: Annotated[str, typer.Option("--doel", help="Alleen voor dit doel.")] = "",
    requester: Annotated[str, typer.Option("--aan", help="Alleen wat deze soort partner kan ontvangen.")] = "",
    as_json: AsJson = False,
) -> None:
    """Zeg wie een gegeven ooit kan krijgen, van wie, waarvoor, en wat daarvoor ten minste moet vaststaan."""
    book = opened(policies).rulebook
    _known(category, book.vocabulary.categories, "gegeven")
    _known(purpose, {"", *book.vocabulary.purposes}, "doel")
    _known(requester, {"", *book.vocabulary.kinds}, "soort partner")
    found = [a for a in who(book, category) if purpose in ("", a.purpose) and (not requester or requester in a.requesters)]
    if as_json:
        print(json.dumps([_access(one) for one in found], ensure_ascii=False, indent=1))
        return
    console = plain_console()
    if not found:
        console.print(f"{category}: niemand, in geen enkele toestand van de feiten")
    for one in found:
        _show_access(one, book, console)


def _known(word: str, words: Iterable[str], what: str) -> None:
    if word not in words:
        fail([f"onbekend {what} '{word}': gebruik een woord uit begrippen.yaml"])


def _access(one: Access) -> dict[str, object]:
    return {
        "gegeven": one.category,
        "doel": one.purpose,
        "van": one.providers,
        "aan": one.requesters,
        "richting": one.directions,
        "persoon": one.persons,
        "casus": one.states,
        "precisie": one.precision.word,
        "mits": [{fact: sorted(truth.value for truth in held) for fact, held in way.items()} for way in one.ways],
        "plichten": one.duties,
    }


def _show_access(one: Access, book: Rulebook, console: Console) -> None:
    purpose = book.vocabulary.purposes[one.purpose]
    console.print(f"[bold]{one.category}[/]  hoogstens [bold]{one.precision.word}[/]  voor {one.purpose} ({purpose.title})")
    console.print(f"  aan    {_named(one.requesters)}")
    console.print(f"  van    {_named(one.providers)}")
    console.print(f"  als    {' of '.join(one.directions)}; over {', '.join(one.persons)}; casus {', '.join(one.states)}")
    shared = always(one.ways)
    console.print(f"  mits   {_state(shared) or 'niets anders nodig is'}")
    rest = [{fact: held for fact, held in way.items() if fact not in shared} for way in one.ways]
    if len(rest) > 1:
        console.print(f"  en     {' of '.join(f'({_state(way)})' for way in rest)}")
    console.print(f"  met    {', '.join(one.duties) or 'geen plichten'}\n")


def _named(words: tuple[str, ...]) -> str:
    more = f" en {len(words) - MOST_NAMED} andere (--json noemt ze)" if len(words) > MOST_NAMED else ""
    return ", ".join(words[:MOST_NAMED]) + more


def _state(state: State) -> str:
    return ", ".join(told(fact, held) for fact, held in sorted(state.items()))


# ---- diff ----------------------------------------------------------------------------------------


@tools.command("diff", epilog="Voorbeeld: sluis policy diff policies nieuw-beleid   ·   ... --json | jq '.[] | .effect'")
def diff_command(
    old: Annotated[Path, typer.Argument(help="Map met het beleid dat nu geldt.")],
    new: Annotated[Path, typer.Argument(help="Map met het beleid dat het zou worden.")],
    as_json: AsJson = False,
) -> None:
    """Vergelijk twee beleidssets: wat er ruimer, enger of anders wordt, over alle toestanden van de feiten.

    Geeft 0 als niets ruimer wordt, 3 als iets ruimer wordt, 2 als een van beide niet te lezen is.
    Andere redenen van een weigering tellen niet mee.
    """
    before, after = opened(old).rulebook, opened(new).rulebook
    found = _compared(before, after)
    if as_json:
        print(json.dumps([_difference(one, before, after) for one in found], ensure_ascii=False, indent=1))
    else:
        _show_differences(found, before, after)
        for name, (was, becomes) in pilots_changed(before, after).items():
            plain_console().print(f"proef {name}: gold {was}, wordt {becomes}", markup=False)
    if wider(found) or (pilots_changed(before, after) and became_wider(before, after)):
        raise typer.Exit(WIDER)


def _compared(old: Rulebook, new: Rulebook) -> tuple[Difference, ...]:
    gc.disable()  # comparing makes no cycles, and looking for them takes half of the time
    try:
        with Progress(transient=True, disable=not sys.stderr.isatty(), console=Console(stderr=True)) as progress:
            task = progress.add_task("stromen vergelijken")
            return compare(old, new, lambda done, total: progress.update(task, completed=done, total=total))
    finally:
        gc.enable()


def _difference(one: Difference, old: Rulebook, new: Rulebook) -> dict[str, object]:
    return {
        "gegeven": one.category,
        "doel": one.purpose,
        "effect": one.change.effect.value,
        "wat": one.change.aspect.value,
        "was": one.change.before,
        "wordt": one.change.after,
        "stromen": [{"van": van, "aan": aan} for van, aan in blocks(one.flows)],
        "situaties": [{"richting": s.direction, "persoon": s.persons, "casus": s.states} for s in one.situations],
        "voorbeeld": asked(one.example),
        "besluit": [said(decide(one.example, book).verdicts[one.category]) for book in (old, new)],
    }


def asked(question: Question) -> dict[str, object]:
    """The question in the words of a file with questions, so that `sluis policy decide` can put it again."""
    return {
        "doel": question.purpose,
        "richting": question.direction,
        "vrager": question.requester,
        "verstrekker": question.provider,
        "gegevens": list(question.categories),
        "persoon": question.person,
        "casus": question.case_state,
        "feiten": {fact: _value(value) for fact, value in question.facts.items()},
    }


def _value(value: FactValue) -> object:
    if isinstance(value, Truth):
        return value.value
    return sorted(value) if isinstance(value, frozenset) else {name: truth.value for name, truth in value.items()}


def _show_differences(found: tuple[Difference, ...], old: Rulebook, new: Rulebook) -> None:
    console = plain_console()
    for one in found:
        change, colour = one.change, COLOURS[one.change.effect]
        what = f"{change.aspect.value}: {change.before} → {change.after}"
        console.print(f"[{colour}]{change.effect.value:<6}[/] [bold]{one.category}[/] voor {one.purpose}: {what}")
        for providers, requesters in blocks(one.flows)[:MOST_NAMED]:
            console.print(f"       van {_named(providers)}; aan {_named(requesters)}")
        example, facts = one.example, ", ".join(f"{fact}: {_value(value)}" for fact, value in one.example.facts.items())
        was, now = (said(decide(example, book).verdicts[one.category]) for book in (old, new))
        console.print(
            f"       bijvoorbeeld {example.requester} van {example.provider}, {example.direction}, {example.person}, "
            f"casus {example.case_state}, feiten {{{facts}}}: was {was}, wordt {now}",
            markup=False,
        )
    count = {effect: sum(one.change.effect is effect for one in found) for effect in Effect}
    console.print(", ".join(f"{number} {effect.value}" for effect, number in count.items()) if found else "geen verschil")
    console.print(f"van {old.policy}\nnaar {new.policy}")


# ---- replay --------------------------------------------------------------------------------------


@tools.command("replay", epilog="Voorbeeld: sluis policy replay log.jsonl nieuw-beleid")
def replay_command(
    log: Annotated[
        str, typer.Argument(help="Vastgelegde vragen met hun uitkomst, een JSON-object per regel; - leest de invoer.")
    ],
    new: Annotated[Path, typer.Argument(help="Map met het beleid dat het zou worden.")],
    as_json: AsJson = False,
) -> None:
    """Zeg welke vastgelegde besluiten onder ander beleid anders waren geweest. Geeft 3 als er een ruimer zou zijn."""
    book = opened(new).rulebook
    questions = _logged(log, book)
    found = [one for logged in questions for one in replayed(logged, book)]
    if as_json:
        for one in found:
            print(json.dumps(_replayed(one), ensure_ascii=False))
    else:
        table = Table("besluit", "gegeven", "effect", "was", "wordt")
        for one in found:
            table.add_row(one.id, one.category, f"[{COLOURS[one.effect]}]{one.effect.value}[/]", one.before, one.after)
        console = plain_console()
        if found:
            console.print(table)
        console.print(f"{len(questions)} besluiten, {len({one.id for one in found})} daarvan anders")
    if any(one.effect is Effect.RUIMER for one in found):
        raise typer.Exit(WIDER)


def _logged(log: str, book: Rulebook) -> tuple[Logged, ...]:
    try:
        text = sys.stdin.read() if log == "-" else Path(log).read_text(encoding="utf-8")
        return read_logged(text, book.vocabulary)
    except (OSError, UnicodeDecodeError):
        fail([f"{log}: dit bestand is niet te lezen"])
    except BadInput as error:
        fail([f"{log}: {flaw}" for flaw in error.flaws])


def _replayed(one: Replayed) -> dict[str, str]:
    return {"id": one.id, "gegeven": one.category, "effect": one.effect.value, "was": one.before, "wordt": one.after}
