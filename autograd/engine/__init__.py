"""The engine: nodes, the walks over them, and how NumPy's calls reach the rule table."""
