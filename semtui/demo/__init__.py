"""A stand-in for Semaphore: the organization acme, its people, and the API that speaks about them.

Stands alone: it imports nothing else of semtui and no package, so that it cannot share a mistake with the client.
"""
