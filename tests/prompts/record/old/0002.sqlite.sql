BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE attachments (
	sha256 VARCHAR(64) NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_attachments PRIMARY KEY (sha256)
);
CREATE TABLE attempts (
	id VARCHAR(36) NOT NULL, 
	completion_id VARCHAR(36) NOT NULL, 
	number INTEGER NOT NULL, 
	endpoint TEXT NOT NULL, 
	model TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	sent_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	status INTEGER, 
	request_id TEXT, 
	settings JSON, 
	text TEXT, 
	thinking TEXT, 
	started_at DATETIME, 
	response_model TEXT, 
	response_id TEXT, 
	stop_reason TEXT, 
	time_to_first_chunk_s DOUBLE, 
	time_to_first_token_s DOUBLE, 
	duration_s DOUBLE, 
	output_tokens_per_s DOUBLE, 
	output_characters_per_s DOUBLE, 
	connected_s DOUBLE, 
	sent_s DOUBLE, 
	headers_s DOUBLE, 
	input_tokens INTEGER, 
	output_tokens INTEGER, 
	cache_read_tokens INTEGER, 
	cache_write_tokens INTEGER, 
	reasoning_tokens INTEGER, 
	raw_usage JSON, 
	server_timings JSON, 
	cost_kind VARCHAR(16), 
	cost_amount VARCHAR, 
	cost JSON, 
	conditions JSON, 
	flags JSON, 
	adjustments JSON, 
	versions JSON, 
	error_kind VARCHAR(32), 
	error JSON, time_to_last_token_s DOUBLE, prepare_s DOUBLE, 
	CONSTRAINT pk_attempts PRIMARY KEY (id), 
	CONSTRAINT fk_attempts_completion_id FOREIGN KEY(completion_id) REFERENCES completions (id) ON DELETE CASCADE, 
	CONSTRAINT uq_attempts_completion_id_number UNIQUE (completion_id, number)
);
INSERT INTO "attempts" VALUES('a0','c0',1,'https://api.openai.com/v1','gpt-4o','complete','2026-11-20 12:00:00.123456','2026-11-20 12:00:00.123456',200,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE choices (
	person TEXT NOT NULL, 
	name TEXT NOT NULL, 
	changed_at DATETIME NOT NULL, 
	choice JSON NOT NULL, 
	CONSTRAINT pk_choices PRIMARY KEY (person, name)
);
CREATE TABLE completions (
	id VARCHAR(36) NOT NULL, 
	run_id VARCHAR(36) NOT NULL, 
	position INTEGER NOT NULL, 
	cell INTEGER NOT NULL, 
	repeat INTEGER NOT NULL, 
	provider TEXT NOT NULL, 
	model TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	recorder_id VARCHAR(36), 
	endpoint TEXT, 
	settings JSON, 
	text TEXT, 
	thinking TEXT, 
	started_at DATETIME, 
	response_model TEXT, 
	response_id TEXT, 
	stop_reason TEXT, 
	time_to_first_chunk_s DOUBLE, 
	time_to_first_token_s DOUBLE, 
	duration_s DOUBLE, 
	output_tokens_per_s DOUBLE, 
	output_characters_per_s DOUBLE, 
	connected_s DOUBLE, 
	sent_s DOUBLE, 
	headers_s DOUBLE, 
	input_tokens INTEGER, 
	output_tokens INTEGER, 
	cache_read_tokens INTEGER, 
	cache_write_tokens INTEGER, 
	reasoning_tokens INTEGER, 
	raw_usage JSON, 
	server_timings JSON, 
	cost_kind VARCHAR(16), 
	cost_amount VARCHAR, 
	cost JSON, 
	conditions JSON, 
	flags JSON, 
	adjustments JSON, 
	versions JSON, 
	error_kind VARCHAR(32), 
	error JSON, time_to_last_token_s DOUBLE, prepare_s DOUBLE, history JSON, follows VARCHAR(36), 
	CONSTRAINT pk_completions PRIMARY KEY (id), 
	CONSTRAINT fk_completions_recorder_id FOREIGN KEY(recorder_id) REFERENCES recorders (id) ON DELETE SET NULL, 
	CONSTRAINT fk_completions_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE, 
	CONSTRAINT uq_completions_run_id_position UNIQUE (run_id, position)
);
INSERT INTO "completions" VALUES('c0','r',0,0,0,'openai','gpt-4o','complete',NULL,'https://api.openai.com/v1','{"seed":1}','Rayleigh scattering.','','2026-11-20 12:00:00.123456',NULL,NULL,NULL,NULL,0.25,1.5,NULL,NULL,NULL,NULL,NULL,7,4,NULL,NULL,NULL,NULL,NULL,'amount','0.00210','{"reason":null}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "completions" VALUES('c1','r',1,1,0,'builtin','ngram-3','cancelled',NULL,'https://api.openai.com/v1',NULL,NULL,NULL,'2026-11-20 12:00:00.123456',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE recorders (
	id VARCHAR(36) NOT NULL, 
	host TEXT NOT NULL, 
	pid INTEGER NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_recorders PRIMARY KEY (id)
);
CREATE TABLE runs (
	id VARCHAR(36) NOT NULL, 
	created_at DATETIME NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	prompt TEXT NOT NULL, 
	request JSON NOT NULL, 
	person TEXT, link_id VARCHAR(36), link_kind VARCHAR(16), 
	CONSTRAINT pk_runs PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES('r','2026-11-20 12:00:00.123456','page','Why is the sky blue?','{"messages":[{"role":"user","text":"Why is the sky blue?","attachments":[{"name":"a.png","media_type":"image/png","data":"cG5n"}]}],"settings":{"seed":1}}','ada',NULL,NULL);
CREATE INDEX ix_runs_created_at ON runs (created_at);
CREATE INDEX ix_completions_unfinished ON completions (recorder_id) WHERE recorder_id IS NOT NULL;
CREATE INDEX ix_runs_link_id ON runs (link_id);
COMMIT;
