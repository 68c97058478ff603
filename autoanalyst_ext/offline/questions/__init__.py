"""Short questions as plans: grammar, conditions, and what the heads of questions mean."""
