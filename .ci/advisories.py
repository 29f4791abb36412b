"""Whether any package that Collate runs on has a published weakness: pip-audit over the lock with hashes.

Ends with 1 and the list where there is one. Where the advisories cannot be reached, says so and ends with 0: who
works offline is not kept from working.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
_TOOL = (
    sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off",
    "--format", "json", "--timeout", "15", "--requirement", str(LOCK),
)  # fmt: skip


def main() -> int:
    """The exit status."""
    done = subprocess.run(_TOOL, capture_output=True, text=True, check=False)  # noqa: S603 -- our own words
    return judge(done.stdout, done.stderr)


def judge(said: str, complaints: str) -> int:
    """What pip-audit's JSON comes to; no JSON at all is an advisory source that was not reached."""
    try:
        packages: list[dict[str, Any]] = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        print("Known weaknesses were not looked up:", (complaints.strip().splitlines() or ["no answer"])[-1][:200])
        return 0
    looked_up = [each for each in packages if "skip_reason" not in each]
    found = [(each, vulnerability) for each in looked_up for vulnerability in each.get("vulns", ())]
    for each, vulnerability in found:
        fixed = ", ".join(vulnerability.get("fix_versions", ())) or "no version"
        print(f"{each['name']} {each['version']}: {vulnerability['id']}, mended in {fixed}")
    if not looked_up:
        print("Known weaknesses were not looked up: the advisories cannot be reached from here.")
    elif not found:
        print(f"No known weakness in {len(looked_up)} of {len(packages)} packages that could be looked up.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
