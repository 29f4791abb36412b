"""Names that tell who wrote an answer are masked, and ordinary words are not."""

import pytest

from prompts.analysis.self_naming import HIDDEN, masked, sources

GIVES_AWAY = [
    "As Claude, I cannot do that.", "I'm Claude, made by Anthropic.", "I am Gemini.", "My name is Grok",
    "I am a large language model, trained by Google.", "I'm a language model from Meta.", "ChatGPT here!",
    "Chat**GPT** here", "C\u200bhatGPT", "ＣｈａｔＧＰＴ", "gpt4o", "GPT‑4o mini", "GPT 5", "Claude 3.5 Sonnet",
    "Gemini 2.5 Pro", "Llama 3.3 70B", "Llama-4-Scout", "see https://chat.openai.com", "— Claude", "Gemini: Sure!",
    "I'm DeepSeek-V3.", "我是通义千问，由阿里云开发。", "Ich bin ein Sprachmodell von Google.", "claude-opus-4",
    "Je suis un modèle entraîné par Mistral.", "Soy un modelo de lenguaje de Meta.", "Я модель от Google.",
    "I was trained by OPENAI", "Mixtral 8x7B answers", "Best regards,\nClaude", "**Claude**", "As Gemini, an AI one",
]  # fmt: skip
NAMES = "claude gemini gpt openai google meta llama grok mistral 千问 deepseek anthropic".split()


@pytest.mark.parametrize("text", GIVES_AWAY)
def test_a_name_that_tells_who_wrote_it_is_masked(text):
    found = masked(text)
    assert found.gave_away
    assert HIDDEN in found.text
    left = found.text.replace(HIDDEN, "").lower()
    assert not [word for word in NAMES if word in left]


@pytest.mark.parametrize(
    "text",
    [
        "Claude Monet painted water lilies.", "As Claude Monet said, light is everything.", "A llama lives in Peru.",
        "Android is made by Google.", "The mistral blows cold.", "Gemini is the third sign of the zodiac.",
        "I searched it on Google.", "As Google announced, it ends.", "A haiku has three lines.", "An opus in C minor.",
        "Read the meta description.", "The palm of my hand", "Command R is a letter on the keyboard"[:7], "",
    ],
)  # fmt: skip
def test_ordinary_words_stay(text):
    assert masked(text) == (type(masked(text)))(text, False)


def test_names_in_the_prompt_are_no_secret_but_whoever_says_i_am_still_tells():
    asked = "Is Claude better than ChatGPT by OpenAI?"
    assert not masked("ChatGPT by OpenAI is well known.", prompt=asked).gave_away
    found = masked("ChatGPT is. I am Claude myself, and GPT-4o is too.", prompt=asked)
    assert found.text == f"ChatGPT is. I am {HIDDEN} myself, and {HIDDEN} is too."


def test_the_models_that_are_compared_are_masked_as_their_providers_spell_them():
    models = ["ngram-3", "hf.co/acme/zebra_7b:q4", "quick"]
    found = masked("zebra-7b and Zebra 7B beat ngram 3; that was quick. I am Quick.", compared=models)
    assert found.text == f"{HIDDEN} and {HIDDEN} beat {HIDDEN}; that was quick. I am {HIDDEN}."


def test_what_is_masked_tells_no_length_and_what_is_around_stays_word_for_word():
    short, long = masked("It is GPT-4, *truly*…"), masked("It is GPT-4o mini preview, *truly*…")
    assert short.text == long.text == f"It is {HIDDEN}, *truly*…"


def test_the_words_name_their_sources():
    assert any("FastChat" in each for each in sources())
    assert len(sources()) == 3


@pytest.mark.parametrize("text", ["gpt-" * 5_000, "I am a model. " * 5_000, "llama 1.1" * 5_000, "a.b" * 20_000])
def test_a_long_odd_text_is_read_once(text):
    assert len(masked(text).text) > 0
