"""Semaphore over HTTP: one method per endpoint, models, errors, and whether each request was carried out.

Must not know settings, sessions, or any words of the interface beyond its error messages. `.github/API.md` describes
the behavior it relies on.
"""
