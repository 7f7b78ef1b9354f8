"""Single mails: what each kind says, and the loop that hands them to the mail server."""
