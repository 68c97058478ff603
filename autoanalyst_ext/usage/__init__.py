"""What model calls use and cost: prices, the ledger's attempts, sums."""
