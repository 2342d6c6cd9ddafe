"""The product's calls around a case meeting, as `asks` has the others: feedback, actions, the list beforehand, handovers."""

from __future__ import annotations

from sluis.client.asks import Ask, Body, deciding, part, read_as
from sluis.client.heard import CaseOnRecord, Outcome
from sluis.client.heard_casework import ActionOnRecord, Actions, Agenda, Feedback, Handover, Handovers, KnownElsewhere, WaysUp
from sluis.client.receipts import check_place


def feedback(case_id: str) -> Ask[Feedback]:
    """What became of a case that one's own organisation notified."""
    return Ask(method="GET", path=f"/v1/casussen/{part(case_id)}/terugkoppeling", read=read_as(Feedback))


def known_elsewhere(case_id: str, question: Body) -> Ask[KnownElsewhere]:
    """Is the person of this case known in another house: yes or no (`huis`, `motivering`, `medewerker`)."""
    return Ask(
        method="POST",
        path=f"/v1/casussen/{part(case_id)}/bekendheidsvragen",
        body=question,
        read=read_as(KnownElsewhere),
        check=lambda _, told, key: check_place(told.log.receipt, key, entry=told.log.entry, index=told.log.index),
    )


def ways_up(purpose: str = "") -> Ask[WaysUp]:
    """To whom one's own organisation may pass a worry on, for what, and what that takes; for one purpose or for all."""
    return Ask(method="GET", path="/v1/opschalingen", params={"doel": purpose} if purpose else {}, read=read_as(WaysUp))


def inform(case_id: str, telling: Body) -> Ask[CaseOnRecord]:
    """Put on record that the person of a case was told (`datum`, `wijze`, `organisatie`, `medewerker`)."""
    return Ask(method="POST", path=f"/v1/casussen/{part(case_id)}/informeringen", body=telling, read=read_as(CaseOnRecord))


def put_off(case_id: str, reasons: Body) -> Ask[CaseOnRecord]:
    """Put on record why he was not told yet (`grond`, `eigenaar`, `herzienDatum`, `toelichting`, `medewerker`)."""
    return Ask(method="POST", path=f"/v1/casussen/{part(case_id)}/uitstellen", body=reasons, read=read_as(CaseOnRecord))


def close(case_id: str, closing: Body) -> Ask[CaseOnRecord]:
    """Close a case and scale down: to whom it goes back (`motivering`, `terugNaar`, `medewerker`)."""
    return Ask(method="POST", path=f"/v1/casussen/{part(case_id)}/sluitingen", body=closing, read=read_as(CaseOnRecord))


def agree(case_id: str, action: Body) -> Ask[ActionOnRecord]:
    """Put an action of a case meeting on record."""
    return Ask(method="POST", path=f"/v1/casussen/{part(case_id)}/acties", body=action, read=read_as(ActionOnRecord))


def assign(case_id: str, action_id: str, assignment: Body) -> Ask[ActionOnRecord]:
    """Give an open action to another owner, or another day."""
    path = f"/v1/casussen/{part(case_id)}/acties/{part(action_id)}"
    return Ask(method="PUT", path=path, body=assignment, read=read_as(ActionOnRecord))


def settle(case_id: str, action_id: str, settlement: Body) -> Ask[ActionOnRecord]:
    """Say that an action was done, or dropped."""
    path = f"/v1/casussen/{part(case_id)}/acties/{part(action_id)}/afmeldingen"
    return Ask(method="POST", path=path, body=settlement, read=read_as(ActionOnRecord))


def actions(case_id: str | None = None, *, leading: bool = False) -> Ask[Actions]:
    """The actions of one case; without a case one's own open ones, or (`leading`) those of the cases one leads."""
    if case_id is not None:
        return Ask(method="GET", path=f"/v1/casussen/{part(case_id)}/acties", read=read_as(Actions))
    return Ask(method="GET", path="/v1/acties", params={"rol": "regie" if leading else "eigenaar"}, read=read_as(Actions))


def agenda(meeting: Body) -> Ask[Agenda]:
    """Before a case meeting: what each party may contribute, in the cases that one leads. No data, and each case on record."""
    return Ask(method="POST", path="/v1/overleggen/_lijst", body=meeting, once=False, read=read_as(Agenda))


def hand_over(handover: Body) -> Ask[Outcome]:
    """Offer a warm handover: a talk, with an offer as its minimum information. Nothing leaves before it was accepted."""
    return deciding("/v1/overdrachten", handover)


def handovers(*, giving: bool = False) -> Ask[Handovers]:
    """The handovers to one's own organisation, or (`giving`) those it offered."""
    return Ask(method="GET", path="/v1/overdrachten", params={"rol": "gever" if giving else "ontvanger"}, read=read_as(Handovers))


def answer_handover(handover_id: str, answer: Body) -> Ask[Handover]:
    """Accept a handover, or decline it with a reason; then collect it (`asks.collect`)."""
    return Ask(method="POST", path=f"/v1/overdrachten/{part(handover_id)}/antwoorden", body=answer, read=read_as(Handover))
