"""Decide what is kept, say at what probability, and count what was not."""
