"""The screen: everything that imports Textual.

Asks and changes nothing by itself, but through `organization` and `changes`.
"""
