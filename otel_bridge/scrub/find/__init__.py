"""What may be a secret in a text: finders, and the gates that say where to look."""
