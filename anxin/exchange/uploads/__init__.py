"""The queue: what is to be reported, sending it, receipts, alarms."""
