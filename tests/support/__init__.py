"""What the tests stand on: surroundings, a real console, a real browser."""
