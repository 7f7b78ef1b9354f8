"""Addresses: what is a link, and which two links lead to the same page; pure."""
