"""What a person sent: links with words, pasted digests, files, albums, changed messages."""
