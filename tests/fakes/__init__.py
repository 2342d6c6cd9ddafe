"""Fakes with behaviour for every port of the store, the sources and the ambient: imported as `fakes.…`."""
