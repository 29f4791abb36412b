"""The table of readers that are fuzzed, and what each is given."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import os
import tempfile
from functools import partial
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st
from openpyxl import Workbook

from dashboard.answer_grid.feed import _places
from dashboard.history.filters import FIELDS, filter_of
from prompts.core import share_link
from prompts.core.presets import Choice
from prompts.core.targets import Target
from prompts.exchange.formats import ImportFileError
from prompts.exchange.import_reader import found_runs
from prompts.exchange.packed import Beside, packed, source
from prompts.experiments import holes, plan_file
from prompts.experiments.case_files import read_cases, read_text
from prompts.experiments.cases import CasesError
from prompts.experiments.library.prompt import LibraryError
from prompts.experiments.library.prompt_file import read_version
from prompts.experiments.plan import PlanError
from prompts.experiments.promptfoo.importing import import_config
from prompts.experiments.report import jsonl as report
from prompts.experiments.report.contents import report_of
from prompts.history.archive import Archive
from prompts.record import database_url
from prompts.record.database import open_database
from prompts.record.database_errors import RecordError
from prompts.record.search_terms import terms
from providers.completion import Completion, Cost
from providers.config.configuration import load
from providers.errors import ProviderError
from providers.interface import Request
from providers.measuring.measure import complete
from providers.network import told_failures, vendor_errors
from providers.network.cleaning import Cleaner
from providers.network.event_lines import EventLines
from providers.network.exchange import Exchange
from providers.network.json_lines import JsonLines
from providers.network.stream_lines import Heard, Lines
from providers.registry import open_provider
from tests.fuzz.mutating import in_pieces, mutated, mutated_text
from tests.fuzz.readers import Reader, is_sentence
from tests.pictures import picture
from tests.prompts.exchange import recorded
from tests.prompts.experiments.asked_cells import asked
from tests.prompts.experiments.test_plan_file import FILES, PROVIDERS, WHOLE
from tests.prompts.samples import NOW
from tests.wire.dialects import DIALECTS, HELLO, Dialect
from tests.wire.failures import REFUSALS, TOLD
from tests.wire.server import WireServer

ROOT = Path(__file__).parents[2]
EVENTS = [b"".join(each.answer(HELLO, ["hm"])) for each in DIALECTS if each.content_type == "text/event-stream"]
LINES = [b"".join(each.answer(HELLO, ["hm"])) for each in DIALECTS if each.content_type != "text/event-stream"]
TEMPLATES = [file.read_bytes() for file in sorted((ROOT / "prompts/templates").glob("c*.toml"))]
CUTS = st.lists(st.integers(0, 10_000), max_size=5)


def _through(lines: Lines, pieces: list[bytes], encoding: str = "") -> bytes:
    """What an SDK is handed of an answer."""
    lines.heard = Heard()
    cleaner = Cleaner(Exchange(float), encoding)
    cleaned = [text for piece in pieces for text in cleaner.feed(piece)] + list(cleaner.feed(b"", final=True))
    return b"".join(lines.feed(text) for text in cleaned) + lines.feed(b"", final=True)


def _as_stream(kind: type[EventLines] | type[JsonLines], given: tuple[bytes, list[int]]) -> None:
    data, cuts = given
    whole = _through(kind(), [data])
    assert _through(kind(), in_pieces(data, cuts)) == whole, "how a network cuts an answer must not change it"


def _answered(dialect: Dialect, data: bytes) -> None:
    """Through the vendor's SDK, the adapter and the measurement."""

    async def ask() -> Completion:
        with WireServer() as server:
            server.routes[dialect.path] = lambda reply: reply.body(data, content_type=dialect.content_type)
            provider = open_provider(dialect.connect(server.url))
            try:
                return await complete(provider, Request.ask(dialect.model, "Hi"), price=lambda _: Cost("unknown"))
            finally:
                await provider.aclose()

    done = asyncio.run(ask())
    assert done.state != "complete" or done.text.strip(), "an answer without text is none"
    assert done.error is None or is_sentence(done.error.message), done.error


def _unpacked(given: tuple[str, bytes]) -> None:
    encoding, data = given
    cleaner = Cleaner(Exchange(float), encoding)
    for piece in in_pieces(data, [2_000, 7_000]):
        list(cleaner.feed(piece))
    list(cleaner.feed(b"", final=True))


def _refusal(given: tuple[int, dict[str, str], bytes]) -> None:
    status, headers, body = given
    assert vendor_errors.from_response(status, headers, body).message


def _configured(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "collate.toml")
        file.write_bytes(data)
        found = load({"COLLATE_CONFIG": str(file), "COLLATE_PRICES": os.devnull}, {})
    for said in found.mistakes:
        assert said.strip(), "a mistake is told in words"
        assert len(said) < 3000


def _of_the_plan(path: str) -> bytes:
    """As on a disk where nothing else is."""
    if path not in FILES:
        raise FileNotFoundError(2, "There is no such file", path)
    return FILES[path]


def _sheet() -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in (["text", "label", "n"], ["Hello", "yes", 1], ["007", "no", 2.5], ["", None, True]):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def _parquet() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"text": ["Hello", "007"], "label": ["yes", None], "n": [[1, 2], []]}), file)
    return file.getvalue()


def _zip_bomb() -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", 8, compresslevel=9) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(2**20))
    return file.getvalue()


def _picture_beside(put: Beside) -> bytes:
    """A line that names a file of the zip."""
    data = picture("PNG")
    digest = sha256(data).hexdigest()
    return json.dumps({"kind": "picture", "sha256": digest, "file": put(digest, data)}).encode() + b"\n"


def _of_zip(data: bytes) -> object:
    found = source(io.BytesIO(data))
    return list(found_runs(found.lines(), found.beside))


def _named(path: str) -> bytes:
    """What a file holds that a plan names."""
    return CASES[0] if path.endswith(".csv") else b"Say {{text}}"


CASES = (
    b"text,label\nHello,yes\n007,no\n", b'a\tb\n1\t"2\n3"\n', b'{"text": "Hello", "n": 1}\n{"text": "x", "n": [1]}\n',
    "täxt;läbel\nä;ö\n".encode("cp1252"), "text,b\nä,1\n".encode("utf-16"),
)  # fmt: skip
PROMPTFOO = b"""
description: Try
prompts:
  - "Say {{text}}"
  - id: file://p.txt
    label: b
providers: [openai:gpt-5.4, {id: 'anthropic:messages:claude-sonnet-5-5', config: {temperature: 0.2, max_tokens: 9}}]
defaultTest: &d
  assert: [{type: llm-rubric, value: is kind}]
tests:
  - vars: {text: [Hello, Bye], n: 1}
    assert:
      - type: contains
        value: '{{text}}'
        threshold: 0.5
      - {type: javascript, value: "output.length > 3"}
  - file://t.csv
scenarios: [{config: [{vars: {text: b}}], tests: [{description: x}]}]
evaluateOptions: {repeat: 2}
assertionTemplates: {x: {type: equals, value: 1}}
"""
CONFIGURATION = b"""
[providers.lab]
base_url = "http://127.0.0.1:9/v1"
label = "Lab"
headers = { x-team = "a" }
body = { seed = 1 }
[providers.openai]
base_url = "https://api.openai.com/v1"
[deadlines]
first_byte_s = 60
call_s = 600
[network]
proxy = "http://127.0.0.1:8080"
[record]
keep = "everything"
keep_days = 30
"""


def _exported() -> bytes:
    """Runs with everything that a run can have, as they leave a record."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/collate.db"
        asyncio.run(recorded.fill(url, 2))
        engine = open_database(url)
        try:
            return recorded.exported(Archive(engine))
        finally:
            engine.dispose()


RUNS = _exported()
PACKED = b"".join(packed(lambda put: [*RUNS.splitlines(keepends=True)[:1], _picture_beside(put)], NOW))
REPORT = report.as_jsonl(report_of(*asked("+- -!", "++ ~+")))
ADDRESSES = (
    "sqlite:////home/ada/collate.db", "sqlite:///file:/a/b?uri=true", "postgresql://ada:p%40ss@host:5432/collate?sslmode=x",
    "postgresql+psycopg://h/d", "mysql://a@b/c", "sqlite://", "://", "postgresql://[::1/x", "sqlite:///~nobody/x",
)  # fmt: skip
LINK = share_link.to_link(share_link.Shared("Hi", Choice((Target("openai", "gpt-5.4"),))))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["error", "message", "code", "status", "detail"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
CHOSEN = st.dictionaries(st.sampled_from(FIELDS), JSON | st.lists(st.text(max_size=5)) | st.dates(), max_size=5)
HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "retry-after-ms", "x-request-id", "x-ratelimit-reset"]),
    mutated_text("7", "Wed, 21 Oct 2026 07:28:00 GMT", "inf", "99999999999"), max_size=3,
)  # fmt: skip
NAMES = st.sampled_from(["a.csv", "a.tsv", "a.txt", "a.jsonl", "a.json", "a.parquet", "a.xlsx", "a.ods", "a"])
ENCODINGS = st.none() | st.sampled_from(["utf-8", "utf-16", "gb18030", "cp1254", "rot13", "idna", "nothing", "\0"])

READERS = (
    *(Reader(f"answers, {each.name}", mutated(b"".join(each.answer(HELLO, ["hm"])), noise=False),
             partial(_answered, each), share=0.2) for each in DIALECTS),
    Reader("stream of events", st.tuples(mutated(*EVENTS), CUTS), lambda given: _as_stream(EventLines, given)),
    Reader("stream of lines", st.tuples(mutated(*LINES), CUTS), lambda given: _as_stream(JsonLines, given)),
    Reader("packed bodies", st.tuples(st.sampled_from(["", "gzip", "deflate", "gzip, deflate", "br", "x"]),
           mutated(*(gzip.compress(each) for each in EVENTS))), _unpacked, (ProviderError,)),
    Reader("error responses", st.tuples(st.integers(300, 599), HEADERS, mutated(*(each.body for each in REFUSALS))),
           _refusal),
    Reader("told failures", JSON | st.sampled_from([each.document for each in TOLD]), told_failures.failure_in),
    Reader("runs, JSON Lines", mutated(RUNS), lambda data: list(found_runs(io.BytesIO(data))), (ImportFileError,)),
    Reader("runs, zip", mutated(PACKED, _zip_bomb(), noise=False), _of_zip, (ImportFileError,),
           share=0.5),
    Reader("cases, text", st.tuples(mutated(*CASES), NAMES, ENCODINGS), lambda given: read_cases(*given),
           (CasesError,)),
    Reader("cases, Excel", mutated(_sheet(), _zip_bomb(), noise=False), lambda data: read_cases(data, "a.xlsx"),
           (CasesError,), share=0.1),
    Reader("cases, Parquet", mutated(_parquet(), noise=False), lambda data: read_cases(data, "a.parquet"),
           (CasesError,)),
    Reader("cases, pasted", mutated_text(*(each.decode("utf-8", "replace") for each in CASES)), read_text,
           (CasesError,)),
    Reader("promptfoo", mutated(PROMPTFOO), lambda data: import_config(data, "x.yaml", _named, ["openai"]),
           (PlanError,)),
    Reader("experiment files", mutated_text(WHOLE),
           lambda text: plan_file.loads(text, PROVIDERS, _of_the_plan, _wording), (PlanError,)),
    Reader("experiment reports", mutated(REPORT), report.loads, (report.ReportError,)),
    Reader("prompt files", mutated(*TEMPLATES),
           lambda data: read_version(data, "classify", "classify.toml", own=True), (LibraryError,)),
    Reader("holes", st.tuples(mutated_text("Say {{text}} and {{ label }} {{{x}}}"), st.text(max_size=9)),
           lambda given: holes.fill(given[0], {"text": given[1], "label": "{{text}}"}), (holes.HoleError,)),
    Reader("share links", mutated_text(LINK), share_link.from_link, (share_link.ShareError,)),
    Reader("places in a stream", mutated_text("0.1.2,3.4.5"), lambda text: _places(text, 4)),
    Reader("filters in an address", st.tuples(CHOSEN, st.text(max_size=20)),
           lambda given: (filter_of(given[0], given[1], "ada"), terms(given[1]))),
    Reader("database addresses", mutated_text(*ADDRESSES),
           lambda url: (database_url.place(url), database_url.parsed(url)), (RecordError,)),
    Reader("collate.toml", mutated(CONFIGURATION), _configured),
)  # fmt: skip


def _wording(text: str) -> plan_file.Wording:
    return plan_file.Wording(text, "Say {{text}}")
