"""Pages of events: for everybody who may come, for delegations, and for whoever holds them."""
