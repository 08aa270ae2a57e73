"""Programs that the delivery tests run and kill."""
