"""The doors of the bot, one per kind of person or road."""
