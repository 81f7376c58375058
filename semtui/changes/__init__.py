"""One module for each change: what is checked before, what is sent, how a lost answer is reconciled, what is said.

Both front ends make changes through these. Must not know Textual or line mode.
"""
