"""What happened to a partner while nobody wrote it down comes on record when the broker runs again."""

from __future__ import annotations

import time
from pathlib import Path

from fakes.samples import a_partner
from sluis.core.entry import Kind
from sluis.ports.log import LogQuery
from sluis.wiring import open_keepers
from world.broker import Process

PATIENCE = 300


def test_a_partner_that_somebody_put_into_the_database_is_on_record_as_soon_as_the_broker_runs(tmp_path: Path) -> None:
    process = Process(tmp_path)
    keepers = open_keepers(process.region.settings)
    keepers.services.partners.save(a_partner("achter-onze-rug"))
    keepers.close()
    process.start()
    try:
        for _ in range(PATIENCE):
            if "partner-01" in process.lines():
                break
            time.sleep(0.1)
    finally:
        process.stop()
    keepers = open_keepers(process.region.settings)
    try:
        newest = keepers.ledger.entries(LogQuery(kinds=(Kind.PARTNER_CHANGED,), limit=1))[0]
        assert (newest.core["partner"], newest.core["change"]) == ("achter-onze-rug", "geregistreerd")
        assert newest.core["afterwards"] is True
        assert len(keepers.ledger.entries(LogQuery(kinds=(Kind.PARTNER_CHANGED,)))) == len(keepers.services.partners.all())
    finally:
        keepers.close()
