"""What was changed through semtui: recorded as it is sent and kept on disk, without secrets.

Must not know sessions, the lists of the organization, or what a change means.
"""
