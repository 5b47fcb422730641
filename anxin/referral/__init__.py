"""Where a clue goes, what came of it, what was paid, and how it is counted."""
