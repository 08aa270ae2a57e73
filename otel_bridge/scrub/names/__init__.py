"""What a name says about the value below it."""
