"""The spool: what was accepted stays on disk until it is delivered, also through a crash."""
