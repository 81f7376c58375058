"""Semaphore over HTTP: one method per endpoint, its models, its errors, and what became of each request.

Must not know settings, sessions or any words of the interface beyond its error messages. What it relies on is written
in `.github/API.md`.
"""
