"""The tests: the same tree as the code, and `browser/` for whole journeys."""
