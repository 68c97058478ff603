"""Failed cells put right: what was meant where one correction is certain."""
