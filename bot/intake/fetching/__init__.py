"""The guarded way out to the web: one page, public addresses only, little time, little memory."""
