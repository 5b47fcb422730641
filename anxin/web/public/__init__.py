"""Pages for people who are not signed in: what a scanned code opens, guides, telling the bureau, a receipt."""
