"""Dialogs and pages of text, opened over a page. Must not know the page they are opened over.

Imported where they are opened: together they take 50 to 80 ms to load, which the first frame does not wait for.
"""
