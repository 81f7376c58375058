"""Counts with their nouns."""


def count(number: int, word: str) -> str:
    """`1 group`, `2 groups`, `1,200 groups`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
