"""The world in a box: a Bot API server, a mail server and a news site for the demo and the tests; imports nothing of ours."""
