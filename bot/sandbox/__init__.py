"""The world in a box: Bot API server, mail server and news site for demo and tests; imports nothing of ours."""
