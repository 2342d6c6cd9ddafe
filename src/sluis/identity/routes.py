"""The OAuth 2 endpoints: token, keys, introspection, revocation, metadata. Outside `/v1` and outside the API document."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749.errors import InvalidRequestError
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from sluis.core.partner import Partner
from sluis.identity.proofs import ALGORITHMS
from sluis.identity.signing_keys import PUBLISHED_AHEAD
from sluis.identity.tokens import AUTHENTICATION, TokenServer
from sluis.identity.verifying import BadToken, TokenReader, Verified

MAX_FIELDS = 20
OFFERED = ("PS256", "ES256")  # RS256 is agreed with one partner (profile `nlgov`), never offered to all
FORM = "application/x-www-form-urlencoded"
CACHEABLE = {"Cache-Control": f"public, max-age={int(PUBLISHED_AHEAD.total_seconds()) // 3}"}


def identity_router(server: TokenServer, reader: TokenReader) -> APIRouter:
    """The endpoints of our own authorization server."""
    endpoints = Endpoints(server, reader)
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/oauth2/token", endpoints.token, methods=["POST"], response_model=None)
    router.add_api_route("/oauth2/introspect", endpoints.introspect, methods=["POST"], response_model=None)
    router.add_api_route("/oauth2/revoke", endpoints.revoke, methods=["POST"], response_model=None)
    router.add_api_route("/oauth2/jwks", endpoints.jwks, methods=["GET"], response_model=None)
    router.add_api_route("/.well-known/oauth-authorization-server", endpoints.metadata, methods=["GET"], response_model=None)
    return router


class Endpoints:
    """What each endpoint answers. Refusals are in the form of RFC 6749, in ASCII."""

    def __init__(self, server: TokenServer, reader: TokenReader) -> None:
        self.server = server
        self.reader = reader

    async def token(self, http: Request) -> JSONResponse:
        """RFC 6749 3.2: a token for a partner."""
        try:
            fields = await form_of(http)
            if "grant_type" not in fields:
                raise InvalidRequestError(description="there is no grant_type")
        except OAuth2Error as error:
            return self.server.refusal(error)
        return await run_in_threadpool(self.server.answer, http, fields)

    async def introspect(self, http: Request) -> JSONResponse:
        """RFC 7662: what we know of a token, for the partner it was issued to; `active: false` for everybody else."""
        try:
            fields = await form_of(http)
            return await run_in_threadpool(self._introspect, fields)
        except OAuth2Error as error:
            return self.server.refusal(error)

    async def revoke(self, http: Request) -> JSONResponse:
        """RFC 7009: take back a token of the partner that asks. An unknown token is no error."""
        try:
            fields = await form_of(http)
            return await run_in_threadpool(self._revoke, fields)
        except OAuth2Error as error:
            return self.server.refusal(error)

    def jwks(self) -> JSONResponse:
        """The public keys that verify our tokens."""
        return JSONResponse(self.server.issuing.keys.jwks(), headers=CACHEABLE)

    def metadata(self) -> JSONResponse:
        """RFC 8414: who we are and what we accept."""
        at = self.server.issuing.addresses
        methods = {
            f"{name}_endpoint_auth_methods_supported": [AUTHENTICATION] for name in ("token", "introspection", "revocation")
        }
        algorithms = {
            f"{name}_endpoint_auth_signing_alg_values_supported": list(OFFERED)
            for name in ("token", "introspection", "revocation")
        }
        document: dict[str, object] = {
            "issuer": at.issuer,
            "token_endpoint": at.token_endpoint,
            "jwks_uri": at.public("/oauth2/jwks"),
            "introspection_endpoint": at.public("/oauth2/introspect"),
            "revocation_endpoint": at.public("/oauth2/revoke"),
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "tls_client_certificate_bound_access_tokens": True,
            "dpop_signing_alg_values_supported": list(ALGORITHMS),
        }
        return JSONResponse(document | methods | algorithms, headers=CACHEABLE)

    def _introspect(self, fields: Mapping[str, str]) -> JSONResponse:
        partner = self.server.authenticated(fields)
        found = self._own(fields, partner)
        if found is None or self.server.issuing.issuances.revoked(found.token_id):
            return JSONResponse({"active": False})
        cnf = {"x5t#S256": found.certificate} if found.certificate else {"jkt": found.key}
        said = {"client_id": found.client_id, "sub": found.client_id, "scope": " ".join(sorted(found.scopes))}
        moments = {"iat": int(found.issued), "nbf": int(found.not_before), "exp": int(found.expires)}
        kind = {"token_type": "Bearer" if found.certificate else "DPoP", "jti": found.token_id, "cnf": cnf}
        audience = {"iss": self.reader.rules.issuer, "aud": [self.reader.rules.audience]}
        return JSONResponse({"active": True} | said | moments | kind | audience)

    def _revoke(self, fields: Mapping[str, str]) -> JSONResponse:
        partner = self.server.authenticated(fields)
        found = self._own(fields, partner)
        if found is not None:
            self.server.issuing.issuances.revoke(found.token_id, partner.id)
        return JSONResponse({})

    def _own(self, fields: Mapping[str, str], partner: Partner) -> Verified | None:
        """The token in the form, if it is valid now and that partner's."""
        if "token" not in fields:
            raise InvalidRequestError(description="there is no token")
        try:
            found = self.reader.read(fields["token"])
        except BadToken:
            return None
        return found if found.client_id == partner.client_id else None


async def form_of(http: Request) -> dict[str, str]:
    """The fields of a form, each once, in ASCII. Raises `OAuth2Error` for anything else."""
    if http.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM or http.url.query:
        raise InvalidRequestError(description="the body must be a form, and the query empty")
    try:
        text = (await http.body()).decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=MAX_FIELDS)
    except ValueError as cause:
        raise InvalidRequestError(description="the body is not a form") from cause
    if len(dict(pairs)) != len(pairs):
        raise InvalidRequestError(description="a parameter is repeated")
    return dict(pairs)
