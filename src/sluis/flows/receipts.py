"""A receipt as the file that an outsider's program reads (`c2sp.org/tlog-proof@v1`)."""

from __future__ import annotations

from base64 import b64encode

from sluis.core.entry import Receipt


def receipt_text(receipt: Receipt) -> str:
    """The `.tlog-proof` of a receipt: the leaf as extra data, its position, its audit path, the signed checkpoint."""
    lines = [
        "c2sp.org/tlog-proof@v1",
        f"extra {b64encode(receipt.leaf).decode()}",
        f"index {receipt.index}",
        *(b64encode(sibling).decode() for sibling in receipt.proof),
    ]
    return "\n".join(lines) + "\n\n" + receipt.checkpoint
