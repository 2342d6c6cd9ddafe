"""The partner's side: keys, tokens, calls and receipts, so that an integration takes an afternoon (`docs/partner/`)."""

from sluis.client import asks, casework, heard, problems, timing
from sluis.client.aio import AsyncSluisClient
from sluis.client.calls import SluisClient
from sluis.client.keys import PartnerKey
from sluis.client.receipts import check_place, check_receipt, check_released
from sluis.client.talk import Access, CallFailed

__all__ = [
    "Access",
    "AsyncSluisClient",
    "CallFailed",
    "PartnerKey",
    "SluisClient",
    "asks",
    "casework",
    "check_place",
    "check_receipt",
    "check_released",
    "heard",
    "problems",
    "timing",
]
