"""The partner's side: keys, tokens and calls, so that an integration takes an afternoon (`docs/identity.md`)."""

from sluis.client.calls import SluisClient
from sluis.client.keys import PartnerKey

__all__ = ["PartnerKey", "SluisClient"]
