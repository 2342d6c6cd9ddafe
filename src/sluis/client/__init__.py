"""The partner's side: keys, tokens, calls and receipts, so that an integration takes an afternoon (`docs/identity.md`)."""

from sluis.client.aio import AsyncSluisClient
from sluis.client.calls import SluisClient
from sluis.client.keys import PartnerKey
from sluis.client.receipts import check_receipt
from sluis.client.talk import Access, CallFailed

__all__ = ["Access", "AsyncSluisClient", "CallFailed", "PartnerKey", "SluisClient", "check_receipt"]
