"""The page in process: it works without a key and a network, and asks a host only when told to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.engine import engine
from prompts.core.run_summaries import Filter
from providers.builtin import gguf
from tests.providers.adapters.test_token_alternatives import REFUSALS, chat, openai_first
from tests.wire.server import Reply, WireServer

PAGE = "app_pages/how_it_works.py"


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    """A compatible host: `plain` tells alternatives, `thinker` refuses to."""

    async def script(reply: Reply) -> None:
        if reply.received.json["model"] == "thinker":
            await reply.body(REFUSALS["chat"], status=400)
        else:
            await reply.json(chat(openai_first()))

    with WireServer(script) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-0123456789")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        yield server


def opened(app: AppTest, **session: object) -> AppTest:
    app.run()
    for key, value in session.items():
        app.session_state[key] = value
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    kinds = ("caption", "error", "warning", "markdown", "info")
    return " ".join(str(e.value) for kind in kinds for e in app.get(kind)).replace("\\", "")


def test_every_section_is_there_without_a_key(app: AppTest) -> None:
    opened(app)
    assert [heading.value for heading in app.subheader] == [
        "It predicts the next word", "Temperature and top-p", "Seed: chance that can be repeated",
        "Plausible is not true", "What training does", "The context window", "Images: diffusion in brief",
        "Five words, in order", "What follows from this",
    ]  # fmt: skip
    assert app.selectbox(key="how-model").value == "builtin:ngram-4"
    assert app.text_area(key="how-prompt").value == "What is a class?"


def test_the_prompt_of_compare_is_taken_over_until_another_is_typed(app: AppTest) -> None:
    opened(app, prompt="Is a list mutable?")
    assert app.text_area(key="how-prompt").value == "Is a list mutable?"
    app.text_area(key="how-prompt").set_value("Mine").run()
    app.switch_page("app_pages/compare.py").run()
    app.switch_page(PAGE).run()
    assert app.text_area(key="how-prompt").value == "Mine"


def test_chance_adds_a_word_and_undo_takes_it_away(app: AppTest) -> None:
    opened(app)
    app.button(key="how-draw").click().run()
    assert len(app.session_state["how-words"]) == 1
    app.button(key="how-draw").click().run()
    app.button(key="how-undo").click().run()
    assert len(app.session_state["how-words"]) == 1
    app.text_area(key="how-prompt").set_value("Another").run()
    assert app.session_state["how-words"] == []


def test_a_text_that_has_ended_cannot_go_on(app: AppTest) -> None:
    opened(app, **{"how-words": []})
    app.session_state["how-words"] = ["method", "<end>"]
    app.run()
    assert not app.exception
    assert app.button(key="how-draw").disabled
    assert not app.button(key="how-undo").disabled


def test_seeds_repeat_and_without_chance_all_agree(app: AppTest) -> None:
    opened(app)
    assert "6 draws by ngram-4, at most 16 words each: 5 different texts." in texts(app)
    app.segmented_control(key="how-seed-temperature").set_value(0.0).run()
    assert "1 different text." in texts(app)


def test_a_host_is_asked_once_and_only_by_the_button(app: AppTest, host: WireServer) -> None:
    opened(app, **{"how-model": "openai:plain"})
    assert "for one word" in texts(app)
    assert host.calls("/chat/completions") == []
    app.button(key="how-ask").click().run()
    assert not app.exception
    assert len(host.calls("/chat/completions")) == 1
    assert "Recomputed here from the 3 most probable" in texts(app)
    assert "This call: " in texts(app)
    app.slider(key="how-temperature").set_value(0.5).run()
    assert len(host.calls("/chat/completions")) == 1


def test_a_model_that_does_not_expose_them_says_so_in_the_vendors_words(app: AppTest, host: WireServer) -> None:
    opened(app, **{"how-model": "openai:thinker"})
    app.button(key="how-ask").click().run()
    assert "not exposed by openai:thinker. 'logprobs' is not supported with this model." in texts(app)


def test_anthropic_is_not_even_offered_a_button(app: AppTest) -> None:
    opened(app, **{"how-model": "anthropic:claude-sonnet-5-5"})
    assert "Anthropic does not expose next-word probabilities" in texts(app)
    assert "how-ask" not in [button.key for button in app.button]


def test_what_is_no_model_is_said_and_the_page_goes_on(app: AppTest) -> None:
    opened(app, **{"how-model": "nonsense"})
    assert not app.exception
    assert "'nonsense' is not a target" in texts(app)


def test_a_missing_key_is_a_sentence_with_what_to_do(app: AppTest) -> None:
    opened(app, **{"how-model": "groq:anything"})
    app.button(key="how-ask").click().run()
    assert not app.exception
    assert "GROQ_API_KEY" in texts(app)


@pytest.mark.skipif(gguf.shipped() is None, reason="the extra 'embedded' is not installed")
def test_a_real_model_is_looked_into_where_it_is_installed(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(gguf.SWITCH, "1")
    opened(app)
    assert app.selectbox(key="how-model").value == f"builtin:{gguf.SHIPPED}"
    assert app.text_area(key="how-prompt").value == "The capital of France is"
    assert "Real tokens and probabilities: smollm2-135m" in texts(app)
    assert "Recomputed here from the 20 most probable" in texts(app)
    assert "4 draws by smollm2-135m, at most 16 tokens each: 3 different texts." in texts(app)
    app.segmented_control(key="how-seed-temperature").set_value(0.0).run()
    assert "at most 16 tokens each: 1 different text." in texts(app)
    app.button(key="how-draw").click().run()
    assert len(app.session_state["how-words"]) == 1
    app.session_state["how-words"] = [" Paris", "<end>"]
    app.run()
    assert not app.exception
    assert app.button(key="how-draw").disabled
    archive = engine().archive
    assert archive is not None
    assert archive.count(Filter()) == 0
