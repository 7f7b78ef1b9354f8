"""One-line defects: each breaks one thing that holds at the desk, and the machine of the desk must notice."""
