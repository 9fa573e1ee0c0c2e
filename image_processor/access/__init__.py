"""Access control: roles, tokens, sessions, throttles."""
