"""The pages behind the tabs: people, roles, projects, and what they share.

The pages that are not shown first, and every dialog, are imported where they are opened: together they take 50 to 80 ms
to load, which the first frame does not wait for.
"""
