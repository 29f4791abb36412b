"""Chat Completions: thinking where hosts put it inside the answer."""

from __future__ import annotations

from tests.wire.reported.chat import ch, sse, us
from tests.wire.reported.row import Piece, Reported

BLOCK = (
    '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n'
    "> Hm, 2 < 3.\n> Let me see.\n</details>\n"
)
ESCAPED = BLOCK.replace("> Hm, 2 <", "&gt; Hm, 2 &lt;").replace("> Let", "&gt; Let")
BARE = '<details type="reasoning" done="true">\nHm, 2 < 3.\nLet me see.\n</details>\n'
CODE = f"```html\n{BLOCK}```\nThat is how it looks."
OTHER = "<details><summary>More</summary>\nx\n</details>\nYes."


def pieces(text: str) -> list[Piece]:
    """The text in pieces of five characters."""
    return sse(*(ch(text[at : at + 5]) for at in range(0, len(text), 5)), ch("", "stop"), us())


ROWS = (
    *(
        Reported(f"Open WebUI's block of thinking, {name}", pieces(block + "It is 4."), "complete", "It is 4.",
                 "Hm, 2 < 3.\nLet me see.\n", flags=("thinking_in_tags",))
        for name, block in (("quoted", BLOCK), ("escaped", ESCAPED), ("bare", BARE))
    ),
    *(
        Reported(f"text with {name}", pieces(text), "complete", text)
        for name, text in (("such a block in code", CODE), ("a block of another kind", OTHER))
    ),
    Reported(
        "a signature of Gemini between two pieces",
        sse(ch("Hi "), ch(extra_content={"google": {"thought_signature": "AAA"}}), ch("there.", "stop")),
        "complete", "Hi there.",
    ),
    Reported(
        "thinking that Gemini marks beside it",
        sse(ch("<thought>Hm.", extra_content={"google": {"thought": True}}), ch("</thought>Hi.", "stop")),
        "complete", "Hi.", "Hm.",
    ),
)  # fmt: skip
