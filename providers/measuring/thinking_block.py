"""Reads the block in which Open WebUI puts thinking at the beginning of an answer:
`<details type="reasoning" …><summary>…</summary>`, lines that are quoted with `>` and escaped, `</details>`. Pure.
"""

from __future__ import annotations

import html
import re

_NAME = "<details"
_TAG = re.compile(r"<details(?=\s)[^<>]{0,200}?\stype=([\"']?)reasoning\1(?=[\s>])[^<>]{0,200}>\s*")
_SUMMARY = re.compile(r"<summary>[^<]{0,200}</summary>\s*")
_PART_OF_SUMMARY = re.compile(r"<summary>[^<]{0,200}(?P<end><[^>]{0,9})?")
_CLOSING = "</details>"


def opened(text: str) -> int | None:
    """How many characters at the beginning of `text` open the block; 0: more may be needed, `None`: they do not."""
    tag = _TAG.match(text)
    if tag is None:
        unfinished = _NAME.startswith(text) or (
            text.startswith(_NAME) and re.fullmatch(r"<details(\s[^<>]{0,400})?", text)
        )
        return 0 if unfinished else None
    if summary := _SUMMARY.match(text, tag.end()):
        return summary.end() if summary.end() < len(text) else 0  # more white space may follow
    rest = text[tag.end() :]
    if "<summary>".startswith(rest) or _PART_OF_SUMMARY.fullmatch(rest):
        return 0
    return tag.end()


def line_in(text: str, *, final: bool) -> tuple[str, int, bool] | None:
    """The first line of what is in the block: as it was thought, its length in `text`, and whether it ends the block.

    `None`: it has not arrived as a whole.
    """
    if text.startswith(_CLOSING):
        return "", len(_CLOSING), True
    line, end, _ = text.partition("\n")
    if not end and not final:
        return None
    closes = line.rstrip().endswith(_CLOSING)
    told = html.unescape(line.rstrip().removesuffix(_CLOSING) if closes else line)
    return re.sub(r"^> ?", "", told) + ("" if closes else end), len(line) + len(end), closes
