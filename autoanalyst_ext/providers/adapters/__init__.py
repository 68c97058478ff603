"""Adapters of the library that are ours in part. Loaded with the first model, never with the shelf."""
