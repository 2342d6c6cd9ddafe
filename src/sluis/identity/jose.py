"""Opening signed tokens of others. Every caller names the algorithms; there is no default here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from joserfc import jws, jwt
from joserfc.jwk import Key, KeySet
from joserfc.registry import Header


class _Registry(jws.JWSRegistry):
    """joserfc reads headers of up to 512 bytes; a proof with an RSA key in it, or a certificate chain, is longer."""

    max_header_length = 16_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The two readable parts of a token."""

    header: Header = field(repr=False)
    claims: Mapping[str, object] = field(repr=False)


def opened(text: str, key: Key | KeySet, algorithms: Sequence[str]) -> Opened:
    """A token whose signature holds under that key and one of those algorithms. Raises what `claims.UNTRUSTED` lists."""
    token = jwt.decode(text.encode("ascii"), key, registry=_Registry(algorithms=list(algorithms)))
    return Opened(header=token.header, claims=token.claims)


def unverified(text: str) -> Opened:
    """What a token says of itself, good only to find the key it must verify with."""
    token = jws.extract_compact(text.encode("ascii"), registry=_Registry())
    claims = json.loads(token.payload)
    if not isinstance(claims, dict):
        raise TypeError("claims")
    return Opened(header=token.headers(), claims=claims)
