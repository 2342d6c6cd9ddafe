"""A synthetic region: invented organisations, people and notes, real keys, real HTTP. Nobody in it exists."""
