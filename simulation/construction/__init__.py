"""Building sites: who owes, who works, who pays, and what the bureau is told of it."""
