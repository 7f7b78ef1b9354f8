"""The doors about people: who has a role, invitations, pseudonyms and languages, and acts that need two."""
