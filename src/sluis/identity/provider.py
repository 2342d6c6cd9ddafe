"""The organisation's identity provider: found from its configured issuer only, and asked over TLS."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx2
from joserfc import jwt
from joserfc.jwk import KeySet

from sluis.core.errors import BadInput, BadKey
from sluis.identity.addresses import Addresses
from sluis.identity.partner_keys import key_set, signing_part
from sluis.identity.signing_keys import SigningKeys
from sluis.ports import Clock

KNOWN_FOR = timedelta(hours=1)
ASK_AGAIN_AFTER = timedelta(minutes=1)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EIDAS = tuple(f"http://eidas.europa.eu/LoA/{level}" for level in ("low", "substantial", "high"))


class LoginRefused(Exception):
    """An officer is not let in. `reason` is a word from this code, never something the provider or the browser wrote."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRules:
    """What we ask of the provider. `acr_levels` go from low to high; `algorithms` may get RS256 by setting.

    `names_itself`: the answer must carry `iss` (RFC 9207); switch it off only for a provider that cannot, if it is the only one.
    """

    issuer: str
    client_id: str
    redirect_uri: str
    minimum_acr: str = EIDAS[1]
    acr_levels: tuple[str, ...] = EIDAS
    algorithms: tuple[str, ...] = ("PS256", "ES256")
    max_age: timedelta = timedelta(hours=1)
    names_itself: bool = True

    def good_levels(self) -> tuple[str, ...]:
        """The levels that are enough: from the lowest on, or that one alone when it is a word of the provider's own."""
        if self.minimum_acr not in self.acr_levels:
            return (self.minimum_acr,)
        return self.acr_levels[self.acr_levels.index(self.minimum_acr) :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What discovery said, checked."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    par_endpoint: str | None
    read_at: datetime


@dataclass(slots=True)
class Provider:
    """A provider, and our own keys there. Reads metadata once an hour, and its keys again when an unknown one shows up."""

    rules: ProviderRules
    own_keys: SigningKeys = field(repr=False)
    http: httpx2.Client = field(repr=False)
    clock: Clock
    _metadata: Metadata | None = None
    _keys: tuple[KeySet, datetime] | None = field(default=None, repr=False)

    def metadata(self) -> Metadata:
        """Where the provider's doors are. Raises `LoginRefused`."""
        now = self.clock.now()
        if self._metadata is None or now - self._metadata.read_at > KNOWN_FOR:
            said = self._json(self.http.build_request("GET", f"{self.rules.issuer}/.well-known/openid-configuration"))
            if said.get("issuer") != self.rules.issuer:
                raise LoginRefused("discovery-issuer")
            par = said.get("pushed_authorization_request_endpoint")
            self._metadata = Metadata(
                authorization_endpoint=_address(said.get("authorization_endpoint")),
                token_endpoint=_address(said.get("token_endpoint")),
                jwks_uri=_address(said.get("jwks_uri")),
                par_endpoint=None if par is None else _address(par),
                read_at=now,
            )
        return self._metadata

    def keys(self, kid: str | None) -> KeySet:
        """The provider's public keys; read again, at most once a minute, when `kid` is not among them. Raises `LoginRefused`."""
        now = self.clock.now()
        if self._keys is not None:
            keys, read_at = self._keys
            known = kid is None or any(key.kid == kid for key in keys)
            if now - read_at < ASK_AGAIN_AFTER or (known and now - read_at < KNOWN_FOR):
                return keys
        document = self._json(self.http.build_request("GET", self.metadata().jwks_uri))
        try:
            fresh = key_set(signing_part(document))
        except BadKey as cause:
            raise LoginRefused("provider-keys") from cause
        self._keys = (fresh, now)
        return fresh

    def post(self, url: str, form: Mapping[str, str]) -> Mapping[str, object]:
        """The answer to a form that carries a new assertion of ours. Raises `LoginRefused`."""
        proof = {
            "client_id": self.rules.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._assertion(),
        }
        return self._json(self.http.build_request("POST", url, data={**form, **proof}))

    def _assertion(self) -> str:
        now = int(self.clock.now().timestamp())
        claims = {"iss": self.rules.client_id, "sub": self.rules.client_id, "aud": self.rules.issuer}
        moments = {"iat": now, "nbf": now, "exp": now + 60, "jti": secrets.token_urlsafe(24)}
        own = self.own_keys.signing()
        return jwt.encode({"alg": "PS256", "kid": own.kid}, claims | moments, own.key, algorithms=["PS256"])

    def _json(self, request: httpx2.Request) -> Mapping[str, object]:
        try:
            answer = self.http.send(request, follow_redirects=False)
            document = answer.json()
        except (httpx2.HTTPError, ValueError) as cause:
            raise LoginRefused("provider-unreachable") from cause
        if answer.status_code not in {200, 201} or not isinstance(document, dict):
            raise LoginRefused("provider-refused")
        return document


def _address(value: object) -> str:
    """An https address (http on loopback). Raises `LoginRefused`."""
    text = value if isinstance(value, str) else ""
    origin = "/".join(text.split("/", 3)[:3])
    try:
        Addresses(issuer=origin, audience="")
    except (BadInput, ValueError) as cause:
        raise LoginRefused("discovery-address") from cause
    return text
