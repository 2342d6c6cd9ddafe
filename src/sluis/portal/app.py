"""The portal as an ASGI application: which page stands where, and what every visit goes through before it gets there.

Laws of this file: a page is made for a `Visit`, and a `Visit` comes from a session, so no page goes without; a form counts only
when it came from our own page in that session; whatever fails ends on a page that shows nothing of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from sluis.core.errors import BadInput, Flaw, SluisError
from sluis.portal import (
    claims,
    entry,
    figures,
    integrity,
    listing,
    people,
    policies,
    proven,
    samples,
    searches,
    texts,
    timeliness,
    waiting,
)
from sluis.portal.door import ENTER, Door, SignedIn
from sluis.portal.failures import EXPIRED_FORM, STATUSES, UNEXPECTED, Failure, failure_of, tell
from sluis.portal.frame import bare_frame, frame_of
from sluis.portal.headers import Headers
from sluis.portal.visit import Desk, Place, Visit
from sluis.portal.words import Language
from sluis.ports.services import Services

TOKEN = "csrf"  # noqa: S105 - the name of a form field
LANGUAGE_COOKIE = "sluis-taal"
MAX_FORM = 16_000
MAX_FIELDS = 20
_YEAR = 31_536_000

Maker = Callable[[Visit], Response]
"""What makes a page. It runs in a thread, and may wait for the log."""


def _home(visit: Visit) -> Response:
    return RedirectResponse(visit.place.to("/logboek" if visit.reads_content else "/integriteit"), HTTPStatus.SEE_OTHER)


PAGES: tuple[tuple[str, str, Maker], ...] = (
    ("GET", "/", _home),
    ("GET", "/logboek", listing.log),
    ("GET", "/zoekvragen", searches.searches),
    ("POST", "/zoekvragen", searches.save),
    ("POST", "/zoekvragen/verwijderen", searches.remove),
    ("GET", "/logboek/{regel}", entry.entry),
    ("GET", "/logboek/{regel}/bewijs", proven.download),
    ("GET", "/logboek/{regel}/tekst", texts.texts),
    ("GET", "/logboek/{regel}/volgende", entry.onward),
    ("GET", "/logboek/{regel}/vorige", entry.back),
    ("POST", "/logboek/{regel}/oordeel", entry.judge),
    ("POST", "/logboek/{regel}/behandeling", entry.take),
    ("POST", "/logboek/{regel}/heropening", entry.reopening),
    ("GET", "/beoordelen", waiting.reviews),
    ("GET", "/steekproef", samples.samples),
    ("POST", "/steekproef", samples.drawing),
    ("GET", "/tijdigheid", timeliness.timeliness),
    ("GET", "/cijfers", figures.figures),
    ("GET", "/rechten", claims.claims),
    ("POST", "/rechten", claims.record),
    ("POST", "/rechten/{beroep}", claims.reply),
    ("GET", "/persoon", people.ask),
    ("POST", "/persoon", people.search),
    ("GET", "/beleid", policies.policies),
    ("GET", "/beleid/{doel}", policies.purpose),
    ("GET", "/integriteit", integrity.state),
    ("POST", "/integriteit", integrity.verify),
)
"""Every page behind the login: method, path, maker. `docs/portal.md` lists them, and a test holds it to that."""


def build(*, services: Services, door: Door, desk: Desk) -> ASGIApp:
    """The portal, to be mounted at any path. It answers no request for a page without a session."""
    reception = Reception(services, door, desk)
    by_path: dict[str, dict[str, Maker]] = {}
    for method, path, maker in PAGES:
        by_path.setdefault(path, {})[method] = maker
    pages = Starlette(
        routes=[
            *(Route(path, reception.receive(makers), methods=list(makers)) for path, makers in by_path.items()),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ],
        exception_handlers={SluisError: reception.told, HTTPException: reception.told, Exception: reception.told},
    )
    # Around everything, and no middleware of Starlette's: those stand within its handling of unexpected errors.
    return Headers(pages)


@dataclass(frozen=True, slots=True)
class Reception:
    """Receives every request: the session first, then the form, then the page."""

    services: Services
    door: Door
    desk: Desk

    def receive(self, makers: Mapping[str, Maker]) -> Callable[[Request], object]:
        """The endpoint of one path."""

        async def endpoint(http: Request) -> Response:
            """One request: the session, the form, the page."""
            session = await run_in_threadpool(self.door.session, http)
            if session is None:
                return RedirectResponse(place_of(http).to(ENTER), HTTPStatus.SEE_OTHER)
            posted = await form_of(http) if http.method == "POST" else {}
            visit = self._visit(http, session, posted)
            if http.method == "POST" and not await run_in_threadpool(self.door.genuine, http, session, posted.get(TOKEN, "")):
                return self._dressed(http, tell(EXPIRED_FORM, frame_of(visit)))
            maker = makers["GET" if http.method == "HEAD" else http.method]
            try:
                answer = await run_in_threadpool(maker, visit)
            except SluisError as error:
                flaws = error.flaws if isinstance(error, BadInput) else ()
                answer = tell(failure_of(error), frame_of(visit), flaws)
            return self._dressed(http, answer)

        return endpoint

    async def told(self, http: Request, error: Exception) -> Response:
        """The page of a failure for which there is no visit: an unknown path, a login that failed, a fault of ours."""
        failure: Failure = (
            STATUSES.get(HTTPStatus(error.status_code), UNEXPECTED) if isinstance(error, HTTPException) else failure_of(error)
        )
        return tell(failure, bare_frame(place_of(http), language_of(http), self.desk))

    def _visit(self, http: Request, session: SignedIn, posted: Mapping[str, str]) -> Visit:
        return Visit(
            session=session,
            language=language_of(http),
            place=place_of(http),
            desk=self.desk,
            services=self.services,
            form=posted,
            parts={name: str(value) for name, value in http.path_params.items()},
        )

    def _dressed(self, http: Request, answer: Response) -> Response:
        """The answer, remembering a language that was just chosen. The cookie says `nl` or `en` and nothing else."""
        chosen = http.query_params.get("taal")
        if chosen in set(Language):
            root = place_of(http).root or "/"
            secure = http.url.scheme == "https"
            answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=_YEAR, path=root, httponly=True, secure=secure, samesite="lax")
        return answer


def place_of(http: Request) -> Place:
    """Where a request points to; `taal` is no part of it."""
    root = str(http.scope.get("root_path", "")).rstrip("/")
    path = http.url.path.removeprefix(root) or "/"
    return Place(root=root, path=path, query={name: value for name, value in http.query_params.items() if name != "taal"})


def language_of(http: Request) -> Language:
    """The language that was chosen now or before; Dutch when none was."""
    word = http.query_params.get("taal") or http.cookies.get(LANGUAGE_COOKIE)
    return Language.EN if word == Language.EN else Language.NL


async def form_of(http: Request) -> dict[str, str]:
    """The fields of a form, each once. Raises `BadInput` for anything else."""
    bad = BadInput(Flaw(where="formulier", what="is niet te lezen", mend="ga terug en probeer het opnieuw"))
    if http.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise bad
    body = b""
    async for chunk in http.stream():
        body += chunk
        if len(body) > MAX_FORM:
            raise bad
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=MAX_FIELDS)
    except ValueError:
        raise bad from None
    if len(dict(pairs)) != len(pairs):
        raise bad
    return dict(pairs)
