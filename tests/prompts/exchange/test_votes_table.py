"""Votes as CSV and for Excel: a row each, and nothing that a spreadsheet would execute."""

from __future__ import annotations

import csv
import io

import openpyxl

from prompts.exchange.votes_table import HEADS, votes_csv, votes_xlsx
from prompts.votes.vote_store import BallotLine
from tests.prompts.votes.made import SPRING, a_vote

BALLOTS = {"ballot": BallotLine("ballot", SPRING, "=Poems", "Poems", "ana", 1, 1)}
VOTES = [
    a_vote("A", "B", "left", "1", "ana", reason="clear", right_characters=7),
    a_vote("A", "B", "both_bad", "2", "", gave_away=True),
    a_vote("A", "B", "right", "3", "ana", ballot_id="gone", imported=True),
]


def test_a_row_says_who_chose_what_between_which_two() -> None:
    rows = list(csv.DictReader(io.StringIO(votes_csv(VOTES, BALLOTS).decode("utf-8-sig"))))
    assert [row["Preferred"] for row in rows] == ["A", "", "B"]
    assert (rows[0]["Choice"], rows[0]["Reason"], rows[0]["Right characters"]) == ("Left is better", "clearer", "7")
    assert (rows[1]["Choice"], rows[1]["Gave itself away"], rows[1]["Person"]) == ("Both are bad", "yes", "")
    assert [row["Imported"] for row in rows] == ["", "", "yes"]
    assert rows[2]["Ballot"] == rows[2]["Task"] == ""


def test_a_name_that_a_spreadsheet_would_execute_stays_a_text() -> None:
    first = next(csv.DictReader(io.StringIO(votes_csv(VOTES, BALLOTS).decode("utf-8-sig"))))
    assert first["Ballot"] == "'=Poems"


def test_the_workbook_holds_the_same_with_real_dates() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(votes_xlsx(VOTES, BALLOTS))).active
    assert sheet is not None
    head, first, *_ = sheet.iter_rows(values_only=True)
    assert head == tuple(each.name for each in HEADS)
    assert (first[0], first[1], first[8]) == (VOTES[0].at.replace(tzinfo=None), "=Poems", "A")
