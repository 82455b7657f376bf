"""A layer, and tests of it."""
