"""The database: the only SQL of the product. Rows go in, values of `types/` and of this package come out."""
