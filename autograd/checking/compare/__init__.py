"""The claimed derivative against the numerical one, and the contracts of a backward."""
