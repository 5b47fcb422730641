"""Joint cases, emergencies, marks of oversight, thresholds, and what inspectors need beside the steps."""
