"""The lists of one organization, joined: people, service accounts, groups, roles and projects, and who holds what.

Loads and joins; must not change anything at Semaphore, and holds no words of the interface.
"""
