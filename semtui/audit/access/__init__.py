"""The access graph and the questions asked of it: who holds what, by which role bindings, and for whom that is unknown.

Knows nothing of files, findings or snapshots.
"""
