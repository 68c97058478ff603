"""Plans as cells of code that a person could have written."""
