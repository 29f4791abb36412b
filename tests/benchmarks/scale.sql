-- What tests.benchmarks.scale puts on record: cells that are over, by the record's own triggers.
INSERT INTO experiment_plans (id, created_at, name, plan, version, planned_cases, stage, spent, reserved)
VALUES ('plan', now(), 'scale', '{}', 1, 1, 'running', 0, 0);

INSERT INTO runs (id, created_at, source, prompt, request, plan_id)
SELECT 'run-' || n, now(), 'experiment',
    (SELECT string_agg(substr(md5(CAST(floor(random() * 3000 + 0 * n) AS text)), 1, 3 + word % 6), ' ')
        FROM generate_series(1, 90) word),
    CAST('{"messages": []}' AS json), 'plan'
FROM generate_series(0, :cases) n;

-- Once a block.
INSERT INTO completions (id, run_id, position, cell, repeat, provider, model, state, endpoint, text, started_at,
    response_model, response_id, stop_reason, time_to_first_chunk_s, time_to_first_token_s, duration_s,
    output_tokens_per_s, input_tokens, output_tokens, raw_usage, cost_kind, cost_amount, cost, versions, asked_at)
SELECT md5('c' || n), 'run-' || n / 8, n % 8, n % 8, 0, 'openai', 'model-' || n % 8, 'complete',
    'https://api.example.com/v1',
    (SELECT string_agg(substr(md5(CAST(floor(random() * 3000 + 0 * n) AS text)), 1, 3 + word % 6), ' ')
        FROM generate_series(1, 140) word),
    now(), 'model-2026', 'resp_' || md5(CAST(n AS text)), 'stop', 0.3, 0.31, 2.5, 60.5, 150, 210,
    CAST('{"input_tokens": 150, "output_tokens": 210, "total_tokens": 360}' AS json), 'amount', 0.00123,
    CAST('{"lines": [["input", 150, "2.50", "0.000375"], ["output", 210, "10.00", "0.0021"]]}' AS json),
    CAST('{"collate": "0.1.0", "openai": "3.57.0"}' AS json), now()
FROM generate_series(CAST(:since AS int), :last) n;

INSERT INTO attempts (id, completion_id, number, endpoint, model, state, sent_at, finished_at, status, request_id)
SELECT md5('a' || n), md5('c' || n), 1, 'https://api.example.com/v1', 'model', 'complete', now(), now(), 200,
    'req_' || md5(CAST(n AS text))
FROM generate_series(CAST(:since AS int), :last) n;

INSERT INTO experiment_cells (completion_id, plan_id, repeat, row, wording, target, findings)
SELECT md5('c' || n), 'plan', 0, n / 8, 0, n % 8, CAST('[{"ok": true, "check": 0}]' AS json)
FROM generate_series(CAST(:since AS int), :last) n;
