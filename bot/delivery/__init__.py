"""From a frozen issue to every channel and reader: plan, drain, outcome, pace, report."""
