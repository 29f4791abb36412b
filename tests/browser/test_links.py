"""Links of answers as they are drawn, compared with where the browser would go."""

from __future__ import annotations

import random
import re

import pytest
from playwright.sync_api import Page

from dashboard.exports.html_report import report
from providers.config.connections import PRESETS
from tests.dashboard.conftest import MakeAnswer
from tests.dashboard.conftest import answer as answer
from tests.runs import run_of

# What is drawn of each link in the order in which eyes meet it, and the host that a click would go to.
_DRAWN = """
() => {
  const drawn = (node) => {
    const seen = [], walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let text; (text = walk.nextNode()); )
      for (let i = 0; i < text.length; i++) {
        const range = new Range();
        range.setStart(text, i);
        range.setEnd(text, i + 1);
        const box = range.getClientRects()[0];
        if (box?.width) seen.push([Math.round(box.top / 4), box.left, text.data[i]]);
      }
    return seen.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((each) => each[2]).join("");
  };
  return [...document.querySelectorAll(".answer a")].map((link) => {
    const chip = link.nextSibling?.textContent === " " ? link.nextElementSibling : null;
    return {
      href: link.getAttribute("href"), scheme: link.protocol, host: link.hostname, mailbox: link.pathname,
      text: drawn(link), chip: chip?.matches(".host") ? drawn(chip) : null,
    };
  });
}
"""
_CONTROLS = [chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200F, 0x061C, 0xAD, 0x2060, 9)]
_NAMES = ["bank.example", "evil.example", "xn--80ak6aa92e.com", "\u0430bc.example", "\u05d0\u05d1.example", "[::1]"]
_NUMBERS = ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "\uff11\uff12\uff17.0.0.1", "1.2.3", "0x7f"]
_JOINTS = [
    ".", ".", "@", "%2e", "%40", "%2f", "%5c", "\\", "\\\\", "/", ":", ":443", ":443@", "#", "?", ";", ",", "\u3002",
    "\uff0e", "\uff0f", "\uff20", "\u2044", "&#9;", "&Tab;", "&#x202e;", "&shy;", "|", "*", "%00", "%09", "&nbsp;", "-",
]  # fmt: skip
_BEFORE = [
    *["https://"] * 6,
    "http://", "HTTPS://", "https:/", "https:", "https:\\\\", "https:///", "//", "mailto:", "", "/\\",
]  # fmt: skip
_AFTER = [
    "", "/", "/bank.example", "?@bank.example", "?bcc=a@evil.example", "#@bank.example", ".", "./", " 'bank.example'",
]  # fmt: skip
_FORMS = [
    "[{text}]({to})", "[{text}](<{to}>)", "<{to}>", "[**{text}**]({to})", "| [{text}]({to}) |\n|-|",
    "\u05d0 [{text}]({to})",
]  # fmt: skip


def _written(pick: random.Random) -> str:
    text = pick.choice([_address(pick), *_NAMES]) + pick.choice(["", *_CONTROLS])
    return pick.choice(_FORMS).format(text=text, to=_address(pick))


def _address(pick: random.Random) -> str:
    """One place or several, joined as nobody would; half of what is written is a link."""
    places = pick.choices(_NAMES + _NUMBERS, k=pick.choice((1, 1, 2, 3)))
    joined = "".join(place + pick.choice(_JOINTS + _CONTROLS) for place in places[:-1]) + places[-1]
    return pick.choice(_BEFORE) + joined + pick.choice(_AFTER)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_written_what_is_drawn_of_a_link_is_where_the_browser_goes(
    page: Page, answer: MakeAnswer, seed: int
) -> None:
    pick = random.Random(seed)
    text = "\n\n".join(_written(pick) for _ in range(400))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(report(run_of("Why?", [answer(text=text)]), PRESETS))
    links = page.evaluate(_DRAWN)
    assert len(links) > 30
    assert asked == [], "nothing is fetched by looking"
    for link in links:
        place = link["mailbox"] if link["scheme"] == "mailto:" else link["host"]
        of_it = re.fullmatch(rf"(https?://|mailto:)?{re.escape(place)}([/?#].*)?", link["text"], re.ASCII | re.DOTALL)
        assert place or link["scheme"] == ":", link  # an address that is none leads nowhere
        assert not place or link["chip"] == place or (link["chip"] is None and of_it), link
