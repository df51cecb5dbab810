"""People who never were, as many as are wanted, for trying things out at size."""
