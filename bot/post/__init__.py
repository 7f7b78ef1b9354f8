"""What a letter that came in does: links are taken in, readers come and go, reports count, the rest goes to people."""
