"""The kernel's side of AutoAnalyst. Standard library only; loads in any environment."""
