"""The queue: what waits for a decision, narrowed, paged, and approved several at once."""
