"""Letters: templates with typed fields, filled with a matter's data and set as PDF in the style of official papers."""
