"""The audit log: one sequencer that makes entries durable, readers that never block it, proofs that outsiders verify."""
