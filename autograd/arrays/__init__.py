"""Arrays that are not NumPy's: what the engine asks of them, and two of our own."""
