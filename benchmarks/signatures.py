"""Signed contracts a second, two signatures each, against the bare library's own way to the same level: a ratio in one run.

``python benchmarks/signatures.py [--contracts 40] [--json]``. One process, one thread, keys and time stamps in the process. The rival is pyHanko's
``sign_pdf`` at the same level (PAdES with long-term data and a time stamp over the file), twice on the same pages, with the same keys: it validates
each chain anew while it signs. What is on top of ours is the identity check, the binding of people to places, and the drawn stamp.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from asn1crypto import cms, tsp
from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from anxin.cli.samples import labour_contract as sample
from anxin.signing.authority import Authority, KeyFile
from anxin.signing.timestamps import LocalTimeStamper
from anxin.signing.verifying import verify

PEOPLE = (sample.EMPLOYER, sample.WORKER)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contracts", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logging.getLogger("pyhanko").setLevel(logging.ERROR)  # it says at each signature that nothing is fetched
    at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(Path(folder) / "keys", at)
        roots = (authority.root.certificate,)

        def ours() -> bytes:
            return sample.signed_sample(authority.folder, at)

        def bare() -> bytes:
            return signed_by_the_library(authority, at)

        assert verify(ours(), roots).trusted
        result = measure(ours, bare, options.contracts)
        signed = ours()
        started = time.process_time()
        for _ in range(10):
            verify(signed, roots)
        result["verified_a_second"] = 10 / (time.process_time() - started)
    if options.json:
        print(json.dumps(result))
    else:
        print(
            f"contracts a second {result['contracts_a_second']:.1f}, the library's own way {result['bare_a_second']:.1f}, "
            f"ratio of time {result['ratio']:.2f}; verified a second {result['verified_a_second']:.1f}"
        )
    return 0


class SameStamps(timestamps.TimeStamper):
    """Our own time stamps, asked for in the library's way."""

    def __init__(self, ours: LocalTimeStamper) -> None:
        super().__init__(include_nonce=False)
        self.ours = ours

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        token = self.ours.stamp(req["message_imprint"]["hashed_message"].native)
        return tsp.TimeStampResp(
            {"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)}
        )


def signed_by_the_library(authority: Authority, at: dt.datetime) -> bytes:
    """The same pages with two signatures and their time stamps, by ``pyhanko.sign.signers.sign_pdf``."""
    store = SimpleCertificateStore.from_certs([authority.root.certificate])
    stamper = SameStamps(LocalTimeStamper(authority, lambda: at))
    pdf = sample.contract()
    for number, person in enumerate(PEOPLE):
        key = authority.signer_for(person, at)
        context = ValidationContext(
            trust_roots=[authority.root.certificate],
            allow_fetching=False,
            crls=[authority.revocation_list(at)],
            revocation_mode="hard-fail",
            moment=at,
        )
        said = signers.PdfSignatureMetadata(
            field_name=f"place-{number}",
            subfilter=fields.SigSeedSubFilter.PADES,
            embed_validation_info=True,
            use_pades_lta=True,
            validation_context=context,
            certify=number == 0,
            docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        )
        signer = signers.SimpleSigner(key.certificate, private(key), store)
        out = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), said, signer, stamper)
        pdf = out.getvalue()
    return pdf


def private(key: KeyFile) -> asn1_keys.PrivateKeyInfo:
    plain = key.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return asn1_keys.PrivateKeyInfo.load(plain)


def measure(ours: Callable[[], bytes], bare: Callable[[], bytes], count: int) -> dict[str, float]:
    """Seconds of processor time, turn by turn, so that a busy machine slows both sides."""
    for work in (ours, bare):
        work()
    spent: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(count):
        for name, work in (("ours", ours), ("bare", bare)):
            started = time.process_time()
            work()
            spent[name].append(time.process_time() - started)
    mine, rival = (statistics.fmean(spent[name]) for name in ("ours", "bare"))
    return {"contracts_a_second": 1 / mine, "bare_a_second": 1 / rival, "ratio": mine / rival}


if __name__ == "__main__":
    sys.exit(main())
