"""What each page shows, and which of its actions a row allows. Must not know Textual, so that it is tested without a
screen."""
