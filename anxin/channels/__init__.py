"""Codes on boards and helmets, the public form, receipts, guides."""
