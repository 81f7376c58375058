"""What happens to an API token once it is here: held, stored, copied, saved at a crash, recorded for the next run.

Must not know who asks for tokens or how they are shown.
"""
