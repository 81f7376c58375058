"""Access reviews: the rows for the reviewers, the manifest, and the checks of what comes back."""
