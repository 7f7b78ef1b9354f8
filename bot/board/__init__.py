"""The issue as one live message: what is in it, how long it is still open, and the menus that shape it."""
