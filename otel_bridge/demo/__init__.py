"""A small shop that fails in front of you: a real FastAPI app, real requests, no account."""
