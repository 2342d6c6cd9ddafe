"""A region to test in: in memory for the flows, as real processes for the journeys. Imported as `world.…`."""
