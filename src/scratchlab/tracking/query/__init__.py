"""Past runs, from their folders and from the store."""
