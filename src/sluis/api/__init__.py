"""The partners' API: Dutch resources over HTTP. It maps shapes to core values and back; the rules live elsewhere."""
