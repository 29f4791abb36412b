"""Reads a file of JSON Lines, line by line, trusting nothing in it.

Owns the bounds and the order of lines. Yields runs as rows that the record can store as they are; raises
`ImportFileError`, which names the line, for anything foreign, newer, damaged, truncated or beyond bounds. Fetches
nothing, executes nothing, and never holds more than one run in memory.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from typing import Any, NoReturn, cast

import sqlalchemy as sa

from prompts.core.decision import checked, evidence_from
from prompts.core.drawn import Kept, PictureError, kept, renamed
from prompts.core.fitting import MisfitError, quoted
from prompts.core.unpacked import Content, Lines, nothing
from prompts.exchange import strict_json
from prompts.exchange.formats import FOREIGN, ImportFileError
from prompts.exchange.import_found import Found, over
from prompts.exchange.import_validation import cell
from prompts.exchange.jsonl import FORMAT, NOT_TOLD, PARTS
from prompts.exchange.otel_names import file_name_of
from prompts.record.decision_tables import decisions
from prompts.record.run_rows import CompletionRows, Row
from prompts.record.schema import completions, experiments, runs
from prompts.record.vote_tables import ballots, reveals, votes

LONGEST_LINE = 64_000_000
"""In bytes."""
LARGEST_FILE = 32_000_000
"""In bytes, for one attachment."""
LARGEST_RUN = 500_000_000
"""In bytes, for its lines and those of what it refers to."""
LARGEST_FRAME = 4_000_000
"""In bytes, for a line without the contents of its strings: three bytes of JSON can become an object of a hundred."""
MOST_COMPLETIONS = 20_000
"""In one run."""
MOST_PARTS = 1_000
"""The most attempts of one answer; also the most ratings, notes and tags."""


def found_runs(file: Lines, beside: Content = nothing) -> Iterator[Found]:
    """The runs, ballots and decisions of the file, one at a time.

    `beside`: the pictures next to it. Raises `ImportFileError`.
    """
    reader = _Reader(file, beside)
    reader.begin()
    yield from reader.runs()


class _Reader:
    def __init__(self, file: Lines, beside: Content) -> None:
        self._file, self._beside, self._line, self._made_by = file, beside, 0, ""
        self._digests = set[str]()
        self._pictures = dict[str, Kept]()
        """By the digests used in the file; without their contents."""
        self._runs = self._completions = self._ballots = self._decisions = 0
        self._takes: Mapping[str, Callable[[Found, dict[str, Any]], None]] = {
            "attachment": self._attachment, "picture": self._picture, "experiment": self._experiment,
            "completion": self._completion,
            "ballot": self._ballot, "vote": self._vote, "reveal": self._reveal,
            "decision": self._decision,
        }  # fmt: skip

    def begin(self) -> None:
        """Read the first line, which says what the file is."""
        try:
            first = self._read() or {}
        except ImportFileError:
            first = {}
        if "collate_experiment" in first:
            raise ImportFileError("This is the report of an experiment. The page Experiments opens it.")
        if first.get("kind") != "collate" or type(first.get("format")) is not int or first["format"] < 1:
            raise ImportFileError(FOREIGN)
        self._made_by = str(first.get("made_by", ""))[:20]
        if first["format"] > FORMAT:
            raise ImportFileError(
                f"The file was made by a newer Collate ({self._made_by}; its format is {first['format']}, this one "
                f"reads {FORMAT}). Update Collate. Nothing was imported."
            )

    def runs(self) -> Iterator[Found]:
        """What is between the first line and the last."""
        now = Found()
        while (line := self._read()) is not None:
            kind = line.pop("kind", None)
            if kind == "end":
                if now.whole:
                    yield self._whole(now)
                return self._end(line)
            if now.whole and kind not in ("completion", "vote", "reveal"):
                yield self._whole(now)
                now = Found()
            if kind == "run":
                self._run(now, line)
            elif isinstance(kind, str) and kind in self._takes:
                self._takes[kind](now, line)
            elif kind == "collate":
                self._fail("a second export begins here; import one after the other")
            else:
                self._fail("it is of a kind that this version of Collate does not know")
            now.size += self._size
            if now.size > LARGEST_RUN:
                self._fail("a run and what it names are too large")
        raise ImportFileError(f"The file is cut off: its last line is number {self._line}. Nothing was imported.")

    def _read(self) -> dict[str, Any] | None:
        """The next line; `None` at the end of the file."""
        line = self._file.readline(LONGEST_LINE + 1)
        if not line:
            return None
        self._line, self._size = self._line + 1, len(line)
        if len(line) > LONGEST_LINE:
            self._fail("it is too long")
        if len(line) > LARGEST_FRAME and strict_json.frame(line) > LARGEST_FRAME:
            self._fail("it contains too many values")
        try:
            return strict_json.parsed(line)
        except (ValueError, RecursionError):
            self._fail("it cannot be read; the file is damaged or cut off")

    def _attachment(self, now: Found, line: dict[str, Any]) -> None:
        now.attachments[line["sha256"]] = self._content(line, "attachment")
        self._digests.add(line["sha256"])

    def _picture(self, now: Found, line: dict[str, Any]) -> None:
        data = self._file_beside(line) if "file" in line else self._content(line, "picture")
        try:
            made = kept(data)
        except PictureError as exc:
            self._fail(f"the picture cannot be imported: {exc}")
        now.pictures.update(made.contents)
        self._pictures[line["sha256"]] = replace(made, data=b"", whole=b"")

    def _file_beside(self, line: dict[str, Any]) -> bytes:
        if set(line) != {"sha256", "file"} or not isinstance(line["file"], str):
            self._fail("a picture beside the lines has “sha256” and “file”, and nothing else")
        try:
            data = self._beside(line["file"])
        except KeyError:
            self._fail(f"its picture {line['file'][:100]} is not beside it; import the whole zip")
        self._size += len(data)
        return self._as_said(data, line, "picture")

    def _content(self, line: dict[str, Any], what: str) -> bytes:
        if set(line) != {"sha256", "data"} or not isinstance(line["data"], str):
            self._fail(f"{'an' if what[0] == 'a' else 'a'} {what} has “sha256” and “data”, and nothing else")
        try:
            data = b64decode(line["data"], validate=True)
        except (binascii.Error, ValueError):
            self._fail(f"the {what} is damaged")
        return self._as_said(data, line, what)

    def _as_said(self, data: bytes, line: dict[str, Any], what: str) -> bytes:
        if len(data) > LARGEST_FILE:
            self._fail(f"the {what} is too large")
        if sha256(data).hexdigest() != line["sha256"]:
            self._fail(f"the {what} is not what its digest says")
        return data

    def _experiment(self, now: Found, line: dict[str, Any]) -> None:
        if now.experiments:
            self._fail("a run has more than one experiment")
        now.experiments.append(self._row(experiments, line))

    def _run(self, now: Found, line: dict[str, Any]) -> None:
        now.run = self._row(runs, line)
        self._messages(now.run["request"]["messages"])
        if not now.run["request"]["messages"]:
            self._fail("its request has no message")
        if ("link_id" in now.run) != ("link_kind" in now.run):
            self._fail("its link to an earlier run is incomplete")
        self._runs += 1

    def _completion(self, now: Found, line: dict[str, Any]) -> None:
        if not now.run:
            self._fail("an answer precedes its run")
        parts = {name: self._part(name, table, line) for name, table in PARTS.items()}
        row = self._row(completions, line)
        if row["run_id"] != now.run["id"]:
            self._fail("an answer follows another run than its own")
        if len(now.completions) >= MOST_COMPLETIONS:
            self._fail(f"a run has more than {MOST_COMPLETIONS:,} answers")
        self._messages(row.get("history") or ())
        row |= {"asked_at": now.run["created_at"], **over(row, bool(parts["attempts"]))}
        if parts["attempts"] and not {"endpoint", "started_at", "cost_kind"} <= set(row):
            self._fail("an answer that was asked for lacks its endpoint, start or cost")
        if any(each.get("cost_kind") == "amount" and "cost_amount" not in each for each in (row, *parts["attempts"])):
            self._fail("its cost should be an amount, but there is none")
        for part in parts.values():
            for each in part:
                each["completion_id"] = row["id"]
        for each in (row, *parts["attempts"]):
            if "pictures" in each:
                each["pictures"] = renamed(each["pictures"], self._pictures)
        tries = [{**each, **over(each, asked=True, cost=False)} for each in parts["attempts"]]
        said = (tuple(parts[name]) for name in ("ratings", "notes", "tags"))
        now.completions.append(CompletionRows(row, tuple(tries), *said))
        self._completions += 1

    def _ballot(self, now: Found, line: dict[str, Any]) -> None:
        now.ballot = self._row(ballots, line)
        width = len(now.ballot["contestants"])
        if width < 2 or any(len(case["answers"]) != width for case in now.ballot["cases"]):
            self._fail("its cases do not have an entry for each contestant")
        for each in now.ballot["contestants"]:
            if not f"{each['name']} ".startswith(f"{each['target']} "):
                self._fail(f"it names {quoted(each['name'])} what {quoted(each['target'])} wrote")
        self._ballots += 1

    def _vote(self, now: Found, line: dict[str, Any]) -> None:
        now.votes.append(self._of_ballot(now, votes, line))
        if now.votes[-1]["left_id"] == now.votes[-1]["right_id"]:
            self._fail("it votes on an answer and itself")

    def _reveal(self, now: Found, line: dict[str, Any]) -> None:
        now.reveals.append(self._of_ballot(now, reveals, line))

    def _decision(self, now: Found, line: dict[str, Any]) -> None:
        now.decision = self._row(decisions, line)
        try:
            checked(evidence_from(now.decision["evidence"]))
        except (ArithmeticError, ValueError):
            self._fail("its evidence has a price that is not an amount of money, or an invalid date")
        self._decisions += 1

    def _of_ballot(self, now: Found, table: sa.Table, line: dict[str, Any]) -> Row:
        row = self._row(table, line)
        if not now.ballot or row["ballot_id"] != now.ballot["id"]:
            self._fail("it does not follow its ballot")
        return row

    def _part(self, name: str, table: sa.Table, line: dict[str, Any]) -> list[dict[str, Any]]:
        entries = line.pop(name, [])
        if not isinstance(entries, list) or not all(isinstance(each, dict) for each in cast(list[Any], entries)):
            self._fail(f"“{name}” is not a list of objects")
        if len(cast(list[Any], entries)) > MOST_PARTS:
            self._fail(f"“{name}” has more than {MOST_PARTS:,} entries")
        key = {"attempts": "number", "tags": "name"}.get(name, "person")
        rows = [self._row(table, each) for each in cast(list[dict[str, Any]], entries)]
        if len({row[key] for row in rows}) != len(rows):
            self._fail(f"“{name}” names the same {key} twice")
        return rows

    def _row(self, table: sa.Table, line: dict[str, Any]) -> dict[str, Any]:
        known = {file_name_of(each.name): each for each in table.columns if each.name not in NOT_TOLD}
        if strange := sorted(set(line) - set(known)):
            self._fail(f"“{strange[0][:60]}” is not known to this version of Collate")
        if missing := sorted(name for name, each in known.items() if not each.nullable and name not in line):
            self._fail(f"“{missing[0]}” is missing")
        row = dict[str, Any]()
        for name, value in line.items():
            try:
                row[known[name].name] = cell(known[name], value)
            except MisfitError as exc:
                self._fail(f"“{name}” {exc}")
        return row

    def _messages(self, messages: Any) -> None:
        """Check that each attachment named by a message is in the file."""
        for attached in (each for message in messages for each in message.get("attachments", ())):
            if "data" in attached:
                try:
                    b64decode(attached["data"], validate=True)
                except (binascii.Error, ValueError, TypeError):
                    self._fail("an attachment is damaged")
            elif attached.get("sha256") not in self._digests:
                self._fail("it names an attachment that is not in the file")

    def _whole(self, now: Found) -> Found:
        rows = [each.row for each in now.completions]
        if len({row["position"] for row in rows}) != len(rows) or len({row["id"] for row in rows}) != len(rows):
            self._fail("two answers of the run before it have the same position")
        return now

    def _end(self, line: dict[str, Any]) -> None:
        counts = {"runs": self._runs, "completions": self._completions}
        counts |= {"ballots": self._ballots} if self._ballots else {}
        counts |= {"decisions": self._decisions} if self._decisions else {}
        if line != counts:
            self._fail("the file does not contain as many runs and answers as it says")
        if self._file.readline(2).strip():
            self._fail("something follows the end; two exports are imported one after the other")

    def _fail(self, reason: str) -> NoReturn:
        ours = version("collate")
        by = f" The file was made by Collate {self._made_by}, this is {ours}." if self._made_by != ours else ""
        raise ImportFileError(f"Line {self._line}: {reason}.{by if self._made_by else ''} Nothing was imported.")
