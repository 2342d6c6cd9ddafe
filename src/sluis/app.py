"""The whole broker as one ASGI application: API, token endpoints, public log, behind the front layer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp

from sluis import __version__, events
from sluis.api.access import AccessLog
from sluis.api.application import build
from sluis.api.document import API_VERSION
from sluis.api.etags import Tagged
from sluis.api.problems import BY_STATUS, answer
from sluis.api.signing import SignedAnswers
from sluis.core.errors import BadInput, LedgerUnavailable, SluisError
from sluis.identity.front import Front, FrontRules
from sluis.identity.gate import TokenRefused
from sluis.identity.routes import identity_router
from sluis.portal.app import build as build_portal
from sluis.portal.visit import Desk
from sluis.settings import Mode
from sluis.wiring import Keepers
from sluis.wiring.officers import PORTAL, officer_doors, officer_sessions

SWEEP_SECONDS = 3600
"""How often what has had its time is removed."""
SETTLE_SECONDS = 30
"""How often is looked for changes of partners that are owed to the log."""
SCREEN_SECONDS, FIRST_SCREENING = 3600, 120
"""How often the log is screened, and how long after the start for the first time: an officer has days for what hits."""
CLOCK_SECONDS = 30
"""How often is looked for what waits too long for a human: well within the shortest time anybody has, three minutes."""


def broker(keepers: Keepers) -> ASGIApp:
    """The application that a server runs. Closing it closes the keepers."""
    settings = keepers.settings
    api = build(keepers.services, keepers.doors.gate, keepers.answers)
    api.router.lifespan_context = _lifespan(keepers)
    if keepers.doors.issuer is not None:
        api.include_router(identity_router(keepers.doors.issuer, keepers.doors.reader))
    api.add_exception_handler(TokenRefused, _token_refused)
    api.add_api_route("/log/{path:path}", _public_log(keepers), methods=["GET"], include_in_schema=False)
    _add_portal(api, keepers)
    api.add_api_route("/gezond", _healthy, methods=["GET"], include_in_schema=False)
    said: ASGIApp = api
    if settings.sign_answers:
        said = SignedAnswers(api, keepers.doors.own_keys, keepers.services.clock)
    return Front(
        AccessLog(Tagged(said)),
        FrontRules(proxies=frozenset(settings.proxies), version=API_VERSION, body_limit=settings.max_body),
    )


def _add_portal(api: FastAPI, keepers: Keepers) -> None:
    """The officers' doors first, then the portal behind them; without a login there is no portal."""
    settings, clock = keepers.settings, keepers.services.clock
    signed_in = officer_sessions(settings, keepers.sessions, clock)
    doors = officer_doors(settings, signed_in, keepers.replay, keepers.key_files.secret("officer-tickets.key"))
    if doors is None:
        return
    api.include_router(doors)
    desk = Desk(demo=settings.mode is Mode.DEMO, region=settings.region)
    api.add_api_route(PORTAL, _to_portal, methods=["GET"], include_in_schema=False)
    api.mount(PORTAL, build_portal(services=keepers.services, door=signed_in, desk=desk))


def _to_portal() -> Response:
    """The portal's own pages start after the slash."""
    return RedirectResponse(f"{PORTAL}/", 307)


def _lifespan(keepers: Keepers) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        state = keepers.ledger.state()
        events.emit(
            events.STARTED,
            version=__version__,
            policy=keepers.services.rules.current().policy,
            log_size=state.size,
            store="postgresql" if keepers.settings.database else "sqlite",
        )
        rounds = [asyncio.create_task(round_(keepers)) for round_ in (_sweep, _settle, _screen, _watch_the_clock)]
        yield
        for one in rounds:
            one.cancel()
        keepers.close()
        events.emit(events.STOPPED)

    return lifespan


async def _sweep(keepers: Keepers) -> None:
    """Sweep once an hour, for as long as the broker runs. A sweep that fails is tried again at the next hour."""
    while True:
        try:
            await run_in_threadpool(keepers.sweep)
            await run_in_threadpool(keepers.vacancies)
        except SluisError as error:
            events.emit(events.STORE_FAILED, error=type(error).__name__)
        await asyncio.sleep(SWEEP_SECONDS)


async def _settle(keepers: Keepers) -> None:
    """Put on record what of the partners is owed to the log, at once and for as long as the broker runs."""
    while True:
        try:
            for one in await run_in_threadpool(keepers.settle, timedelta(seconds=SETTLE_SECONDS)):
                events.emit(events.PARTNER_SETTLED, partner=one.partner, change=one.change)
        except LedgerUnavailable as error:
            events.emit(events.LEDGER_FAILED, error=type(error.__cause__ or error).__name__)
        except SluisError as error:
            events.emit(events.STORE_FAILED, error=type(error).__name__)
        await asyncio.sleep(SETTLE_SECONDS)


async def _screen(keepers: Keepers) -> None:
    """Screen the log once an hour, for as long as the broker runs. A round that fails is made again at the next hour."""
    await asyncio.sleep(FIRST_SCREENING)
    while True:
        try:
            # The mark ends before the next round of this very broker, which would else wait for the one after.
            await run_in_threadpool(keepers.screen, timedelta(seconds=SCREEN_SECONDS // 2))
        except LedgerUnavailable as error:
            events.emit(events.LEDGER_FAILED, error=type(error.__cause__ or error).__name__)
        except BadInput as error:
            events.emit(events.UNSCREENED, flaws=len(error.flaws))
        except SluisError as error:
            events.emit(events.STORE_FAILED, error=type(error).__name__)
        await asyncio.sleep(SCREEN_SECONDS)


async def _watch_the_clock(keepers: Keepers) -> None:
    """Put on record what became late, for as long as the broker runs. A round that fails is made again half a minute later."""
    while True:
        await asyncio.sleep(CLOCK_SECONDS)
        try:
            await run_in_threadpool(keepers.escalate, timedelta(seconds=CLOCK_SECONDS))
        except LedgerUnavailable as error:
            events.emit(events.LEDGER_FAILED, error=type(error.__cause__ or error).__name__)
        except SluisError as error:
            events.emit(events.STORE_FAILED, error=type(error).__name__)


def _token_refused(http: Request, error: Exception) -> Response:
    if not isinstance(error, TokenRefused):  # Starlette's signature is wider than what it calls with
        raise error
    route = getattr(http.scope.get("route"), "path", "?")
    events.emit(events.TOKEN_REFUSED, route=route, error=error.error)
    return answer(BY_STATUS[error.status], headers=error.headers)


def _public_log(keepers: Keepers) -> Callable[[str], Response]:
    def public_log(path: str) -> Response:
        """The published log: `checkpoint`, `tile/…`, `stamp/…`, for witnesses, mirrors and anybody else. It holds hashes only."""
        found = keepers.logs.ledger.served(path)
        if found is None:
            return answer(BY_STATUS[404])
        return Response(found.content, media_type=found.content_type, headers={"Cache-Control": found.cache_control})

    return public_log


def _healthy() -> Response:
    """Alive: the process answers. Whether the log can write shows in the answers themselves."""
    return Response("goed\n", media_type="text/plain")
