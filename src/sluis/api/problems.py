"""Errors become problems (RFC 9457), in one table. The text of an exception never leaves: only what stands here does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from starlette.responses import Response

from sluis.core.errors import (
    AlreadyUsed,
    BadInput,
    BadKey,
    Flaw,
    KeyUnavailable,
    LedgerBroken,
    LedgerUnavailable,
    LogPurpose,
    NotAllowed,
    NotFound,
    PolicyFileError,
    PolicyUnavailable,
    ResidualIdentifier,
    SluisError,
    SourceUnavailable,
    StoreUnavailable,
    UnknownTerm,
    WrongState,
)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of problem: status, the last part of its type, title and detail in Dutch."""

    status: int
    slug: str
    title: str
    detail: str


BAD_INPUT = Problem(400, "ongeldige-invoer", "De invoer klopt niet", "Zie invalidParams: wat er mis is, waar, en hoe het wel kan")
NOTHING_RELEASED = "Er is niets verstrekt. Probeer het later opnieuw"

PROBLEMS: Mapping[type[SluisError], Problem] = {
    BadInput: BAD_INPUT,
    PolicyFileError: BAD_INPUT,
    UnknownTerm: BAD_INPUT,
    BadKey: BAD_INPUT,
    NotFound: Problem(404, "niet-gevonden", "Dit bestaat niet, of niet voor u", "Controleer het kenmerk"),
    NotAllowed: Problem(
        403,
        "niet-toegestaan",
        "Dit mag uw organisatie of medewerker hier niet",
        "Controleer of de medewerker is aangewezen, gescreend en getraind, en of dit bij uw rol in de casus hoort",
    ),
    WrongState: Problem(409, "verkeerde-status", "De status laat dit niet toe", "Haal de huidige status op en kijk wat nu kan"),
    AlreadyUsed: Problem(
        422,
        "sleutel-al-gebruikt",
        "Deze Idempotency-Key hoort bij een ander verzoek",
        "Gebruik voor elk verzoek een nieuwe sleutel",
    ),
    LogPurpose: Problem(
        403,
        "logdoel",
        "Het logboek mag hiervoor niet worden gebruikt",
        "Het logboek dient alleen rechtmatigheidscontrole, interne controle, beveiliging en gerechtelijke procedures",
    ),
    PolicyUnavailable: Problem(503, "geen-beleid", "Er is geen geldig beleid geladen", NOTHING_RELEASED),
    SourceUnavailable: Problem(503, "bron-niet-bereikbaar", "De bron antwoordt niet", NOTHING_RELEASED),
    StoreUnavailable: Problem(503, "opslag-niet-bereikbaar", "De opslag antwoordt niet", NOTHING_RELEASED),
    LedgerUnavailable: Problem(503, "logboek-niet-beschikbaar", "Het logboek kan niet schrijven", NOTHING_RELEASED),
    LedgerBroken: Problem(503, "logboek-klopt-niet", "Het logboek klopt niet", NOTHING_RELEASED),
    KeyUnavailable: Problem(503, "sleutel-niet-beschikbaar", "Een sleutel is niet beschikbaar", NOTHING_RELEASED),
    ResidualIdentifier: Problem(503, "tekst-niet-veilig", "Een tekst kon niet veilig worden gelakt", NOTHING_RELEASED),
}  # fmt: skip - one problem a line
"""Every error that Sluis raises. A test holds it complete."""

BY_STATUS: Mapping[int, Problem] = {
    401: Problem(401, "niet-ingelogd", "Een geldig token ontbreekt", "Vraag een token aan bij /oauth2/token"),
    403: Problem(403, "scope-ontbreekt", "Dit token geeft hier geen toegang", "Vraag een token met de scope van deze deur"),
    404: PROBLEMS[NotFound],
    405: Problem(405, "methode-niet-toegestaan", "Deze methode bestaat hier niet", "Zie de header Allow"),
    406: Problem(406, "formaat-niet-aangeboden", "Dit formaat wordt niet aangeboden", "Vraag application/json"),
    413: Problem(413, "te-groot", "Het bericht is te groot", "Stuur minder tegelijk"),
    415: Problem(415, "verkeerd-formaat", "Het bericht is geen JSON", "Stuur application/json"),
    429: Problem(429, "te-veel-verzoeken", "Te veel verzoeken", "Wacht zo lang als Retry-After zegt"),
    500: Problem(500, "onverwachte-fout", "Er ging iets mis", "Er is niets verstrekt. Meld het kenmerk aan de beheerder"),
}
"""The problems that come from HTTP itself."""


def answer(
    problem: Problem,
    *,
    flaws: Sequence[Flaw] = (),
    more: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The problem as an answer. `more` are extension members; `flaws` become `invalidParams`, without any value."""
    body: dict[str, object] = {
        "type": f"/problemen/{problem.slug}",
        "status": problem.status,
        "title": problem.title,
        "detail": problem.detail,
        **(more or {}),
    }
    if flaws:
        body["invalidParams"] = [{"name": f.where, "reason": f.what, "mend": f.mend} for f in flaws]
    return Response(orjson.dumps(body), problem.status, dict(headers or {}), MEDIA_TYPE)


def of_error(error: SluisError) -> Response:
    """The problem of that error; an error outside the table is a 500."""
    problem = PROBLEMS.get(type(error), BY_STATUS[500])
    flaws = error.flaws if isinstance(error, BadInput) else ()
    headers = {"Retry-After": "5"} if problem.status == 503 else {}  # noqa: PLR2004 - service unavailable
    return answer(problem, flaws=flaws, headers=headers)
