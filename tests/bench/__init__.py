"""Measurements of what the documents promise; each figure beside that of a peer from the same run."""
