"""Small functions on arrays."""
