"""Signatures in PDF files: made by a signer and a time stamper behind interfaces, verified by their bytes."""
