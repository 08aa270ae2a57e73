"""Traffic that is made up, and what sampling makes of it."""
