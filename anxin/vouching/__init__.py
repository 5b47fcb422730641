"""Whose key signs here, who vouches for the time, and who says who somebody is: the one place that letters, contracts and records ask."""
