"""Rules held against a past period as it was known day by day, and how often they were right (see README)."""
