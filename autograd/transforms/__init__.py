"""Transforms: each takes a function and returns one that computes derivatives of it."""
