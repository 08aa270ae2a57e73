"""Stack traces as text, one module per language; what cannot be read is left alone."""
