"""A service that answers like the real one: it validates from the contract, filters for real, and checks signatures."""
