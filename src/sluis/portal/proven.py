"""Whether an entry is in the log, computed now from its receipt; and the receipt itself, for whoever checks without us."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from sluis.core.entry import Receipt
from sluis.core.errors import BadInput, LedgerBroken
from sluis.core.merkle import leaf_hash
from sluis.core.note import parse_checkpoint, parse_note
from sluis.core.proof import check_inclusion
from sluis.core.receipt import receipt_text
from sluis.flows.audit import look
from sluis.portal.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The state of the proof. `flaw` is empty when it holds."""

    origin: str
    position: str
    leaf: str
    root: str
    steps: str
    checkpoint: str
    receipt: str
    flaw: str = ""


def proof_of(receipt: Receipt, visit: Visit) -> Proof:
    """The proof of an entry, checked now against the checkpoint that its receipt carries."""
    leaf, root, size, flaw = leaf_hash(receipt.leaf), b"", 0, ""
    try:
        head = parse_checkpoint(parse_note(receipt.checkpoint).text).head
        root, size = head.root, head.size
        check_inclusion(leaf=leaf, index=receipt.index, proof=receipt.proof, head=head)
    except (BadInput, LedgerBroken) as broken:
        flaw = str(broken)
    return Proof(
        origin=receipt.origin,
        position=visit.say["entry_proof_index_of"].format(index=receipt.index, size=size),
        leaf=leaf.hex(),
        root=root.hex(),
        steps=visit.say["entry_proof_holds_text"].format(n=len(receipt.proof)),
        checkpoint=receipt.checkpoint,
        receipt=visit.place.to(f"/logboek/{receipt.entry_id}/bewijs"),
        flaw=flaw,
    )


def download(visit: Visit) -> Response:
    """The receipt as a `.tlog-proof`. It names no person: the leaf holds hashes and a random id."""
    seen = look(visit.officer, visit.parts.get("regel", ""), visit.aim(), visit.services)
    name = f"sluis-{seen.entry.index}.tlog-proof"
    return Response(
        receipt_text(seen.receipt),
        media_type="text/plain; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
