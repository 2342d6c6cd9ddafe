"""What Sluis does, one file a flow. A flow sees the world only through `sluis.ports`."""
