"""Cases on the wire. Which ground the person is not told on yet is for those only who see to telling him."""

from __future__ import annotations

from starlette.responses import Response

from sluis.api import answers
from sluis.api.shapes.cases import CaseRecordedTold, CaseTold, InformingTold, ParticipantTold
from sluis.api.shapes.wire import moment
from sluis.core.case import Case, CaseState
from sluis.core.entry import Receipt
from sluis.core.informing import ARTICLES, Informed, Postponed
from sluis.core.partner import Partner
from sluis.core.verdict import Outcome
from sluis.flows.informing import may_inform
from sluis.flows.notify import Notified
from sluis.flows.share import Refused
from sluis.ports.services import Services


def of_case(case: Case, reader: Partner, services: Services) -> CaseTold:
    """A case without its content, as that organisation sees it."""
    return CaseTold(
        id=case.id,
        status=case.state.value,
        aanmelder=case.notifier,
        eerste_verwerking_op=moment(case.first_processed),
        deelnemers=[
            ParticipantTold(
                organisatie=p.partner, sinds_op=moment(p.since), derde=p.third, geheimhouding_getekend=p.signed is not None
            )
            for p in case.participants
        ],
        trekker=case.lead,
        meetrekkers=list(case.co_leads),
        informeren=_informing(case, reader, services) if case.state is CaseState.OPGENOMEN else None,
    )


def of_case_recorded(changed: tuple[Case, Receipt], reader: Partner, services: Services, status: int = 201) -> Response:
    """The case after an act, with its entry in the log."""
    case, receipt = changed
    return answers.told(CaseRecordedTold(casus=of_case(case, reader, services), registratie=receipt.entry_id), status)


def of_notified(given: Notified, notifier: Partner, services: Services) -> Response:
    """201 with the case; 202 or 403 when the rules do not let the notification through."""
    if given.case is not None:
        shape = CaseRecordedTold(casus=of_case(given.case, notifier, services), registratie=given.receipt.entry_id)
        return answers.told(shape, 201, {"Location": f"/v1/casussen/{given.case.id}"})
    if given.decision.outcome is Outcome.VOORLEGGEN:
        return answers.told(answers.of_pending(given.request, given.decision, given.receipt, services), 202)
    return answers.of_refusal(Refused(request=given.request, decision=given.decision, receipt=given.receipt), services)


def _informing(case: Case, reader: Partner, services: Services) -> InformingTold:
    said, due = case.informing, case.informing_due
    told = said if isinstance(said, Informed) else None
    put_off = said if isinstance(said, Postponed) and may_inform(case, reader, services) else None
    return InformingTold(
        status="open" if said is None else "geinformeerd" if told else "uitgesteld",
        organisatie=told.by if told else case.informs,
        uiterlijk_datum=due.isoformat() if due else None,
        te_laat=case.informing_late(services.clock.now().date()),
        datum=told.on.isoformat() if told else None,
        wijze=told.way.value if told else None,
        grond=put_off.ground.value if put_off else None,
        wet=ARTICLES[put_off.ground] if put_off else None,
    )
