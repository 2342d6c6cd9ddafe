"""The plain form of a case, with its actions: what its sealed payload says."""

from __future__ import annotations

from datetime import date, datetime
from types import MappingProxyType

from sluis.core.action import Action, ActionState
from sluis.core.case import Act, Case, CaseState, Participant, Resolution
from sluis.core.informing import Ground, Informed, Informing, Postponed, Way
from sluis.store.payloads import Plain, when, written


def case_plain(case: Case) -> Plain:
    """What a case says beyond its columns."""
    return {
        "subject": case.subject,
        "notifier": case.notifier,
        "participants": [[p.partner, written(p.since), p.third, written(p.signed)] for p in case.participants],
        "lead": case.lead,
        "co_leads": case.co_leads,
        "criteria": sorted(case.criteria),
        "own_view": case.own_view,
        "resolutions": [[r.act, r.by, r.user, written(r.at), r.reasons] for r in case.resolutions],
        "renewed": {category: written(until) for category, until in case.renewed.items()},
        "house": case.house,
        "informing": _informing_plain(case.informing),
        "actions": [_action_plain(action) for action in case.actions],
    }


def case_from(plain: Plain, *, case_id: str, state: str, first_processed: datetime, version: int) -> Case:
    """The case that was kept."""
    return Case(
        id=case_id,
        subject=plain["subject"],
        notifier=plain["notifier"],
        state=CaseState(state),
        first_processed=first_processed,
        participants=tuple(
            Participant(partner=partner, since=datetime.fromisoformat(since), third=third, signed=when(signed))
            for partner, since, third, signed in plain["participants"]
        ),
        lead=plain["lead"],
        co_leads=tuple(plain["co_leads"]),
        criteria=frozenset(plain["criteria"]),
        own_view=plain["own_view"],
        resolutions=tuple(
            Resolution(act=Act(act), by=tuple(by), user=user, at=datetime.fromisoformat(at), reasons=reasons)
            for act, by, user, at, reasons in plain["resolutions"]
        ),
        renewed=MappingProxyType({c: datetime.fromisoformat(until) for c, until in plain["renewed"].items()}),
        actions=tuple(_action_from(one) for one in plain.get("actions", ())),  # a case of before there were actions has none
        informing=_informing_from(plain.get("informing")),  # nor of telling the person
        house=plain.get("house", ""),
        version=version,
    )


def _informing_plain(said: Informing | None) -> Plain | None:
    if said is None:
        return None
    recorded = {"recorded": written(said.recorded), "words": said.words}
    if isinstance(said, Informed):
        return {"on": said.on.isoformat(), "way": said.way, "by": said.by, **recorded}
    return {"ground": said.ground, "owner": said.owner, "review": said.review.isoformat(), **recorded}


def _informing_from(plain: Plain | None) -> Informing | None:
    if plain is None:
        return None
    recorded, words = datetime.fromisoformat(plain["recorded"]), plain["words"]
    if "way" in plain:
        on, way = date.fromisoformat(plain["on"]), Way(plain["way"])
        return Informed(on=on, way=way, by=plain["by"], recorded=recorded, words=words)
    ground, review = Ground(plain["ground"]), date.fromisoformat(plain["review"])
    return Postponed(ground=ground, owner=plain["owner"], review=review, recorded=recorded, words=words)


def _action_plain(action: Action) -> Plain:
    return {
        "id": action.id,
        "what": action.what,
        "owner": action.owner,
        "role": action.role,
        "due": action.due.isoformat(),
        "agreed_by": action.agreed_by,
        "agreed": written(action.agreed),
        "state": action.state,
        "settled": written(action.settled),
        "settled_by": action.settled_by,
        "overdue": written(action.overdue),
        "assigned": written(action.assigned),
    }


def _action_from(plain: Plain) -> Action:
    return Action(
        id=plain["id"],
        what=plain["what"],
        owner=plain["owner"],
        role=plain["role"],
        due=date.fromisoformat(plain["due"]),
        agreed_by=plain["agreed_by"],
        agreed=datetime.fromisoformat(plain["agreed"]),
        state=ActionState(plain["state"]),
        settled=when(plain["settled"]),
        settled_by=plain["settled_by"],
        overdue=when(plain.get("overdue")),  # an action of before this was recorded
        assigned=when(plain.get("assigned")),
    )
