"""Imports in the browser: a spreadsheet is read, its columns matched, its rows checked, loaded and undone."""
