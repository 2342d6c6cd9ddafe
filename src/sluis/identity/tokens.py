"""Our authorization server: Authlib's core, held to client credentials, `private_key_jwt` and bound tokens.

Everything below the route is sync and runs in a thread. What Authlib leaves open or does too loosely is ours: the
assertion (`assertions`), the proof (`proofs`), and the token itself, which is made here and nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from authlib.oauth2 import AuthorizationServer, OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from joserfc import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse

from sluis.core.errors import BadInput, Flaw
from sluis.core.partner import Partner
from sluis.identity.addresses import Addresses
from sluis.identity.assertions import Assertions, NotAuthenticated
from sluis.identity.certificates import CertificateRule
from sluis.identity.encoding import fingerprint
from sluis.identity.front import Arrival, arrival_of
from sluis.identity.profiles import LONGEST_TOKEN_LIFE, TOKEN_LIFE
from sluis.identity.proofs import BadProof, NonceNeeded, Proofs, ProofTarget
from sluis.identity.rates import Rates
from sluis.identity.signing_keys import SigningKeys
from sluis.ports import Clock, Issuances, PartnerDirectory

AUTHENTICATION = "private_key_jwt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing:
    """All that issuing a token needs. Raises `BadInput` for a token life of more than fifteen minutes."""

    addresses: Addresses
    directory: PartnerDirectory
    keys: SigningKeys
    assertions: Assertions
    proofs: Proofs
    certificates: CertificateRule
    issuances: Issuances
    clock: Clock
    token_life: timedelta = TOKEN_LIFE
    rates: Rates | None = None

    def __post_init__(self) -> None:
        if not timedelta(0) < self.token_life <= LONGEST_TOKEN_LIFE:
            raise BadInput(Flaw(where="token_life", what="a token lives at most fifteen minutes"))


class TokenRequest(OAuth2Request):  # type: ignore[misc]  # Authlib has no types
    """Authlib's view of a request whose form has been read. Its address is the configured one, never that of `Host`."""

    def __init__(self, http: Request, fields: Mapping[str, str], uri: str) -> None:
        # Authlib refuses plain http by the address it is given; whether this connection may be plain is decided by `Addresses`.
        super().__init__(http.method, uri.replace("http://", "https://", 1), headers=http.headers)
        self.http = http
        self.fields = dict(fields)
        self.payload = BasicOAuth2Payload(self.fields)

    @property
    def form(self) -> dict[str, str]:
        """The fields of the body."""
        return self.fields

    @property
    def args(self) -> dict[str, str]:
        """The fields of the query: none, ever."""
        return {}


class Client(ClientMixin):  # type: ignore[misc]  # Authlib has no types
    """A partner in Authlib's words; nothing outside this file sees them."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner

    def check_grant_type(self, grant_type: str) -> bool:
        """One grant only."""
        return grant_type == "client_credentials"

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """One method at every endpoint."""
        return method == AUTHENTICATION


class PartnerGrant(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib has no types
    """Client credentials for a partner."""

    TOKEN_ENDPOINT_AUTH_METHODS = (AUTHENTICATION,)

    def generate_token(self, scope: str | None = None, **_: object) -> dict[str, object]:
        """Authlib's hook: the answer of the token endpoint."""
        return mint(self.server.issuing, self.request.client.partner, scope, self.request.http)


class TokenServer(AuthorizationServer):  # type: ignore[misc]  # Authlib has no types
    """Authlib's server with our clients, our requests and our answers."""

    def __init__(self, issuing: Issuing) -> None:
        super().__init__()
        self.issuing = issuing
        self.register_grant(PartnerGrant)
        self.register_client_auth_method(AUTHENTICATION, self._authenticate)

    def answer(self, http: Request, fields: Mapping[str, str]) -> JSONResponse:
        """The answer to a token request, refusals included."""
        response: JSONResponse = self.create_token_response(TokenRequest(http, fields, self.issuing.addresses.token_endpoint))
        return response

    def refusal(self, error: OAuth2Error) -> JSONResponse:
        """A refusal in RFC 6749 form."""
        response: JSONResponse = self.handle_error_response(None, error)
        return response

    def authenticated(self, fields: Mapping[str, str]) -> Partner:
        """The partner that calls one of the endpoints beside the token endpoint. Raises `OAuth2Error`."""
        try:
            return self.issuing.assertions.partner(fields)
        except NotAuthenticated as cause:
            raise InvalidClientError(description="client authentication failed") from cause

    def query_client(self, client_id: str) -> Client | None:
        """Authlib's hook; unused, because an assertion finds its own partner."""
        partner = self.issuing.directory.by_client(client_id)
        return Client(partner) if partner else None

    def _authenticate(self, _query: object, request: TokenRequest) -> Client:
        return Client(self.authenticated(request.fields))

    def create_oauth2_request(self, request: TokenRequest) -> TokenRequest:
        """Authlib's hook: it is one already."""
        return request

    def handle_response(self, status: int, body: object, headers: Iterable[tuple[str, str]]) -> JSONResponse:
        """Authlib's hook: an answer in our framework."""
        return JSONResponse(body, status, headers=dict(headers))

    def send_signal(self, *_: object, **__: object) -> None:
        """Authlib's hook: nobody listens."""

    def save_token(self, token: object, request: object) -> None:
        """Authlib's hook: `mint` has recorded the issue; the token itself is kept nowhere."""


def mint(issuing: Issuing, partner: Partner, scope: str | None, http: Request) -> dict[str, object]:
    """A token for that partner, bound to the key it proved to hold. Raises `OAuth2Error`."""
    _not_too_often(issuing, partner, http)
    wanted = frozenset(scope.split()) if scope else partner.scopes
    if not wanted or not wanted <= partner.scopes:
        raise InvalidScopeError
    kind, binding = bound(issuing, partner, http)
    now, key = int(issuing.clock.now().timestamp()), issuing.keys.signing()
    life = int(issuing.token_life.total_seconds())
    claims: dict[str, object] = {
        "iss": issuing.addresses.issuer,
        "sub": partner.client_id,
        "client_id": partner.client_id,
        "azp": partner.client_id,
        "aud": [issuing.addresses.audience],
        "scope": " ".join(sorted(wanted)),
        "iat": now,
        "nbf": now,
        "exp": now + life,
        "jti": secrets.token_urlsafe(24),
        "cnf": binding,
    }
    token = jwt.encode({"alg": "PS256", "typ": "at+jwt", "kid": key.kid}, claims, key.key, algorithms=["PS256"])
    issuing.issuances.record(
        token_id=str(claims["jti"]),
        partner=partner.id,
        expires=issuing.clock.now() + issuing.token_life,
        binding=" ".join(f"{name}={value}" for name, value in binding.items()),
    )
    # If we die here a token is on record that nobody has; it expires by itself.
    return {"access_token": token, "token_type": kind, "expires_in": life, "scope": claims["scope"]}


def _not_too_often(issuing: Issuing, partner: Partner, http: Request) -> None:
    """Raises `OAuth2Error` for a partner that asks for tokens instead of using them: each costs us a signature and a row."""
    if issuing.rates is None:
        return
    allowance = issuing.rates.take(partner.id)
    arrival_of(http.scope).answer_headers.extend(allowance.wire_headers)
    if not allowance.allowed:
        raise OAuth2Error(error="temporarily_unavailable", description="too many tokens in a short time", status_code=429)


def bound(issuing: Issuing, partner: Partner, http: Request) -> tuple[str, dict[str, str]]:
    """The token type and the `cnf` of a request: the DPoP key if there is a proof, else the client certificate.

    Raises `OAuth2Error` when there is neither, or when it is not the partner's.
    """
    arrival = arrival_of(http.scope)
    proofs = http.headers.getlist("dpop")
    if proofs:
        target = ProofTarget(method=http.method, path=http.url.path)
        return "DPoP", {"jkt": _proven(issuing.proofs, proofs, target, arrival)}
    certificate = arrival.certificate
    if certificate is None or not issuing.certificates.belongs(certificate, partner):
        raise InvalidRequestError(description="a registered client certificate or a DPoP proof is needed")
    return "Bearer", {"x5t#S256": fingerprint(certificate)}


def _proven(proofs: Proofs, found: list[str], target: ProofTarget, arrival: Arrival) -> str:
    try:
        return proofs.thumbprint(found, target)
    except NonceNeeded as cause:
        if proofs.nonces is not None:
            arrival.answer_headers.append((b"dpop-nonce", proofs.nonces.current().encode("ascii")))
        raise OAuth2Error(error="use_dpop_nonce", description="a nonce of this server is needed", status_code=400) from cause
    except BadProof as cause:
        raise OAuth2Error(error="invalid_dpop_proof", description="the DPoP proof is not valid here", status_code=400) from cause
