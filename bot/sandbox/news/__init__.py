"""The invented press of the sandbox: its sources, articles, pages by habit, traps, and a contributor's week."""
