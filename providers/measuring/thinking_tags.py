"""Finds thinking that a host leaves inside the answer text, between tags, so that it counts as thinking.

Owns the tags of model families and the rules by which a tag is one, rather than a word in the answer: an opening tag
counts only at the very beginning, a closing tag without an opening one only where tags usually are, and neither in code
or quotes. Open WebUI's block is read by `thinking_block.py`. Reads pieces cut anywhere. Pure: knows no clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from typing import Literal

from providers.interface import Delta, Moved
from providers.measuring import thinking_block

Found = Delta | Moved

_NAMES = ("think", "thinking", "thought", "thoughts", "reasoning", "seed:think", "mm:think", "longcat_think")
_PAIRS = (
    *((f"<{name}>", f"</{name}>") for name in _NAMES),
    ("[think]", "[/think]"),  # Magistral
    ("◁think▷", "◁/think▷"),  # Kimi
    ("<|think|>", "<|/think|>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|start_thinking|>", "<|end_thinking|>"),  # Cohere
    ("<unused94>thought", "<unused95>"),  # Gemma
    ("<|inner_prefix|>", "<|inner_suffix|>"),  # Apertus
    ("<|channel>thought", "<channel|>"),
    ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),  # harmony, of gpt-oss
    ("<|channel|>commentary<|message|>", "<|channel|>final<|message|>"),
)
_ANSWERS = ("<|begin_of_solution|>", "<|start_response|>", "<|channel|>final<|message|>")
_ENDS = ("<|end_of_solution|>", "<|end_response|>", "<|return|>", "<|end|>")
_BEFORE = r"(?:<\|end\|>)?(?:<\|start\|>assistant)?"  # what harmony puts before its channels
_STRIPPED = "assistantfinal"
"""What is left of harmony's tags if a server drops special tokens: `analysis…assistantfinal…`."""

_LONGEST = 80  # characters of a tag, including its attributes
_ATTRIBUTES = r"(?:\s[^<>]{0,60})?"


def _either(tags: tuple[str, ...]) -> str:
    """A pattern for any of the tags; those in plain angle brackets may have attributes."""
    return "|".join(
        re.escape(tag[:-1]) + _ATTRIBUTES + ">" if re.fullmatch(r"</?[\w:]+>", tag) else re.escape(tag)
        for tag in sorted(set(tags), key=len, reverse=True)
    )


_OPENING = re.compile(_BEFORE + f"(?:{_either(tuple(opening for opening, _ in _PAIRS))})", re.IGNORECASE)
_ANSWER = re.compile(_BEFORE + f"(?:{_either(_ANSWERS)})", re.IGNORECASE)
_CLOSING = re.compile(_BEFORE + f"(?:{_either(tuple(closing for _, closing in _PAIRS))})", re.IGNORECASE)
_END = re.compile("|".join(map(re.escape, _ENDS)), re.IGNORECASE)
_BEGUN = tuple(
    start + tag
    for tag in {*(tag for pair in _PAIRS for tag in pair), *_ANSWERS, *_ENDS}
    for start in (("", "<|start|>assistant", "<|end|>", "<|end|><|start|>assistant") if "channel|" in tag else ("",))
)
_FIRST = ("<", "[", "◁")
_QUOTES = "`\"'“”‘’«»"
# What follows a tag at the very beginning if the answer is about the tag itself.
_SPOKEN_OF = re.compile(r" +(?:is|are|was|and|or|tags?|tokens?|elements?|blocks?|means?|marks?|stands)\b")


class ThinkingTags:
    """Splits the text of one answer. `so_far` returns the answer text that was passed on."""

    def __init__(self, so_far: Callable[[], str]) -> None:
        self.found = False
        """Whether any thinking was found in tags."""
        self._so_far = so_far
        self._state: Literal["start", "thinking", "block", "answer"] = "start"
        self._held = ""
        self._may_close = True  # whether a closing tag may still show that everything before it was thinking
        self._stripped = self._sure = False

    @property
    def holding(self) -> bool:
        """Whether some text is held back until more arrives."""
        return bool(self._held)

    def wakes(self, text: str) -> bool:
        """Whether this piece has to be examined. Fast, and rarely true within an answer."""
        if self._state != "answer" or self._held or self._stripped:
            return True
        return (self._may_close or self.found) and ("<" in text or "[" in text or "◁" in text)  # fast `_FIRST`

    def read(self, text: str, *, final: bool = False) -> Iterator[Found]:
        """What one more piece of text is. `final`: nothing follows, so nothing is held back."""
        text, self._held = self._held + text, ""
        while text:
            before = self._state, text
            text = yield from self._next(text, final=final)
            if (self._state, text) == before:
                break
        self._held = text

    def _next(self, text: str, *, final: bool) -> Generator[Found, None, str]:
        """Read on in the present state; returns the text that has not been read."""
        if self._state == "start":
            return self._start(text, final=final)
        if self._state == "block":
            return (yield from self._block(text, final=final))
        return (yield from (self._thinking if self._state == "thinking" else self._answer)(text, final=final))

    def _start(self, text: str, *, final: bool) -> str:
        """Nothing of the answer has arrived: a tag may open it."""
        stripped = text.lstrip()
        if tag := _OPENING.match(stripped):
            rest = stripped[tag.end() :]
            if not final and re.fullmatch(r" +\w*|", rest):
                return text
            if _SPOKEN_OF.match(rest):
                self._may_close = False
            else:
                self._state, self.found, self._may_close = "thinking", True, False
                return rest
        elif tag := _ANSWER.match(stripped) or _CLOSING.match(stripped):
            self.found, self._may_close = True, False
            return stripped[tag.end() :].lstrip()
        elif (length := thinking_block.opened(stripped)) is not None and (length or not final):
            if not length:
                return text
            self._state, self.found, self._may_close = "block", True, False
            return stripped[length:]
        elif not final and (not stripped or _begins_a_tag(stripped)):
            return text
        self._state = "answer"
        self._stripped = "analysis".startswith(stripped[:8])
        return stripped if self.found else text

    def _thinking(self, text: str, *, final: bool) -> Generator[Found, None, str]:
        for tag in _CLOSING.finditer(text):
            if not _is_quoted(text[: tag.start()], text[tag.end() :]):
                if tag.start():
                    yield Delta("thinking", text[: tag.start()])
                self._state = "start"
                return text[tag.end() :].lstrip()
        safe = len(text) if final else _safe(text)
        if safe:
            yield Delta("thinking", text[:safe])
        return text[safe:]

    def _block(self, text: str, *, final: bool) -> Generator[Found, None, str]:
        while text and (line := thinking_block.line_in(text, final=final)) is not None:
            thought, length, closes = line
            text = text[length:]
            if thought:
                yield Delta("thinking", thought)
            if closes:
                self._state = "start"
                return text.lstrip()
        return text

    def _answer(self, text: str, *, final: bool) -> Generator[Found, None, str]:
        if self.found and (end := _END.search(text)):
            if end.start():
                yield Delta("text", text[: end.start()])
            return text[end.end() :]
        self._stripped = self._stripped and self._is_stripped(text)
        if self._stripped and (at := text.find(_STRIPPED)) >= 0:
            self._stripped = False
            yield from self._move(text[:at])
            return text[at + len(_STRIPPED) :].lstrip()
        if self._may_close and (tag := _CLOSING.search(text)):
            after = text[tag.end() :]
            if len(after) < 2 and not final:
                if tag.start():
                    yield Delta("text", text[: tag.start()])
                return text[tag.start() :]
            if self._closes(text[: tag.start()], after):
                yield from self._move(text[: tag.start()])
                return after.lstrip()
            self._may_close = False
        safe = len(text) if final else _safe(text, stripped=self._sure)
        if safe:
            yield Delta("text", text[:safe])
        return text[safe:]

    def _is_stripped(self, text: str) -> bool:
        """Whether the answer so far begins like harmony without its tags."""
        if self._sure:
            return True
        begun = (self._so_far()[:9] + text).lstrip()[:9]
        self._sure = re.fullmatch(r"analysis[A-Z]", begun) is not None
        return self._sure or (len(begun) < 9 and "analysis".startswith(begun))

    def _move(self, text: str) -> Iterator[Found]:
        if text:
            yield Delta("text", text)
        yield Moved()
        self._state, self.found, self._may_close = "start", True, False

    def _closes(self, before: str, after: str) -> bool:
        """Whether a closing tag without an opening one ends thinking,
        rather than being a word: decided by what is around it."""
        said = self._so_far() + before
        line = said.rpartition("\n")[2]
        if _OPENING.search(said) or said.count("```") % 2 or line.count("`") % 2 or _is_quoted(said, after):
            return False
        begins_line, breaks = not line.strip(), re.match(r"[ \t]*\r?\n", after)
        blank = re.match(r"[ \t]*\r?\n[ \t]*\r?(?:\n|$)", after)
        closely = not line[-1:].isspace() and (breaks is not None or re.match(r"[^\W_]|[*#]", after) is not None)
        return (begins_line and not re.match(r"[ ,.;:!?)]", after)) or blank is not None or closely


def _begins_a_tag(text: str) -> bool:
    """Whether `text` may be the beginning of a tag whose rest has not arrived."""
    if text[:1] not in _FIRST:
        return False  # the usual case
    told = text[:_LONGEST].lower()
    if any(tag.startswith(told) for tag in _BEGUN):
        return True
    return len(text) < _LONGEST and re.match(r"</?(?:\w+:)?\w*(?:\s[^<>]*)$", told) is not None and _named(told)


def _named(told: str) -> bool:
    return re.split(r"\s", told.lstrip("</"), maxsplit=1)[0] in _NAMES


def _safe(text: str, *, stripped: bool = False) -> int:
    """How many characters of `text` cannot be the beginning of a tag that continues in the next piece."""
    for at in range(max(0, len(text) - _LONGEST), len(text)):
        if text[at] in _FIRST and _begins_a_tag(text[at:]):
            return at
        if stripped and _STRIPPED.startswith(text[at:]):
            return at
    return len(text)


def _is_quoted(before: str, after: str) -> bool:
    return before[-1:] in _QUOTES and after[:1] in _QUOTES if before and after else False
