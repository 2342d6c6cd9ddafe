"""The shapes on the wire, written out by hand: in a broker, the mapping is the disclosure."""
