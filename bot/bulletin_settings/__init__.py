"""What is settled about a bulletin after its first start: read from people's words, changed, taken back."""
