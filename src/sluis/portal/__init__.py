"""The officers' review workspace: server-rendered pages over the flows, without a script."""

from __future__ import annotations

from sluis.portal.app import build
from sluis.portal.door import Door
from sluis.portal.visit import Desk

__all__ = ["Desk", "Door", "build"]
