"""Services that know works by their identifiers: one module for each, and what they share."""
