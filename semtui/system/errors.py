"""What may go wrong without a fault of semtui's: told in a sentence, and never as a crash."""


class ExpectedError(Exception):
    """Something outside semtui stood in the way; the text says what, in sentences."""


class ConfigurationError(ExpectedError):
    """semtui cannot start as it was told to; one sentence says why and what to do."""
