"""The frame that all procedures share: matters, steps, clocks, tasks, papers, oversight. See ``README.md``."""
