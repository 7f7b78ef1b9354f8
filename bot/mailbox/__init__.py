"""The roads by which letters reach the bot: a mailbox elsewhere over IMAP, or our own mail server over LMTP."""
