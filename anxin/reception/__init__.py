"""Visits: who receives when, the queue, what was promised."""
