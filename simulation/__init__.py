"""A whole invented city with known truth, made anew from a seed. The product never imports it; see README.md."""
