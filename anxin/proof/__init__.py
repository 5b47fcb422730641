"""Evidence packages: rows, documents and the journal about something, which a stranger can verify without us."""

from anxin.proof.building import build
from anxin.proof.contents import Contents, Document, Table, WrongContents
from anxin.proof.keys import KeySigner, KeyUnusable, Signer, from_file, throwaway
from anxin.proof.redaction import CannotRedact, redact
from anxin.proof.verdict import Problem, SignedBy, Verdict
from anxin.proof.verification import verify

__all__ = [
    "CannotRedact",
    "Contents",
    "Document",
    "KeySigner",
    "KeyUnusable",
    "Problem",
    "SignedBy",
    "Signer",
    "Table",
    "Verdict",
    "WrongContents",
    "build",
    "from_file",
    "redact",
    "throwaway",
    "verify",
]
