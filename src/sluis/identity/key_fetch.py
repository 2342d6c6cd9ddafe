"""Key sets that others publish: fetched by a job, never during a request, and the last good copy stays.

Two uses: partners that publish a `jwks_uri`, and an external issuer that replaces our own authorization server.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import httpx2
from joserfc.jwk import KeySet

from sluis.core.errors import BadKey, Flaw, KeyUnavailable
from sluis.identity.partner_keys import key_set, signing_part
from sluis.ports import PartnerDirectory

MAX_BYTES = 64_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFetch:
    """Fetches key sets, over https, from listed hosts only, without following redirects."""

    http: httpx2.Client
    hosts: frozenset[str]

    def document(self, url: str) -> Mapping[str, object]:
        """The JSON object at that address. Raises `BadKey` for anything else, an unreachable host included."""
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.hostname not in self.hosts:
            raise BadKey(Flaw(where="jwks_uri", what="the address is not https on a listed host"))
        try:
            with self.http.stream("GET", url, follow_redirects=False) as answer:
                if answer.status_code != httpx2.codes.OK:
                    raise BadKey(Flaw(where="jwks_uri", what=f"the host answered {answer.status_code}"))
                document = json.loads(_limited(answer))
        except (httpx2.HTTPError, ValueError) as cause:
            raise BadKey(Flaw(where="jwks_uri", what="no key set could be read")) from cause
        if not isinstance(document, dict):
            raise BadKey(Flaw(where="jwks_uri", what="the answer is no key set"))
        return document


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """What became of one partner's keys: changed or the same; `flaw` says why the old ones stayed."""

    partner: str
    changed: bool
    flaw: str = ""


def refresh_partner_keys(directory: PartnerDirectory, addresses: Mapping[str, str], fetch: KeyFetch) -> Sequence[Refresh]:
    """Fetch the keys of each partner id in `addresses`. One that fails keeps its keys, and does not keep the others waiting."""
    done: list[Refresh] = []
    for partner_id, url in sorted(addresses.items()):
        partner = directory.by_id(partner_id)
        if partner is None:
            done.append(Refresh(partner=partner_id, changed=False, flaw="no such partner"))
            continue
        try:
            document = fetch.document(url)
            key_set(document)
        except BadKey as bad:
            done.append(Refresh(partner=partner_id, changed=False, flaw=str(bad)))
            continue
        keys = {"keys": document["keys"]}
        changed = keys != dict(partner.keys)
        if changed:
            directory.save(replace(partner, keys=keys))
        done.append(Refresh(partner=partner_id, changed=changed))
    return done


class ExternalKeys:
    """The keys of an external issuer, as `TokenReader` wants them."""

    def __init__(self, url: str, fetch: KeyFetch) -> None:
        self.url = url
        self.fetch = fetch
        self._keys: KeySet | None = None

    def refresh(self) -> None:
        """Fetch once; a job calls this. Raises `BadKey`, and keeps the last good copy."""
        self._keys = key_set(signing_part(self.fetch.document(self.url)))

    def verifying(self) -> KeySet:
        """The last good copy. Raises `KeyUnavailable` when there has been none."""
        if self._keys is None:
            raise KeyUnavailable("the keys of the issuer have not been fetched")
        return self._keys


def _limited(answer: httpx2.Response) -> bytes:
    data = b""
    for chunk in answer.iter_bytes():
        data += chunk
        if len(data) > MAX_BYTES:
            raise BadKey(Flaw(where="jwks_uri", what="the answer is too large"))
    return data
