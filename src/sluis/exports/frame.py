"""What every renderer is told besides the events: names for codes, and under which address activities are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sluis.core.books import Event
from sluis.core.entry import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """`base` is the public address of this broker, `origin` the log's; a code without a name stands for itself."""

    base: str
    origin: str
    organisations: Mapping[str, str] = field(default_factory=dict)
    purposes: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    precisions: Mapping[str, str] = field(default_factory=dict)
    duties: Mapping[str, str] = field(default_factory=dict)

    def activity(self, event: Event) -> str:
        """The URI of the processing activity, with the version of the rules; of an event without one, that of its kind."""
        name = event.text("processing") or (f"doel/{event.text('purpose')}" if event.text("purpose") else "")
        return f"{self.base}/verwerkingen/{name or f'logboek/{event.kind.value}'}"

    def organisation(self, oin: str) -> str:
        """The name of that organisation."""
        return self.organisations.get(oin, oin)


KINDS: Mapping[Kind, str] = {
    Kind.RELEASE_AUTHORISED: "gegevens verstrekt",
    Kind.RELEASE_DELIVERED: "verstrekking afgeleverd",
    Kind.RELEASE_FAILED: "verstrekking niet afgeleverd",
    Kind.RELEASE_REFUSED: "verstrekking geweigerd",
    Kind.RELEASE_REFERRED: "vraag voorgelegd",
    Kind.RELEASE_OFFERED: "gegevens aangeboden",
    Kind.DECISION_EVALUATED: "besluit op afstand",
    Kind.JUDGEMENT_RECORDED: "oordeel vastgelegd",
    Kind.JUDGEMENT_OVERDUE: "oordeel te laat",
    Kind.EMERGENCY_DECLARED: "noodinzage verklaard",
    Kind.KNOWN_ASKED: "bekendheid gevraagd",
    Kind.HANDOVER_OFFERED: "overdracht aangeboden",
    Kind.HANDOVER_ACCEPTED: "overdracht aangenomen",
    Kind.HANDOVER_DECLINED: "overdracht afgewezen",
    Kind.CASEWORK_OVERDUE: "afspraak of overdracht te laat",
    Kind.CASE_CHANGED: "casus gewijzigd",
    Kind.EVIDENCE_RECORDED: "bewijsstuk vastgelegd",
    Kind.CONTRIBUTION_CHANGED: "bijdrage gewijzigd",
    Kind.SEARCH_PERFORMED: "in het logboek gezocht",
    Kind.LOG_VIEWED: "regel van het logboek bekeken",
    Kind.LOG_EXPORTED: "logboek uitgevoerd",
    Kind.REVIEW_OPENED: "beoordeling begonnen",
    Kind.REVIEW_VERDICT: "beoordeling gegeven",
    Kind.REVIEW_REOPENED: "beoordeling heropend",
    Kind.SAMPLE_DRAWN: "steekproef getrokken",
    Kind.REVIEW_SAMPLED: "in steekproef gevallen",
    Kind.REVIEW_FLAGGED: "door een toetsregel aangewezen",
    Kind.SCREENING_DONE: "logboek getoetst",
    Kind.WITHHOLD_SET: "geheimhouding ingesteld",
    Kind.WITHHOLD_LIFTED: "geheimhouding opgeheven",
    Kind.RIGHT_INVOKED: "beroep van de betrokkene op een recht",
    Kind.RIGHT_ANSWERED: "beroep van de betrokkene beantwoord",
    Kind.RIGHT_ENDED: "beperking of bezwaar opgeheven",
    Kind.ERASURE_EXECUTED: "persoon gewist",
    Kind.RETENTION_EXPIRED: "bewaartermijn verstreken",
    Kind.POLICY_ACTIVATED: "beleid in werking",
    Kind.PARTNER_CHANGED: "deelnemer gewijzigd",
    Kind.LOG_OPENED: "logboek geopend",
    Kind.LOG_KEY_ROTATED: "sleutel van het logboek vervangen",
}
"""Each kind as an action in words."""


def moment(at: datetime) -> str:
    """A moment in UTC to the millisecond, as RFC 3339 writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
