"""Pure drawing: a frozen issue in, text or bytes out."""
