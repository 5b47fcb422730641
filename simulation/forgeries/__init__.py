"""Planted forgeries F01 to F13 and their honest look-alikes: planned before the first month, carried out in it."""
