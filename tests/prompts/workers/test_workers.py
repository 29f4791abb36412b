"""Real worker processes on a real PostgreSQL: one is killed in the middle, another is told to leave."""

import importlib.util
import json
import re
import signal
import urllib.request
from uuid import uuid4

import pytest
import sqlalchemy as sa

from prompts.record.database import open_database
from tests.patience import PATIENCE_S, wait_until
from tests.prompts.workers.crew import Log, crew
from tests.wire.otlp import collecting

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("procrastinate") is None, reason="the extra `workers` is not installed"
)


@pytest.fixture
def team(postgres):
    with postgres.database(f"t_{uuid4().hex}", "with_schema") as url:
        database = open_database(url)
        yield url, database
        database.dispose()


def _asked(database, statement):
    with database.connect() as connection:
        return connection.execute(sa.text(statement)).all()


def _states(database):
    return dict(map(tuple, _asked(database, "SELECT state, count(*) FROM completions GROUP BY 1")))


def test_a_killed_worker_loses_nothing_and_nothing_is_asked_twice(team, tmp_path):
    """`collate run` leaves the cells to two workers. The one is killed with calls in progress, the other goes on, and
    when it is told to leave lets its last calls end."""
    url, database = team
    log = Log(held=True)
    with crew(tmp_path, url, log) as made:
        victim = made.worker("--at-once", "3")
        wait_until(lambda: len(_asked(database, "SELECT 1 FROM workers")) == 1)
        run = made.run(30, COLLATE_WORKER="0")
        wait_until(lambda: log.under_way == 3)
        victim.send_signal(signal.SIGKILL)
        victim.wait(PATIENCE_S)
        other = made.worker("--at-once", "3")
        wait_until(lambda: len(log.asked) == 6)  # three were lost, three more are held
        assert _states(database) == {"unknown": 3, "sent": 3, **_rest(database)}
        log.held = False
        assert run.wait(PATIENCE_S) == 0, made.logs()
        other.terminate()
        assert other.wait(PATIENCE_S) == 0, made.logs()
    assert _states(database) == {"unknown": 3, "complete": 27}
    assert (len(log.asked), set(log.asked.values())) == (30, {1})
    assert _asked(database, "SELECT 1 FROM workers") == []
    assert _asked(database, "SELECT 1 FROM collate_workers.procrastinate_jobs") == []


def _rest(database):
    return {state: n for state, n in _states(database).items() if state in ("waiting", "queued")}


def test_told_to_leave_it_lets_end_what_is_under_way_and_sends_nothing_new(team, tmp_path):
    url, database = team
    log = Log(held=True)
    with crew(tmp_path, url, log) as made:
        worker = made.worker("--at-once", "2")
        wait_until(lambda: len(_asked(database, "SELECT 1 FROM workers")) == 1)
        made.run(10, COLLATE_WORKER="0")
        wait_until(lambda: log.under_way == 2)
        with database.begin() as connection:
            connection.execute(sa.text("UPDATE workers SET draining = true"))
        wait_until(lambda: "leaving" in made.logs())
        log.held = False
        assert worker.wait(PATIENCE_S) == 0, made.logs()
    assert _states(database) == {"complete": 2, "waiting": 8}
    assert log.asked.total() == 2


def test_a_worker_tells_of_its_calls_by_counts_logs_and_spans_and_of_no_text(team, tmp_path):
    url, _ = team
    log = Log()
    with crew(tmp_path, url, log) as made, collecting() as collector:
        told = {"COLLATE_METRICS": "1", "COLLATE_LOGS": "json", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        worker = made.start("worker", "--only", "bench", "--metrics-port", "0", **told)
        wait_until(lambda: "counts at " in made.logs())
        place = re.search(r"counts at (http://localhost:\d+/metrics), to this computer alone", made.logs())[1]
        assert made.run(3, COLLATE_WORKER="0").wait(PATIENCE_S) == 0, made.logs()
        with urllib.request.urlopen(place) as answer:  # noqa: S310
            counts = answer.read().decode()
        worker.terminate()
        assert worker.wait(PATIENCE_S) == 0, made.logs()
        lines = [json.loads(line) for line in made.logs().splitlines() if '"message": "call"' in line]
        spans = list(collector.spans)
    assert 'collate_calls_total{outcome="complete",provider="bench"} 3.0' in counts
    assert [line["state"] for line in lines] == ["complete"] * 3
    assert len(spans) == 3
    assert "number " not in f"{counts}{lines}{collector.bytes}"
