"""A matter as one file for a court or another office: collected from the records, signed with the office's key."""
