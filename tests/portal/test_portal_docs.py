"""What `docs/portal.md` says of the portal is so."""

from __future__ import annotations

from pathlib import Path

from sluis.flows.audit import Aim
from sluis.flows.review import Verdict
from sluis.portal.app import PAGES


def test_every_page_role_aim_and_verdict_stands_in_the_manual(checkout: Path) -> None:
    said = (checkout / "docs" / "portal.md").read_text(encoding="utf-8")

    for word in (*(path for _, path, _ in PAGES), *(verdict.value for verdict in Verdict)):
        assert f"`{word}`" in said
    for aim in Aim:
        assert f"*{aim.value}*" in said
