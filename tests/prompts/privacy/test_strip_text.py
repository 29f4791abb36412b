"""Where only figures are kept, no text that anybody wrote is in any byte of the record; the figures are."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from prompts.asking.runner import NotKeptError, Runner
from prompts.core.conversation import edited, follow_up
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.history.archive import Archive
from prompts.privacy import strip_text
from prompts.record import text_buffer
from prompts.record.recorder import Recorder
from prompts.record.restore import from_record
from providers.catalogue.pricing import Pricer
from providers.config.configuration import Configuration
from providers.config.connections import Connection
from providers.config.deadlines import Deadlines
from providers.config.keep_rules import Keeps, RecordRules
from providers.interface import Attachment, Message, Settings
from tests.patience import until
from tests.prompts.samples import FAILED, FULL, SETTINGS
from tests.runs import started, with_cell
from tests.wire.openai_chat import answer as chat_answer
from tests.wire.openai_chat import error_body
from tests.wire.server import Reply, WireServer

PLANTED = "planted"
"""Begins every word that a person, a file, a model or a vendor wrote."""
ASKED = Settings(f"{PLANTED}system", 0.5, stop=(f"{PLANTED}stop",), max_output_tokens=30)


async def script(reply: Reply) -> None:
    """Model `good` answers, `bad` is refused in words that quote the prompt, `slow` begins and never ends."""
    model = reply.received.json["model"]
    if model == "bad":
        await reply.body(error_body(f"bad word: {reply.received.body.decode()}", param=f"{PLANTED}param"), 400)
        return
    whole = chat_answer([f"{PLANTED}answer ", "two"], thoughts=[f"{PLANTED}thinking"])
    if model == "good":
        await reply.stream(whole)
    else:
        await reply.stream(whole[:3], end=False)
        await reply.stall()


@pytest.fixture
async def recorder(record_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Recorder]:
    monkeypatch.setattr(text_buffer, "FLUSH_S", 0.0)  # whatever is written, what has arrived is written before it
    recorder = await Recorder.open(record_url)
    yield recorder
    await recorder.close()


def everything(recorder: Recorder, folder: Path) -> bytes:
    """All that is on record: every byte of SQLite's files, every row of PostgreSQL's tables."""
    engine = recorder.database
    if engine.dialect.name == "sqlite":
        return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    with engine.begin() as connection:
        rows = [connection.scalars(sa.text(f'SELECT t::text FROM "{table}" t')).all()  # noqa: S608
                for table in sa.inspect(connection).get_table_names()]  # fmt: skip
    return json.dumps(rows).encode()


def asking(keeps: Keeps, *models: str) -> Run:
    targets = [Target("host", model, ASKED) for model in models]
    files = (Attachment("notes.txt", "text/plain", f"{PLANTED}file".encode()),)
    run = started(f"{PLANTED}prompt", targets, settings=ASKED, keeps=keeps)
    before = (Message("user", f"{PLANTED}before", files), Message("assistant", f"{PLANTED}reply"))
    for number in range(len(models)):
        run = with_cell(run, number, history=before)
    return run


class Asked:
    """A runner on one host that says what `script` says."""

    def __init__(self, server: WireServer, recorder: Recorder | None, keep: Keeps = "everything") -> None:
        self.connections = {"host": Connection("host", "openai", "Host", f"{server.url}/v1", needs_key=False)}
        setup = Configuration(self.connections, Deadlines(), Path("none"), Path("none"), RecordRules(keep))
        self.runner = Runner(setup, Pricer(self.connections), recorder)

    async def __call__(self, run: Run) -> None:
        await self.runner.begin(run, self.connections)
        await self.runner.ask(run, self.connections)


async def test_figures_are_kept_and_every_text_is_not(recorder: Recorder, tmp_path: Path) -> None:
    run = asking("figures", "good", "bad")
    with WireServer(script) as server:
        asked = Asked(server, recorder)
        await asked(run)
        live = run.live[0]
        live.begin()
        await asked.runner.retry(run, live, asked.connections)  # what was answered first moves to its attempt
        await asked.runner.aclose()
    assert PLANTED in "".join(run.answers[0].text_parts)
    assert PLANTED in run.answers[1].completion.error.message
    assert PLANTED.encode() not in everything(recorder, tmp_path)
    stored = recorder.load_run(run.id)
    assert (stored.keeps, stored.prompt, stored.attachments) == ("figures", "", ())
    good, bad = stored.completions
    asked_last = run.answers[0].completion
    left = strip_text.of_completion(asked_last)
    assert good.completion == replace(left, attempts=good.completion.attempts)
    assert [attempt.number for attempt in good.completion.attempts] == [1, 2]
    assert (good.completion.usage, good.completion.timings) == (asked_last.usage, asked_last.timings)
    assert good.settings == Settings(temperature=0.5, max_output_tokens=30)
    assert len(good.earlier) == 1
    assert good.earlier[0].cost == run.answers[0].spent[0]
    assert (bad.completion.error.kind, bad.completion.error.message) == ("bad_request", strip_text.UNSAID)


async def test_what_streams_is_not_kept_either_and_the_intent_is(recorder: Recorder, tmp_path: Path) -> None:
    run = asking("figures", "slow")
    with WireServer(script) as server:
        asked = Asked(server, recorder)
        asking_ = asyncio.create_task(asked(run))
        await until(lambda: run.answers[0].text_parts)
        await recorder.save_choice("Another", strip_text.of_choice(_choice()))  # something is written
        assert recorder.load_run(run.id).completions[0].state == "sent"
        assert PLANTED.encode() not in everything(recorder, tmp_path)
        asked.runner.stop(run.live[0])
        await asking_
        await asked.runner.aclose()
    stored = recorder.load_run(run.id).completions[0]
    assert (stored.state, stored.text) == ("cancelled", "")
    assert PLANTED.encode() not in everything(recorder, tmp_path)


async def test_the_same_run_kept_whole_is_found_by_that_search(recorder: Recorder, tmp_path: Path) -> None:
    """Else the two tests before would prove nothing."""
    run = asking("everything", "good", "bad")
    with WireServer(script) as server:
        asked = Asked(server, recorder)
        await asked(run)
        await asked.runner.aclose()
    found = everything(recorder, tmp_path)
    for word in ("prompt", "system", "stop", "before", "reply", "answer", "thinking", "param"):
        assert f"{PLANTED}{word}".encode() in found, word


async def test_a_run_of_which_nothing_is_kept_is_asked_and_never_on_record(recorder: Recorder, tmp_path: Path) -> None:
    run = asking("nothing", "good", "bad")
    with WireServer(script) as server:
        asked = Asked(server, recorder)
        await asked(run)
        await asked.runner.aclose()
    assert [answer.state for answer in run.answers] == ["complete", "failed"]
    assert [answer.note for answer in run.answers] == [None, None]
    assert recorder.load_run(run.id) is None
    assert PLANTED.encode() not in everything(recorder, tmp_path)
    assert Archive(recorder.database).extent().runs == 0


@pytest.mark.parametrize(
    ("wanted", "rule", "kept"), [("everything", "figures", "figures"), ("nothing", "figures", "nothing")]
)
async def test_a_run_keeps_no_more_than_the_rule_allows(
    recorder: Recorder, wanted: Keeps, rule: Keeps, kept: Keeps
) -> None:
    with WireServer(script) as server:
        asked = Asked(server, recorder, rule)
        run = asked.runner.start(asking(wanted, "good"))
        await asked(run)
        await asked.runner.aclose()
    assert run.keeps == kept
    assert (recorder.load_run(run.id) is not None) == (kept == "figures")


async def test_what_came_back_without_its_text_is_not_asked_again(recorder: Recorder) -> None:
    run = asking("figures", "good")
    with WireServer(script) as server:
        asked = Asked(server, recorder)
        await asked(run)
        assert not run.textless
        stored = from_record(recorder.load_run(run.id))
        assert stored.textless
        assert stored.keeps == "figures"
        for ask in (asked.runner.begin(stored, asked.connections), asked.runner.finish(stored, stored.answers, {})):
            with pytest.raises(NotKeptError, match="cannot be asked again"):
                await ask
        with pytest.raises(ValueError, match="The text of this run was not saved"):
            edited(stored, "Something else?")
        await asked.runner.aclose()
        assert len(server.requests) == 1


async def test_what_comes_out_of_a_run_keeps_no_more_than_it(recorder: Recorder) -> None:
    run = asking("figures", "good")
    with WireServer(script) as server:
        asked = Asked(server, recorder)
        await asked(run)
        await asked.runner.aclose()
    assert follow_up(run, "And then?").keeps == "figures"
    assert edited(run, "Otherwise?").keeps == "figures"


async def test_a_run_without_text_teaches_no_forecast_how_long_prompts_are(recorder: Recorder) -> None:
    run = asking("figures", "good")
    run = with_cell(run, 0, history=())
    with WireServer(script) as server:
        asked = Asked(server, recorder)
        await asked(run)
        await asked.runner.aclose()
    (past,) = recorder.output_history()["host", "good"]
    assert past.output_tokens
    assert past.characters is None


async def test_the_record_says_who_asked(recorder: Recorder) -> None:
    run, nobody = asking("everything", "good"), asking("everything", "good")
    run = replace(run, person="ada@example.com")
    for each in (run, nobody):
        await recorder.begin_run(each)
    assert recorder.load_run(run.id).person == "ada@example.com" == from_record(recorder.load_run(run.id)).person
    assert (recorder.load_run(nobody.id).person, from_record(recorder.load_run(nobody.id)).person) == (None, "")


def test_nothing_else_is_taken_from_a_completion() -> None:
    left = strip_text.of_completion(replace(FULL, error=FAILED.error))
    assert replace(left, text=FULL.text, thinking=FULL.thinking, error=None) == FULL
    assert left.error == replace(FAILED.error, message=strip_text.UNSAID, parameter=None)


def test_settings_lose_only_their_words() -> None:
    assert strip_text.of_settings(SETTINGS) == replace(SETTINGS, system=None, stop=())
    choice = strip_text.of_choice(_choice())
    assert [target.settings for target in choice.targets] == [Settings(temperature=0.5, max_output_tokens=30)] * 2
    assert choice.settings == Settings(temperature=0.5, max_output_tokens=30)


def _choice():
    from prompts.core.presets import Choice

    return Choice((Target("host", "good", ASKED), Target("host", "bad", ASKED)), ASKED)
