CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.attachments (
    sha256 character varying(64) NOT NULL,
    data bytea NOT NULL
);
CREATE TABLE public.attempts (
    id character varying(36) NOT NULL,
    completion_id character varying(36) NOT NULL,
    number integer NOT NULL,
    endpoint text NOT NULL,
    model text NOT NULL,
    state character varying(16) NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    status integer,
    request_id text,
    settings json,
    text text,
    thinking text,
    started_at timestamp with time zone,
    response_model text,
    response_id text,
    stop_reason text,
    time_to_first_chunk_s double precision,
    time_to_first_token_s double precision,
    duration_s double precision,
    output_tokens_per_s double precision,
    output_characters_per_s double precision,
    connected_s double precision,
    sent_s double precision,
    headers_s double precision,
    input_tokens integer,
    output_tokens integer,
    cache_read_tokens integer,
    cache_write_tokens integer,
    reasoning_tokens integer,
    raw_usage json,
    server_timings json,
    cost_kind character varying(16),
    cost_amount numeric,
    cost json,
    conditions json,
    flags json,
    adjustments json,
    versions json,
    error_kind character varying(32),
    error json,
    time_to_last_token_s double precision,
    prepare_s double precision
);
CREATE TABLE public.choices (
    person text NOT NULL,
    name text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    choice json NOT NULL
);
CREATE TABLE public.completions (
    id character varying(36) NOT NULL,
    run_id character varying(36) NOT NULL,
    "position" integer NOT NULL,
    cell integer NOT NULL,
    repeat integer NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    state character varying(16) NOT NULL,
    recorder_id character varying(36),
    endpoint text,
    settings json,
    text text,
    thinking text,
    started_at timestamp with time zone,
    response_model text,
    response_id text,
    stop_reason text,
    time_to_first_chunk_s double precision,
    time_to_first_token_s double precision,
    duration_s double precision,
    output_tokens_per_s double precision,
    output_characters_per_s double precision,
    connected_s double precision,
    sent_s double precision,
    headers_s double precision,
    input_tokens integer,
    output_tokens integer,
    cache_read_tokens integer,
    cache_write_tokens integer,
    reasoning_tokens integer,
    raw_usage json,
    server_timings json,
    cost_kind character varying(16),
    cost_amount numeric,
    cost json,
    conditions json,
    flags json,
    adjustments json,
    versions json,
    error_kind character varying(32),
    error json,
    time_to_last_token_s double precision,
    prepare_s double precision,
    history json,
    follows character varying(36)
);
CREATE TABLE public.recorders (
    id character varying(36) NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    seen_at timestamp with time zone NOT NULL
);
CREATE TABLE public.runs (
    id character varying(36) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    source character varying(16) NOT NULL,
    prompt text NOT NULL,
    request json NOT NULL,
    person text,
    link_id character varying(36),
    link_kind character varying(16)
);
INSERT INTO public.alembic_version VALUES ('0002');
INSERT INTO public.attempts VALUES ('a0', 'c0', 1, 'https://api.openai.com/v1', 'gpt-4o', 'complete', '2026-11-20 12:00:00.123456+00', '2026-11-20 12:00:00.123456+00', 200, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.completions VALUES ('c0', 'r', 0, 0, 0, 'openai', 'gpt-4o', 'complete', NULL, 'https://api.openai.com/v1', '{"seed": 1}', 'Rayleigh scattering.', '', '2026-11-20 12:00:00.123456+00', NULL, NULL, NULL, NULL, 0.25, 1.5, NULL, NULL, NULL, NULL, NULL, 7, 4, NULL, NULL, NULL, NULL, NULL, 'amount', 0.0021, '{"reason": null}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.completions VALUES ('c1', 'r', 1, 1, 0, 'builtin', 'ngram-3', 'cancelled', NULL, 'https://api.openai.com/v1', NULL, NULL, NULL, '2026-11-20 12:00:00.123456+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.runs VALUES ('r', '2026-11-20 12:00:00.123456+00', 'page', 'Why is the sky blue?', '{"messages": [{"role": "user", "text": "Why is the sky blue?", "attachments": [{"name": "a.png", "media_type": "image/png", "data": "cG5n"}]}], "settings": {"seed": 1}}', 'ada', NULL, NULL);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT pk_attachments PRIMARY KEY (sha256);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT pk_attempts PRIMARY KEY (id);
ALTER TABLE ONLY public.choices
    ADD CONSTRAINT pk_choices PRIMARY KEY (person, name);
ALTER TABLE ONLY public.completions
    ADD CONSTRAINT pk_completions PRIMARY KEY (id);
ALTER TABLE ONLY public.recorders
    ADD CONSTRAINT pk_recorders PRIMARY KEY (id);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT pk_runs PRIMARY KEY (id);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT uq_attempts_completion_id_number UNIQUE (completion_id, number);
ALTER TABLE ONLY public.completions
    ADD CONSTRAINT uq_completions_run_id_position UNIQUE (run_id, "position");
CREATE INDEX ix_completions_unfinished ON public.completions USING btree (recorder_id) WHERE (recorder_id IS NOT NULL);
CREATE INDEX ix_runs_created_at ON public.runs USING btree (created_at);
CREATE INDEX ix_runs_link_id ON public.runs USING btree (link_id);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT fk_attempts_completion_id FOREIGN KEY (completion_id) REFERENCES public.completions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.completions
    ADD CONSTRAINT fk_completions_recorder_id FOREIGN KEY (recorder_id) REFERENCES public.recorders(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.completions
    ADD CONSTRAINT fk_completions_run_id FOREIGN KEY (run_id) REFERENCES public.runs(id) ON DELETE CASCADE;
