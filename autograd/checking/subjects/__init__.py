"""What is checked, in one flat form: a function of Values, or a pair of plain functions."""
