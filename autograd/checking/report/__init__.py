"""What a check found, as text, data and pictures."""
