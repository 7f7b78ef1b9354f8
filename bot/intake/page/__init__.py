"""What a fetched page says of its story, read in a child process that can be killed."""
