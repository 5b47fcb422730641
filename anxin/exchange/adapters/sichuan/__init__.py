"""An interface in the shape that Sichuan published: log in, obtain codes, report, ask for receipts."""
