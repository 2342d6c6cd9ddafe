"""The gate of the API: from a request to the partner that calls, or a refusal that says which credential is missing."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from sluis.core.partner import Caller, Partner
from sluis.identity.certificates import CertificateRule
from sluis.identity.encoding import fingerprint
from sluis.identity.front import arrival_of
from sluis.identity.proofs import ALGORITHMS, BadProof, NonceNeeded, Proofs, ProofTarget
from sluis.identity.rates import Rates
from sluis.identity.verifying import BadToken, TokenReader, Verified
from sluis.ports import Clock, Issuances, PartnerDirectory

REALM = 'realm="sluis"'
ALGS = f'algs="{" ".join(ALGORITHMS)}"'


class TokenRefused(Exception):
    """A request that is not let in. `status` is 401, 403 or 429; `description` is ASCII, for developers, without any value.

    `www_authenticate` says which credential is missing; it is empty for 429.
    """

    def __init__(self, status: int, error: str, description: str, www_authenticate: str = "") -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description
        self.www_authenticate = www_authenticate

    @property
    def headers(self) -> Mapping[str, str]:
        """What the answer must carry."""
        return {"WWW-Authenticate": self.www_authenticate} if self.www_authenticate else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Lets a partner in, or raises `TokenRefused`. Each call asks anew: token, revocation, partner, binding, scopes."""

    reader: TokenReader
    proofs: Proofs
    certificates: CertificateRule
    directory: PartnerDirectory
    issuances: Issuances
    clock: Clock
    rates: Rates | None = None

    def caller(self, http: Request, *scopes: str) -> Caller:
        """The caller, who has all of `scopes`. Raises `TokenRefused`; reads the stores, so call it from a thread."""
        shown = _credentials(http)
        scheme = shown.scheme
        # (1) the token itself.
        try:
            verified = self.reader.read(shown.token)
        except BadToken as cause:
            raise _invalid(scheme, "the token is not valid here") from cause
        # (2) its owner at this moment, and whether the token was taken back.
        partner = self._owner(scheme, verified)
        # (3) the key it is bound to, in the hands of the caller.
        self._check_holder(http, shown, verified, partner)
        # (4) not too often, counted for whoever proved to be that partner.
        self._check_rate(http, partner)
        # (5) the doors.
        granted = verified.scopes & partner.scopes
        if not granted.issuperset(scopes):
            wanted = " ".join(scopes)
            challenge = f'{scheme} {REALM}, error="insufficient_scope", scope="{wanted}"'
            raise TokenRefused(403, "insufficient_scope", f"this needs the scope {wanted}", challenge)
        return Caller(partner=partner, scopes=granted, token_id=verified.token_id)

    def _owner(self, scheme: str, verified: Verified) -> Partner:
        partner = self.directory.by_client(verified.client_id)
        if partner is None or not partner.active(self.clock.now()) or self.issuances.revoked(verified.token_id):
            raise _invalid(scheme, "the token is not valid here")
        return partner

    def _check_holder(self, http: Request, shown: _Shown, verified: Verified, partner: Partner) -> None:
        if shown.scheme == "DPoP":
            holds = verified.key is not None and hmac.compare_digest(verified.key, self._proven(http, shown.token))
        else:
            certificate = arrival_of(http.scope).certificate
            holds = (
                certificate is not None
                and verified.certificate is not None
                and not http.headers.getlist("dpop")  # a proof goes with the other scheme: somebody mixes the two
                and hmac.compare_digest(verified.certificate, fingerprint(certificate))
                and self.certificates.belongs(certificate, partner)
            )
        if not holds:
            raise _invalid(shown.scheme, "the token belongs to another key")

    def _check_rate(self, http: Request, partner: Partner) -> None:
        if self.rates is None:
            return
        allowance = self.rates.take(partner.id)
        arrival_of(http.scope).answer_headers.extend(allowance.wire_headers)
        if not allowance.allowed:
            raise TokenRefused(429, "too_many_requests", "this partner calls too often")

    def _proven(self, http: Request, token: str) -> str:
        nonces = self.proofs.nonces
        if nonces is not None:
            arrival_of(http.scope).answer_headers.append((b"dpop-nonce", nonces.current().encode("ascii")))
        target = ProofTarget(method=http.method, path=http.url.path, token=token)
        try:
            return self.proofs.thumbprint(http.headers.getlist("dpop"), target)
        except NonceNeeded as cause:
            raise _challenge("DPoP", "use_dpop_nonce", "a nonce of this server is needed") from cause
        except BadProof as cause:
            raise _challenge("DPoP", "invalid_dpop_proof", "the DPoP proof is not valid here") from cause


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What the `Authorization` header shows."""

    scheme: str
    token: str


def _credentials(http: Request) -> _Shown:
    """The scheme, in our spelling, and the token. Raises `TokenRefused`."""
    found = http.headers.getlist("authorization")
    kind, _, token = (found[0] if len(found) == 1 else "").partition(" ")
    scheme = {"bearer": "Bearer", "dpop": "DPoP"}.get(kind.lower())
    if scheme is None or not token.strip():
        both = f"Bearer {REALM}, DPoP {REALM}, {ALGS}"
        raise TokenRefused(401, "token_missing", "this needs a token", both)
    return _Shown(scheme=scheme, token=token.strip())


def _invalid(scheme: str, description: str) -> TokenRefused:
    return _challenge(scheme, "invalid_token", description)


def _challenge(scheme: str, error: str, description: str) -> TokenRefused:
    challenge = f'{scheme} {REALM}, error="{error}", error_description="{description}"'
    return TokenRefused(401, error, description, challenge + (f", {ALGS}" if scheme == "DPoP" else ""))
