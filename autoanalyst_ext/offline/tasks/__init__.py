"""Long task texts as plans: constraints, named answers, and whether all that is said was used."""
