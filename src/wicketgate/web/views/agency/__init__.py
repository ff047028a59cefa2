"""Pages of the requesting agencies."""
