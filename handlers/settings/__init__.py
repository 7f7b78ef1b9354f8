"""The owner's doors: everything about a bulletin that is settled in chat."""
