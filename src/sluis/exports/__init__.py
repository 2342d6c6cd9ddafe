"""What leaves Sluis as a document: made from what is known, never a second truth beside it."""
