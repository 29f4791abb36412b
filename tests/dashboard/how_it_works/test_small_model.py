"""A real model behind the page: how a text is put to it, what is remembered, and what is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
import streamlit as st

from dashboard.how_it_works import small_model
from dashboard.how_it_works.small_model import Small, asked, is_question
from prompts.core.targets import Target
from prompts.record.recorder import RecordError
from providers.adapters.token_alternatives import Candidate, Told
from providers.completion import Cost
from providers.config.connections import PRESETS
from providers.errors import Failure, failure
from providers.interface import Message, Request

TOLD = Told((Candidate(" Paris", 0.9), Candidate("", 0.1)), Cost("local"))


@dataclass
class Core:
    """An engine whose models say what they are told to say, in turn."""

    say: list[Any]
    asked: list[Request] = field(default_factory=list)

    @property
    def reach(self) -> Core:
        return self

    def next_words(self, _connection: object, request: Request, most: int) -> Any:
        assert most == 20
        self.asked.append(request)
        return self.say.pop(0)

    def call(self, said: Any) -> Any:
        if isinstance(said, Exception):
            raise said
        return said


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    held: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", held)
    return held


def model(*say: Any) -> tuple[Small, Core]:
    core = Core(list(say))
    return Small(core, PRESETS["builtin"], Target("builtin", "m")), core  # type: ignore[arg-type]


@pytest.mark.parametrize(("prompt", "question"), [
    ("What is it?", True), ("Tell me. ", True), ("Now!", True), ("The capital of France is", False), ("", False),
])  # fmt: skip
def test_a_text_with_an_end_is_answered_and_another_gone_on_with(prompt: str, question: bool) -> None:
    assert is_question(prompt) == question


def test_the_words_added_are_what_the_model_said_so_far() -> None:
    assert asked("m", "Where?", "").messages == (Message("user", "Where?"),)
    assert asked("m", "Where?", " In").messages == (Message("user", "Where?"), Message("assistant", " In"))
    assert asked("m", "The capital is ", " Paris").messages == (Message("assistant", "The capital is Paris"),)


def test_the_same_text_is_asked_for_once() -> None:
    small, core = model(TOLD, TOLD)
    assert small.following("The capital is", []) == small.following("The capital is", []) == TOLD
    small.following("The capital is", [" not"])
    assert [request.messages[0].text for request in core.asked] == ["The capital is", "The capital is not"]


def test_a_failure_is_told_and_asked_again() -> None:
    no = failure("local_unavailable", "no memory")
    small, _ = model(no, RecordError("nobody there"), TOLD)
    assert small.following("x", []) == no
    second = small.following("x", [])
    assert isinstance(second, Failure)
    assert second.message == "nobody there"
    assert small.following("x", []) == TOLD


def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch, session: dict[str, Any]) -> None:
    monkeypatch.setattr(small_model, "_REMEMBERED", 2)
    small, _ = model(*[TOLD] * 5)
    for text in "abcd":
        small.following(text, [])
    small.following("d", [])
    assert len(session["how-known"]) == 2
