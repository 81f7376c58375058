"""Errors that are not semtui's fault: reported in a sentence, never as a crash."""


class ExpectedError(Exception):
    """Something outside semtui failed; the text says what, in sentences."""


class ConfigurationError(ExpectedError):
    """semtui cannot start as configured; the text says why and what to do."""
