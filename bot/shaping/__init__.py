"""Shaping the open issue: the order of its items, highlights, texts of its own, its date, a week that is skipped."""
