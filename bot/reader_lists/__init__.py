"""Lists of readers: what a file of addresses holds, whatever wrote it."""
