"""One made-up key of each shape. Nobody's: each is put together here, so that no scanner takes the file for a leak."""

from __future__ import annotations

DIGITS = "0123456789"
MIXED = "aB3dE6gH9" * 12
LOWER = "ab3de6gh9" * 12
HEX = "0123456789abcdef" * 8
PEM = "-----BEGIN {}PRIVATE KEY{}-----\nMIIEpAIBAAKCAQEA0Z3\n-----END {}PRIVATE KEY{}-----"

KEYS: tuple[str, ...] = (
    "sk-" + MIXED[:48], "sk-proj-" + MIXED[:80], "sk-ant-api03-" + MIXED[:90], "sk-or-v1-" + HEX[:64],
    "xai-" + MIXED[:80], "gsk_" + MIXED[:52], "fw_" + MIXED[:24], "tgp_v1_" + MIXED[:43], "hf_" + MIXED[:34],
    "AIza" + MIXED[:35], "AQ." + MIXED[:50], "ya29." + MIXED[:60], "GOCSPX-" + MIXED[:28], "pplx-" + MIXED[:48],
    "csk-" + LOWER[:48], "nvapi-" + MIXED[:64], "r8_" + MIXED[:37], HEX[:32] + "." + MIXED[:16],
    "LLM|" + "1234567890" + "|" + MIXED[:27], "dapi" + HEX[:32], "lsv2_pt_" + HEX[:32] + "_" + HEX[:10],
    "tvly-" + MIXED[:32], "AKIA" + "Q3EGRIABCD234567", "ASIA" + "Q3EGRIABCD234567", "ABSK" + MIXED[:100],
    "AccountKey=" + MIXED[:86] + "==", "ghp_" + MIXED[:36], "github_pat_" + MIXED[:22] + "_" + MIXED[:59],
    "glpat-" + MIXED[:20], "glrt-" + MIXED[:20], "GR1348941" + MIXED[:20], "xoxb-" + "123456789012-" + MIXED[:24],
    "xapp-1-" + "A0123456789-" + MIXED[:30], "https://hooks.slack.com/services/T0123ABCD/B0123ABCD/" + MIXED[:24],
    "sk_live_" + MIXED[:24], "rk_test_" + MIXED[:24], "whsec_" + MIXED[:32], "npm_" + MIXED[:36],
    "pypi-AgEIcHlwaS5vcmc" + MIXED[:70], "SG." + MIXED[:22] + "." + MIXED[:43], "SK" + HEX[:32],
    HEX[:32] + "-us12", "123456789:AA" + MIXED[:33], "M" + MIXED[:23] + "." + MIXED[:6] + "." + MIXED[:27],
    "sq0csp-" + MIXED[:43], "AKC" + MIXED[:40], "dckr_pat_" + MIXED[:27], "dop_v1_" + HEX[:64],
    "shpat_" + HEX[:32], "lin_api_" + MIXED[:40], "ntn_" + MIXED[:40], "hvs." + MIXED[:24],
    "AGE-SECRET-KEY-1" + "QP3Z" * 14,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    PEM.format("", "", "", ""), PEM.format("RSA ", "", "RSA ", ""), PEM.format("OPENSSH ", "", "OPENSSH ", ""),
    PEM.format("PGP ", " BLOCK", "PGP ", " BLOCK"), PEM.format("SSH2 ENCRYPTED ", "", "SSH2 ENCRYPTED ", ""),
    "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\nAAAAIE5\nPrivate-MAC: " + HEX[:64],
)  # fmt: skip
