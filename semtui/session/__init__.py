"""The connection to one organization, on a thread of its own, and which organization is open.

Must not know the lists of the organization or the changes made to it.
"""
