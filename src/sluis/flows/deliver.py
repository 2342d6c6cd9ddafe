"""What became of a release after it was recorded: delivered, or failed. A second event, also in the log."""

from __future__ import annotations

from sluis import events
from sluis.core.entry import EntryDraft, Kind
from sluis.core.errors import SluisError
from sluis.core.verdict import Outcome
from sluis.flows.share import Shared
from sluis.ports.services import Services


def delivered(released: Shared, services: Services) -> None:
    """Record that the answer was handed to the network.

    A failure here is an alarm and no error: the release stands in the log without a delivery, which the review shows.
    """
    draft = EntryDraft(
        kind=Kind.RELEASE_DELIVERED,
        at=services.clock.now(),
        core={"about": released.receipt.entry_id, "decision": Outcome.VERSTREKKEN.value, "position": released.receipt.index},
    )
    try:
        services.ledger.append(draft)
    except SluisError:
        events.emit(events.DELIVERY_UNKNOWN, entry=released.receipt.entry_id)
