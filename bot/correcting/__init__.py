"""Corrections of published issues: what may be corrected, how it is confirmed, and all that follows from it."""
