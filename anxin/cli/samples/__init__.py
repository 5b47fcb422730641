"""Files of invented parties, for anybody to try."""
