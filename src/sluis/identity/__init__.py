"""Who calls: partners by OAuth 2 with bound tokens, officers by OpenID Connect (`docs/identity.md`)."""
