"""The evidence beside a receipt."""

from dataclasses import replace

from dashboard.results.receipt import evidence
from tests.dashboard.conftest import MakeAnswer


def test_the_evidence_names_what_served_the_answer(answer: MakeAnswer) -> None:
    done = answer().completion
    assert done is not None
    told = replace(done, response_model="gpt-4o-2024-11-20", fingerprint={"system_fingerprint": "fp_1"})
    assert "Served by gpt-4o-2024-11-20, system fingerprint fp_1." in evidence(told)
    assert not [line for line in evidence(done) if "Served by" in line]
