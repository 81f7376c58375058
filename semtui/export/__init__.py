"""Rows as CSV and JSON. Pure: writes no file and asks nothing.

`.github/EXPORT.md` explains every column and key.
"""
