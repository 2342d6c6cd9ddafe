"""The command `sluis`: one module a topic, no logic of its own."""
