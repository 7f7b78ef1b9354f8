"""The sandbox's page: the server behind it, and what the browser is given."""
