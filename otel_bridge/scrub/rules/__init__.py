"""What is a secret, as data: one module per family of rules."""
