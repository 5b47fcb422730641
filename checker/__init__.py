"""An independent checker of warnings: every warning is worked out again from its exported rows, in plain Python.

It shares no code with the rules and imports nothing of the product, so that a mistake there is not repeated here.
"""
