"""What has changed between two snapshots, and who can do more or less by it."""
