"""The forms of keys: one table, for removing them from messages and for warning before they are sent.

Pure. Owns the forms, one row per vendor. The general ones follow detect-secrets 1.5.0 (its detectors without entropy);
model hosts are added from their documentation. A key without a form of its own (32 hex digits, say) is not here: it is
known by being configured, or by what precedes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of some vendors' keys."""

    whose: str
    pattern: str
    """A regular expression for the secret part, without its edges; linear in time, whatever the text."""
    random: bool = True
    """Whether it looks random: without a digit it is a word in prose. `False`: its beginning is specific enough."""


SHAPES: tuple[Shape, ...] = (
    Shape("OpenAI, Anthropic, OpenRouter, DeepSeek, Moonshot", r"sk-[A-Za-z0-9_-]{16,}+"),
    Shape("xAI", r"xai-[A-Za-z0-9_-]{16,}+"),
    Shape("Groq", r"gsk_[A-Za-z0-9]{16,}+"),
    Shape("Fireworks", r"fw_[A-Za-z0-9]{16,}+"),
    Shape("Together", r"tgp_v\d_[A-Za-z0-9_-]{16,}+"),
    Shape("Hugging Face", r"hf_[A-Za-z0-9]{16,}+"),
    Shape("Google", r"AIza[A-Za-z0-9_-]{20,}+|AQ\.[A-Za-z0-9_-]{30,}+|ya29\.[A-Za-z0-9_-]{20,}+|GOCSPX-[\w-]{20,}+"),
    Shape("Perplexity", r"pplx-[A-Za-z0-9]{20,}+"),
    Shape("Cerebras", r"csk-[A-Za-z0-9]{20,}+"),
    Shape("NVIDIA", r"nvapi-[A-Za-z0-9_-]{20,}+"),
    Shape("Replicate", r"r8_[A-Za-z0-9]{20,}+"),
    Shape("Zhipu", r"[0-9a-f]{32}\.[A-Za-z0-9]{16}(?![A-Za-z0-9])"),
    Shape("Meta", r"LLM\|\d{6,20}\|[A-Za-z0-9_-]{16,}+"),
    Shape("Databricks", r"dapi[0-9a-f]{32}(?:-\d)?"),
    Shape("LangSmith", r"lsv2_[a-z]{2}_[0-9a-f_]{32,}+"),
    Shape("Tavily", r"tvly-[A-Za-z0-9-]{16,}+"),
    Shape("AWS", r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])|ABSK[A-Za-z0-9+/]{40,}+=*+"),
    Shape("Azure", r"(?<=AccountKey=)[A-Za-z0-9+/]{80,}+=*+"),
    Shape("GitHub", r"gh[pousr]_[A-Za-z0-9]{30,}+|github_pat_[A-Za-z0-9_]{22,}+"),
    Shape("GitLab", r"gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-[A-Za-z0-9_-]{20,}+|GR1348941[A-Za-z0-9_-]{20,}+"),
    Shape("Slack", r"xox[abeoprs]-[A-Za-z0-9-]{10,}+|xapp-\d-[A-Za-z0-9-]{10,}+"),
    Shape("Slack", r"(?<=hooks\.slack\.com/services/)T\w{6,}+/B\w{6,}+/\w{16,}+", random=False),
    Shape("Stripe", r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}+|whsec_[A-Za-z0-9+/]{20,}+=*+"),
    Shape("npm", r"npm_[A-Za-z0-9]{20,}+"),
    Shape("PyPI", r"pypi-[A-Za-z0-9_-]{40,}+"),
    Shape("SendGrid", r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    Shape("Twilio", r"SK[0-9a-f]{32}(?![A-Za-z0-9])"),
    Shape("Mailchimp", r"[0-9a-f]{32}-us\d{1,2}(?!\d)"),
    Shape("Telegram", r"\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"),
    Shape("Discord", r"[MNO][A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}(?![A-Za-z0-9_-])"),
    Shape("Square", r"sq0(?:csp|atp|idp)-[A-Za-z0-9_-]{22,}+"),
    Shape("Artifactory", r"AKC[A-Za-z0-9]{20,}+"),
    Shape("Docker", r"dckr_pat_[A-Za-z0-9_-]{20,}+"),
    Shape("DigitalOcean", r"do[opr]_v1_[0-9a-f]{40,}+"),
    Shape("Shopify", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    Shape("Linear", r"lin_api_[A-Za-z0-9]{20,}+"),
    Shape("Notion", r"ntn_[A-Za-z0-9]{20,}+"),
    Shape("HashiCorp Vault", r"hv[sbr]\.[A-Za-z0-9_-]{20,}+"),
    Shape("age", r"AGE-SECRET-KEY-1[A-Z0-9]{30,}+"),
    Shape("JSON Web Token", r"eyJ[A-Za-z0-9_-]{10,}+\.eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{10,}+", random=False),
    Shape(
        "a private key",
        r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S])*+"
        r"(?:-----END [A-Z0-9 ]{1,60}-----)?",
        random=False,
    ),
    Shape(
        "a private key of PuTTY",
        r"PuTTY-User-Key-File-\d:(?:(?!Private-(?:MAC|Hash):)[\s\S])*+(?:Private-(?:MAC|Hash): [0-9a-f]{1,128})?",
        random=False,
    ),
)

_EDGE = r"(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
"""Where a key may begin: not inside a word, but directly after a character written as %0A or \\n."""


def any_of(shapes: Iterable[Shape]) -> re.Pattern[str]:
    """Matches any of these forms, in one pass over a text."""
    return re.compile(_EDGE + "(?:" + "|".join(shape.pattern for shape in shapes) + ")")


ANY = any_of(SHAPES)

IN_CONTEXT: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"(?i)(?P<before>(?<![a-z])(?:x-(?:goog-)?api-key|api-key|(?:proxy-)?authorization)[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
        r"(?:basic |bearer )?)(?P<secret>[^\s\"',;]{4,})"
    ),
    re.compile(r"(?i)(?P<before>(?<![a-z0-9])bearer )(?P<secret>(?=\S*\d|\S{20})[A-Za-z0-9._~+/=-]{8,})"),
    re.compile(r"(?P<before>[?&](?:api_?)?key=)(?P<secret>[^&\s\"']+)"),
    re.compile(r"(?P<before>://)(?P<secret>[^/\s:@]{0,200}:[^/\s@]{1,200})(?=@)"),
)
"""Secrets recognised by what precedes them: a header, `Bearer`, `?key=`, `user:password@` in an address."""
