"""Sluis: the broker between care and safety partners. Start reading at `flows/share.py` and `core/decision.py`."""

__version__ = "0.1.0"
