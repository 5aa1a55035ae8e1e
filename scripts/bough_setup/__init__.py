"""What `scripts/` is made of; standard library only, runs before anything is installed."""
