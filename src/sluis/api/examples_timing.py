"""The examples of time and people in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TIMING: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        "TimelinessTold": {
            "kwartaal": "2026-K4",
            "vanDatum": "2026-10-01",
            "totEnMetDatum": "2026-12-31",
            "alsVerstrekker": [
                {
                    "verstrekker": "ggz-de-linde",
                    "doel": "zvh-casus",
                    "spoed": False,
                    "antwoordBinnen": "binnen drie dagen",
                    "beoordeeld": 34,
                    "opTijd": 22,
                    "mediaan": "PT26H30M",
                    "p90": "PT71H5M",
                    "wacht": 0,
                    "teLaat": 0,
                }
            ],
            "alsVrager": [],
        },
        "StaffingTold": {
            "legeRollen": [{"rol": "geneesheer-directeur", "nuLeeg": False, "vervuldTotTijdstip": "2026-12-01T00:00:00Z"}],
            "wacht": 2,
        },
    }
)
"""By the name of the shape."""
