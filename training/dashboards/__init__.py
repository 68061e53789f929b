"""Reads for the pages of training. Nothing here writes."""
