"""From the contract to everything that follows it: lint, generate, check, diff, publish."""
