"""Measurements that anybody can repeat. The product imports nothing from here."""
