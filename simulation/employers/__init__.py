"""Employers of every trade: months of social insurance, meters, court and inspection, complaints, and who fails."""
