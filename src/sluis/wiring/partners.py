"""Letting partners in, as the settings say: our own authorization server or an external one, and the gate of the API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from joserfc.jwk import KeySet

from sluis.core.errors import BadInput, Flaw
from sluis.identity.addresses import Addresses
from sluis.identity.assertions import Assertions
from sluis.identity.certificates import CertificateRule
from sluis.identity.gate import Gate
from sluis.identity.partner_keys import key_set, signing_part
from sluis.identity.proofs import Nonces, Proofs
from sluis.identity.rates import Rates
from sluis.identity.signing_keys import SigningKeys
from sluis.identity.tokens import Issuing, TokenServer
from sluis.identity.verifying import TokenReader, TokenRules, VerifyingKeys
from sluis.keys import KeyFiles
from sluis.ports.ambient import Clock
from sluis.ports.identity import Issuances, PartnerDirectory, Replay
from sluis.settings import Settings

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerStores:
    """What is kept of partners and their tokens."""

    directory: PartnerDirectory
    replay: Replay
    issuances: Issuances


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerDoors:
    """The gate of the API, and what issues and reads its tokens; `issuer` is None when somebody else issues them."""

    gate: Gate
    issuer: TokenServer | None
    reader: TokenReader
    own_keys: SigningKeys


def partner_doors(settings: Settings, stores: PartnerStores, key_files: KeyFiles, clock: Clock) -> PartnerDoors:
    """The doors of the partners. Raises `BadInput` and `BadKey` for keys that cannot be used."""
    addresses = Addresses(issuer=settings.public_url, audience=f"{settings.public_url}/v1")
    nonces = Nonces(secret=key_files.secret("dpop-nonce.key"), clock=clock) if settings.dpop_nonce else None
    proofs = Proofs(addresses=addresses, replay=stores.replay, clock=clock, nonces=nonces)
    certificates = CertificateRule(oin_counts=settings.certificate_oin)
    own = _own_keys(settings, clock)
    rules, keys = _whose_tokens(settings, addresses, own)
    reader = TokenReader(rules, keys, clock)
    gate = Gate(
        reader=reader,
        proofs=proofs,
        certificates=certificates,
        directory=stores.directory,
        issuances=stores.issuances,
        clock=clock,
        rates=Rates(limit=settings.requests_per_minute, per=MINUTE, clock=clock),
    )  # fmt: skip - one value
    if settings.token_issuer:
        return PartnerDoors(gate=gate, issuer=None, reader=reader, own_keys=own)
    issuing = Issuing(
        addresses=addresses,
        directory=stores.directory,
        keys=own,
        proofs=proofs,
        certificates=certificates,
        assertions=Assertions(directory=stores.directory, addresses=addresses, replay=stores.replay, clock=clock),
        issuances=stores.issuances,
        clock=clock,
        token_life=timedelta(minutes=settings.token_minutes),
        rates=Rates(limit=settings.tokens_per_minute, per=MINUTE, clock=clock),
    )  # fmt: skip - one value
    return PartnerDoors(gate=gate, issuer=TokenServer(issuing), reader=reader, own_keys=own)


def _own_keys(settings: Settings, clock: Clock) -> SigningKeys:
    keys = SigningKeys(settings.keys / "tokens", clock)
    if not keys.jwks()["keys"]:
        keys.rotate()
    return keys


@dataclass(frozen=True, slots=True)
class FixedKeys:
    """The key set of an external issuer, read when the broker starts."""

    keys: KeySet

    def verifying(self) -> KeySet:
        """The public keys of that issuer."""
        return self.keys


def _whose_tokens(settings: Settings, addresses: Addresses, own: SigningKeys) -> tuple[TokenRules, VerifyingKeys]:
    if settings.token_jwks is None:
        return TokenRules(issuer=addresses.issuer, audience=addresses.audience), own
    where = "SLUIS_TOKEN_JWKS"
    try:
        document = json.loads(settings.token_jwks.read_bytes())
    except (OSError, ValueError) as cause:
        raise BadInput(Flaw(where=where, what="is no readable key set", mend="give a file with the issuer's JWKS")) from cause
    if not isinstance(document, dict):
        raise BadInput(Flaw(where=where, what="is no key set", mend="give a file with the issuer's JWKS"))
    rules = TokenRules(issuer=settings.token_issuer, audience=addresses.audience, algorithms=("PS256", "ES256"))
    return rules, FixedKeys(key_set(signing_part(document)))
