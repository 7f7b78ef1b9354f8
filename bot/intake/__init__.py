"""How a message becomes items: links, guarded fetch, metadata, dates."""
