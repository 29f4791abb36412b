CREATE FUNCTION public.collate_card_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE cards SET outcome = CASE WHEN new.state IN ('waiting', 'queued', 'sent', 'streaming') THEN 0 WHEN new.interrupted_at IS NOT NULL THEN 3 WHEN new.state IN ('complete', 'cut', 'filtered', 'refused', 'empty') THEN 1 ELSE 2 END, input_tokens = new.input_tokens, output_tokens = new.output_tokens, duration_s = new.duration_s, time_to_first_token_s = new.time_to_first_token_s, (cost_kind, cost) = (SELECT max(kind), sum(amount) FROM (SELECT CASE c.cost_kind WHEN 'local' THEN 1 WHEN 'amount' THEN 2 WHEN 'unknown' THEN 3 END AS kind, CAST(c.cost_amount AS DOUBLE PRECISION) AS amount FROM completions c WHERE c.id = new.id UNION ALL SELECT CASE a.cost_kind WHEN 'local' THEN 1 WHEN 'amount' THEN 2 WHEN 'unknown' THEN 3 END, CAST(a.cost_amount AS DOUBLE PRECISION) FROM attempts a WHERE a.completion_id = new.id AND a.cost_kind IS NOT NULL) AS paid) WHERE completion_id = new.id; DELETE FROM search USING cards k WHERE k.number = search.number AND k.completion_id = new.id; INSERT INTO search (number, document) SELECT k.number, setweight(to_tsvector('simple', collate_words(left(r.prompt, 100000))), 'A') || setweight(to_tsvector('simple', collate_words(left(new.text, 150000))), 'B') FROM cards k JOIN runs r ON r.id = k.run_id WHERE k.completion_id = new.id AND k.outcome <> 0; RETURN NULL; END $$;
CREATE FUNCTION public.collate_card_made() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ DECLARE base bigint; free bigint; BEGIN INSERT INTO models (provider, model) SELECT new.provider, new.model WHERE NOT EXISTS (SELECT 1 FROM models m WHERE m.provider = new.provider AND m.model = new.model) ON CONFLICT DO NOTHING; base := (SELECT floor(extract(epoch FROM r.created_at) * 1000)::bigint * 1048576 FROM runs r WHERE r.id = new.run_id); free := coalesce((SELECT max(number) + 1 FROM cards WHERE number >= base AND number < base + 1048576), base); LOOP BEGIN INSERT INTO cards (number, target, planned, outcome, repeat, person, run_id, completion_id) SELECT free, (SELECT m.id FROM models m WHERE m.provider = new.provider AND m.model = new.model), CASE WHEN r.plan_id IS NULL THEN 0 ELSE 1 END, 0, new.repeat, nullif(r.person, ''), new.run_id, new.id FROM runs r WHERE r.id = new.run_id; EXIT; EXCEPTION WHEN unique_violation THEN free := free + 1; END; END LOOP; RETURN NULL; END $$;
CREATE FUNCTION public.collate_card_paid() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE cards SET (cost_kind, cost) = (SELECT max(kind), sum(amount) FROM (SELECT CASE c.cost_kind WHEN 'local' THEN 1 WHEN 'amount' THEN 2 WHEN 'unknown' THEN 3 END AS kind, CAST(c.cost_amount AS DOUBLE PRECISION) AS amount FROM completions c WHERE c.id = new.completion_id UNION ALL SELECT CASE a.cost_kind WHEN 'local' THEN 1 WHEN 'amount' THEN 2 WHEN 'unknown' THEN 3 END, CAST(a.cost_amount AS DOUBLE PRECISION) FROM attempts a WHERE a.completion_id = new.completion_id AND a.cost_kind IS NOT NULL) AS paid) WHERE completion_id = new.completion_id; RETURN NULL; END $$;
CREATE FUNCTION public.collate_words(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$ SELECT regexp_replace(lower(regexp_replace(normalize(regexp_replace(normalize(coalesce($1, ''), NFD), '[\u0300-\u036f]+', '', 'g'), NFC), '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff])', ' \1 ', 'g')), '[^[:alnum:]]+', ' ', 'g') $_$;
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
    prepare_s double precision,
    fingerprint json
);
CREATE TABLE public.cards (
    number bigint NOT NULL,
    target integer NOT NULL,
    outcome smallint NOT NULL,
    repeat integer NOT NULL,
    cost_kind smallint,
    cost double precision,
    input_tokens integer,
    output_tokens integer,
    duration_s double precision,
    time_to_first_token_s double precision,
    person text,
    run_id character varying(36) NOT NULL,
    completion_id character varying(36) NOT NULL,
    planned smallint DEFAULT '0'::smallint NOT NULL
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
    follows character varying(36),
    fingerprint json,
    asked_at timestamp with time zone,
    interrupted_at timestamp with time zone
);
CREATE TABLE public.experiment_cells (
    completion_id character varying(36) NOT NULL,
    plan_id character varying(36) NOT NULL,
    repeat integer NOT NULL,
    "row" integer NOT NULL,
    wording integer NOT NULL,
    target integer NOT NULL,
    reserved numeric,
    taken_from timestamp with time zone,
    findings json,
    note text
);
CREATE TABLE public.experiment_plans (
    id character varying(36) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name text NOT NULL,
    person text,
    plan json NOT NULL,
    version integer NOT NULL,
    planned_cases integer NOT NULL,
    stage character varying(16) NOT NULL,
    reason text,
    recorder_id character varying(36),
    budget numeric,
    spent numeric NOT NULL,
    reserved numeric NOT NULL
);
CREATE TABLE public.experiments (
    id character varying(36) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name text NOT NULL,
    person text
);
CREATE TABLE public.gates (
    provider text NOT NULL,
    account text NOT NULL,
    at_once integer NOT NULL,
    per_minute integer,
    shut_until timestamp with time zone,
    learnt_from text,
    changed_at timestamp with time zone NOT NULL
);
CREATE TABLE public.models (
    id integer NOT NULL,
    provider text NOT NULL,
    model text NOT NULL
);
CREATE SEQUENCE public.models_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.models_id_seq OWNED BY public.models.id;
CREATE TABLE public.notes (
    completion_id character varying(36) NOT NULL,
    person text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    text text NOT NULL
);
CREATE TABLE public.ratings (
    completion_id character varying(36) NOT NULL,
    person text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    thumb integer,
    stars integer,
    best boolean NOT NULL
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
    link_kind character varying(16),
    experiment_id character varying(36),
    kept character varying(16),
    plan_id character varying(36)
);
CREATE TABLE public.search (
    number bigint NOT NULL,
    document tsvector NOT NULL
);
CREATE TABLE public.tags (
    completion_id character varying(36) NOT NULL,
    person text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    name text NOT NULL
);
ALTER TABLE ONLY public.models ALTER COLUMN id SET DEFAULT nextval('public.models_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0005');
INSERT INTO public.attempts VALUES ('a0', 'c0', 1, 'https://api.openai.com/v1', 'gpt-4o', 'complete', '2026-11-20 12:00:00.123456+00', '2026-11-20 12:00:00.123456+00', 200, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.cards VALUES (1882378469504974848, 1, 1, 0, 2, 0.0021, 7, 4, 1.5, 0.25, 'ada', 'r', 'c0', 0);
INSERT INTO public.cards VALUES (1882378469504974849, 2, 2, 0, NULL, NULL, NULL, NULL, NULL, NULL, 'ada', 'r', 'c1', 0);
INSERT INTO public.completions VALUES ('c0', 'r', 0, 0, 0, 'openai', 'gpt-4o', 'complete', NULL, 'https://api.openai.com/v1', '{"seed": 1}', 'Rayleigh scattering.', '', '2026-11-20 12:00:00.123456+00', NULL, NULL, NULL, NULL, 0.25, 1.5, NULL, NULL, NULL, NULL, NULL, 7, 4, NULL, NULL, NULL, NULL, NULL, 'amount', 0.0021, '{"reason": null}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-20 12:00:00.123456+00', NULL);
INSERT INTO public.completions VALUES ('c1', 'r', 1, 1, 0, 'builtin', 'ngram-3', 'cancelled', NULL, 'https://api.openai.com/v1', NULL, NULL, NULL, '2026-11-20 12:00:00.123456+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-20 12:00:00.123456+00', NULL);
INSERT INTO public.models VALUES (1, 'openai', 'gpt-4o');
INSERT INTO public.models VALUES (2, 'builtin', 'ngram-3');
INSERT INTO public.ratings VALUES ('c0', 'ada', '2026-11-20 12:00:00.123456+00', 1, 4, true);
INSERT INTO public.runs VALUES ('r', '2026-11-20 12:00:00.123456+00', 'page', 'Why is the sky blue?', '{"messages": [{"role": "user", "text": "Why is the sky blue?", "attachments": [{"name": "a.png", "media_type": "image/png", "data": "cG5n"}]}], "settings": {"seed": 1}}', 'ada', NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.search VALUES (1882378469504974848, '''blue'':5A ''is'':2A ''rayleigh'':6B ''scattering'':7B ''sky'':4A ''the'':3A ''why'':1A');
INSERT INTO public.search VALUES (1882378469504974849, '''blue'':5A ''is'':2A ''sky'':4A ''the'':3A ''why'':1A');
INSERT INTO public.tags VALUES ('c0', 'ada', '2026-11-20 12:00:00.123456+00', 'sky');
SELECT pg_catalog.setval('public.models_id_seq', 2, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT pk_attachments PRIMARY KEY (sha256);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT pk_attempts PRIMARY KEY (id);
ALTER TABLE ONLY public.cards
    ADD CONSTRAINT pk_cards PRIMARY KEY (number);
ALTER TABLE ONLY public.choices
    ADD CONSTRAINT pk_choices PRIMARY KEY (person, name);
ALTER TABLE ONLY public.completions
    ADD CONSTRAINT pk_completions PRIMARY KEY (id);
ALTER TABLE ONLY public.experiment_cells
    ADD CONSTRAINT pk_experiment_cells PRIMARY KEY (completion_id);
ALTER TABLE ONLY public.experiment_plans
    ADD CONSTRAINT pk_experiment_plans PRIMARY KEY (id);
ALTER TABLE ONLY public.experiments
    ADD CONSTRAINT pk_experiments PRIMARY KEY (id);
ALTER TABLE ONLY public.gates
    ADD CONSTRAINT pk_gates PRIMARY KEY (provider, account);
ALTER TABLE ONLY public.models
    ADD CONSTRAINT pk_models PRIMARY KEY (id);
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT pk_notes PRIMARY KEY (completion_id, person);
ALTER TABLE ONLY public.ratings
    ADD CONSTRAINT pk_ratings PRIMARY KEY (completion_id, person);
ALTER TABLE ONLY public.recorders
    ADD CONSTRAINT pk_recorders PRIMARY KEY (id);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT pk_runs PRIMARY KEY (id);
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT pk_tags PRIMARY KEY (completion_id, name);
ALTER TABLE ONLY public.search
    ADD CONSTRAINT search_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT uq_attempts_completion_id_number UNIQUE (completion_id, number);
ALTER TABLE ONLY public.cards
    ADD CONSTRAINT uq_cards_completion_id UNIQUE (completion_id);
ALTER TABLE ONLY public.completions
    ADD CONSTRAINT uq_completions_run_id_position UNIQUE (run_id, "position");
ALTER TABLE ONLY public.experiment_cells
    ADD CONSTRAINT uq_experiment_cells_plan_id_repeat_row_wording_target UNIQUE (plan_id, repeat, "row", wording, target);
ALTER TABLE ONLY public.models
    ADD CONSTRAINT uq_models_provider_model UNIQUE (provider, model);
CREATE INDEX ix_cards_listed ON public.cards USING btree (target) WHERE (planned = 0);
CREATE INDEX ix_cards_outcome ON public.cards USING btree (outcome) WHERE (outcome <> 1);
CREATE INDEX ix_cards_person ON public.cards USING btree (person) WHERE (person IS NOT NULL);
CREATE INDEX ix_cards_target ON public.cards USING btree (target);
CREATE INDEX ix_completions_interrupted ON public.completions USING btree (interrupted_at) WHERE (interrupted_at IS NOT NULL);
CREATE INDEX ix_completions_unfinished ON public.completions USING btree (recorder_id) WHERE (recorder_id IS NOT NULL);
CREATE INDEX ix_completions_with_files ON public.completions USING btree (id) WHERE (strpos((history)::text, '"sha256":'::text) > 0);
CREATE INDEX ix_experiment_plans_created_at ON public.experiment_plans USING btree (created_at);
CREATE INDEX ix_experiment_plans_recorder_id ON public.experiment_plans USING btree (recorder_id);
CREATE INDEX ix_runs_created_at ON public.runs USING btree (created_at);
CREATE INDEX ix_runs_experiment_id ON public.runs USING btree (experiment_id);
CREATE INDEX ix_runs_link_id ON public.runs USING btree (link_id);
CREATE INDEX ix_runs_plan_id ON public.runs USING btree (plan_id);
CREATE INDEX ix_runs_with_files ON public.runs USING btree (id) WHERE (strpos((request)::text, '"sha256":'::text) > 0);
CREATE INDEX ix_search_document ON public.search USING gin (document);
CREATE INDEX ix_tags_name ON public.tags USING btree (name, completion_id);
CREATE TRIGGER card_1_made AFTER INSERT ON public.completions FOR EACH ROW EXECUTE FUNCTION public.collate_card_made();
CREATE TRIGGER card_2_new AFTER INSERT ON public.completions FOR EACH ROW EXECUTE FUNCTION public.collate_card_changed();
CREATE TRIGGER card_3_changed AFTER UPDATE OF state, text, interrupted_at ON public.completions FOR EACH ROW WHEN ((((old.state)::text <> ALL ((ARRAY['waiting'::character varying, 'queued'::character varying, 'sent'::character varying, 'streaming'::character varying])::text[])) OR ((new.state)::text <> ALL ((ARRAY['waiting'::character varying, 'queued'::character varying, 'sent'::character varying, 'streaming'::character varying])::text[])))) EXECUTE FUNCTION public.collate_card_changed();
CREATE TRIGGER card_paid AFTER INSERT OR UPDATE OF cost_kind ON public.attempts FOR EACH ROW WHEN ((new.cost_kind IS NOT NULL)) EXECUTE FUNCTION public.collate_card_paid();
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT fk_attempts_completion_id FOREIGN KEY (completion_id) REFERENCES public.completions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.cards
    ADD CONSTRAINT fk_cards_completion_id FOREIGN KEY (completion_id) REFERENCES public.completions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.completions
    ADD CONSTRAINT fk_completions_recorder_id FOREIGN KEY (recorder_id) REFERENCES public.recorders(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.completions
    ADD CONSTRAINT fk_completions_run_id FOREIGN KEY (run_id) REFERENCES public.runs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.experiment_cells
    ADD CONSTRAINT fk_experiment_cells_completion_id FOREIGN KEY (completion_id) REFERENCES public.completions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.experiment_cells
    ADD CONSTRAINT fk_experiment_cells_plan_id FOREIGN KEY (plan_id) REFERENCES public.experiment_plans(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.experiment_plans
    ADD CONSTRAINT fk_experiment_plans_recorder_id FOREIGN KEY (recorder_id) REFERENCES public.recorders(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT fk_notes_completion_id FOREIGN KEY (completion_id) REFERENCES public.completions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.ratings
    ADD CONSTRAINT fk_ratings_completion_id FOREIGN KEY (completion_id) REFERENCES public.completions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT fk_tags_completion_id FOREIGN KEY (completion_id) REFERENCES public.completions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.search
    ADD CONSTRAINT search_number_fkey FOREIGN KEY (number) REFERENCES public.cards(number) ON DELETE CASCADE;
