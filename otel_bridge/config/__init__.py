"""Options as values: what can be set, where it can be set, and what was wrong with it."""
