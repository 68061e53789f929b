"""What `make` calls: set-up, demo, tests. Standard library of Python 3.11.0 only, until `.venv` is there."""
