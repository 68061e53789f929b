"""Measurements at size: `make bench` builds the database and prints one table. Ratios, since machines differ."""
