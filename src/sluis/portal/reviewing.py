"""The review of an entry: what the page shows of it, and what an officer may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from sluis.flows.audit import Seen
from sluis.flows.review import REVIEWERS, Stage, Verdict, due, hindrance, stage
from sluis.portal import moments, reading
from sluis.portal.flagged import rule_named
from sluis.portal.rows import Mark
from sluis.portal.visit import AIM, Visit
from sluis.portal.waiting import left
from sluis.portal.words import named


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChoice:
    """One verdict to choose, with what it means."""

    value: str
    text: str
    help: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What an officer sent that was not complete, so that he need not write it again."""

    verdict: str = ""
    ground: str = field(default="", repr=False)
    need_verdict: str = ""
    need_ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPart:
    """The review of an entry. `hindrance` says why this officer may not judge; the others are addresses of forms."""

    stage: str
    why: str
    due: str
    left: Mark | None
    hindrance: str
    verdicts: tuple[VerdictChoice, ...]
    tried: Tried
    onward: str
    back: str
    judge: str = ""
    take: str = ""
    reopen: str = ""


def review_of(seen: Seen, visit: Visit, tried: Tried) -> ReviewPart | None:
    """The review of that entry; None when it needs none."""
    now = stage(seen.entry, seen.about)
    if now is None:
        return None
    stopped = hindrance(visit.officer, seen.entry, visit.services)
    base = visit.place.to(f"/logboek/{seen.entry.entry_id}")
    word = reading.text(seen.entry.core, "review")
    free, until = stopped is None, due(seen.entry.recorded, seen.entry.core.get("review"))
    return ReviewPart(
        stage=named(visit.language, "stage", now.value),
        why=": ".join(filter(None, (named(visit.language, "review", word), rule_named(seen.entry, visit)))),
        due=moments.full(until, visit.language),
        left=left(until, visit) if now is not Stage.JUDGED else None,
        hindrance=visit.say[f"hindrance_{stopped}"] if stopped else "",
        verdicts=tuple(_choice(one, visit, tried) for one in Verdict),
        tried=tried,
        onward=f"{base}/volgende{_stated(visit)}" if visit.officer.roles & REVIEWERS else "",
        back=f"{base}/vorige{_stated(visit)}" if visit.officer.roles & REVIEWERS else "",
        judge=f"{base}/oordeel" if free and now is not Stage.JUDGED else "",
        take=f"{base}/behandeling" if free and now in {Stage.NEW, Stage.REOPENED} else "",
        reopen=f"{base}/heropening" if free and now is Stage.JUDGED else "",
    )


def _choice(verdict: Verdict, visit: Visit, tried: Tried) -> VerdictChoice:
    return VerdictChoice(
        value=verdict.value,
        text=named(visit.language, "verdict", verdict.value),
        help=named(visit.language, "verdict_help", verdict.value),
        chosen=tried.verdict == verdict.value,
    )


def _stated(visit: Visit) -> str:
    """The aim, so that it travels along."""
    word = visit.place.query.get(AIM) or visit.form.get(AIM)
    return f"?{urlencode({AIM: word})}" if word else ""
