"""The same rules written in other ways: as SQL by hand, in Polars, in pandas, and row by row in Python."""
