"""Policy files: from a folder of YAML to a `Rulebook`, strictly.

A set is `begrippen.yaml` (the words), `algemeen.yaml` (what all flows share), one `<domein>.yaml` per providing domain and
beside each its `<domein>.voorbeelden.yaml`. `load` gives a rulebook or raises with every flaw; there is nothing in between.
"""

from __future__ import annotations

from sluis.policy_files.folder import PolicySet, load, open_set

__all__ = ["PolicySet", "load", "open_set"]
