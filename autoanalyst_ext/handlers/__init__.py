"""Doors of the Jupyter server: one noun per file."""
