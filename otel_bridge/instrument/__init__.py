"""The door for Python processes: a span processor, and the thread behind it."""
