"""The keys of the session state, each with its type and meaning.

Widgets write their keys themselves; what must survive a rerun without a widget is set in callbacks.
"""

from __future__ import annotations

import streamlit as st

from prompts.asking.runner import Connections
from providers.config.connections import Connection, with_key

PROMPT = "prompt"  # str: what is typed
TARGETS = "targets"  # list[str]: `provider:model`
SHOWN_AS = "shown-as-"  # list[str], followed by the key of a choice of models: as last sent to the browser
EXAMPLE = "example"  # str | None: the example that was clicked
PROBLEM = "problem"  # str | None: why the last Run did not start
OPENED = "opened"  # str | None: the run whose prompt and targets were put back into the fields
MOVED = "moved"  # Move | None: the last change from one run to another
ASKED_BELOW = "asked_below"  # bool: the last request was a follow-up, so messages about it belong below the answers
HEARD = "heard"  # str | None: the run of which the grid has reported the end of an answer
SYSTEM, TEMPERATURE, TOP_P = "system", "temperature", "top_p"  # str | float | None
MAX_TOKENS, SEED, STOP, EFFORT = "max_output_tokens", "seed", "stop", "effort"  # int | str | None
NUM_CTX = "num_ctx"  # int | None: tokens of context that Ollama loads a model with
ORDER = "order"  # str | None: the column that ranks the table
TABLE_ROWS = "table_rows"  # str: one row per model, or every answer
HIDDEN_COLUMNS = "hidden_columns"  # tuple[str, ...]: headers of the table's columns that are not shown
SEPARATE = "separate"  # bool: each column has settings of its own
COPIES = "copies"  # dict[str, int]: further columns of a target, where settings are separate
WANTED = "wanted"  # str: text or images, on Compare
PICTURES = "~pictures"  # suffix of the keys of models and settings for pictures
PICTURE_SIZE, PICTURE_QUALITY, PICTURE_STEPS = "picture_size", "picture_quality", "picture_steps"  # str, str, int
PICTURE_SIZE_ODD = "picture_size_odd"  # str | None: what was written as a size and is none
PICTURE_GUIDANCE, PICTURE_AVOID = "picture_guidance", "picture_avoid"  # float | None, str
PICTURE_SAMPLER = "picture_sampler"  # str
UPLOAD_FILE, UPLOAD_NAME = "upload-picture", "upload-made-with"  # file and str; the run's id follows the first
EXPERIMENT = "~experiment"  # suffix of the keys of models and settings in the builder of experiments
OWN = "@"  # between a setting's key and the name of the column that it belongs to
REPEATS, FAIR, LOCAL_ONLY = "repeats", "fair", "local_only"  # int, bool, bool
KEEPS = "keeps"  # Keeps: how much of the next run is recorded
OLDER_THAN = "older-than"  # int: days, in Settings: everything older is offered for deletion
DELETED = "deleted"  # str | None: the outcome of the last deletion in Settings
FILES = "files"  # tuple[Attachment, ...]: the files attached to the prompt
FILE_PROBLEMS = "file_problems"  # tuple[str, ...]: why files were not attached
DROPPED = "dropped"  # tuple[str, ...]: why files that were dropped on the prompt were not attached
FILE_REMARKS = "file_remarks"  # tuple[str, ...]: what was changed in files that were attached
INBOX = "inbox-"  # int: how often files were uploaded; the number is part of the next field's key
BROWSED = "browsed"  # list[str]: the targets chosen in the dialog Browse models, until "Use these"
BROWSE_SEARCH, BROWSE_USABLE, BROWSE_FAMILIES = "browse_search", "browse_usable", "browse_families"  # str, bool, list
BUSY = "busy"  # bool: Run was pressed while an earlier run was still answering
FROM_NOW_ON = "from_now_on"  # bool: the decision about private text holds for the whole session
ALWAYS = "always"  # dict[Kind, "send" | "mask"]: what to do with such text without asking
LEAVING = "leaving"  # Leaving: the private data about which the open question asks
TYPED_INTO = "typed_into"  # tuple[str, ...]: the keys of the fields that may hold it
SEND_ANYWAY = "send_anyway"  # Callable[[], None]: sends it if the person says yes
SET_NAME = "set_name"  # str: the name under which a set of models is to be saved
FOLLOW_UP = "follow_up"  # str: the follow-up as typed
CONTINUE_FROM = "continue_from"  # str | None: the completion from which all models continue
EDIT = "edit-"  # str, followed by the run's id: a turn's prompt while it is edited
SHOWN_REPEAT = "shown_repeat"  # int, followed by the run's id: which of its repeats is shown, from 1
SETTINGS_TAB = "settings_tab"  # str: which tab of Settings is open
SEEN_AGAIN = "seen_again"  # str | None: the run for which "Then and now" was last opened by itself
VIEW = "view"  # str: which view of the figures is open
LOCAL_SERVER = "local-server"  # str: the connection of the Ollama server whose models are shown
LOCAL_CONTEXT = "local-context"  # int: tokens of context for which "will it fit" is estimated
LOCAL_WANTED = "local-wanted"  # str | None: the model to pull, as typed
LOCAL_NOTE = "local-note"  # tuple[bool, str] | None: whether the last action on a model went well, and a sentence
REPEATS_METRIC = "repeats_metric"  # str: the figure whose spread is shown
HOW_PROMPT, HOW_MODEL = "how-prompt", "how-model"  # str: the prompt and the `provider:model` of How it works
HOW_FROM = "how-from"  # str: the prompt of Compare that was last copied there
HOW_WORDS = "how-words"  # list[str]: the next words chosen so far
HOW_KNOWN = "how-known"  # dict[Request, Told | str]: results from a model on this computer
HOW_TOLD = "how-told-last"  # hosted.Asked: the alternatives that a host last reported for its first token
HOW_TEMPERATURE, HOW_TOP_P, HOW_SEED_TEMPERATURE = "how-temperature", "how-top-p", "how-seed-temperature"  # float
HOW_FACT, HOW_READ, HOW_PAGES = "how-fact", "how-read", "how-pages"  # str, int, str: choices on that page
HOW_SHAPE, HOW_STEPS, HOW_GUIDANCE, HOW_PICTURE_SEED = "how-shape", "how-steps", "how-guidance", "how-picture-seed"
# (str, int, float, int: the settings of its small diffusion model)
FAMILY = "family"  # str: the model family that is shown, or "All families"
FAMILY_SEARCH = "family_search"  # str: words to search for in the versions of all families
VOLUME = "volume"  # int: how often a day the prompt is asked, one of `monthly_cost.PER_DAY`
OWN_COST_PER_HOUR = "own_cost_per_hour"  # float | None: US dollars for an hour of the user's own machine
WORDS, SHOW = "q", "show"  # str, str: what History looks for, and which of its views is open
HISTORY_PAGES = "history-pages"  # Loaded | None: the runs that History shows, and when they were read
HISTORY_COUNTED = "history-counted"  # tuple: which state of the list was counted, and the sentence about it
HISTORY_DONE = "history-done"  # Done | None: what was last done to selected runs, and how to undo it
OFFERED_FILES = "offered-files"  # dict[str, OfferedFile]: by the keys of the download buttons
EXPORT_FORMAT = "export-format"  # FormatName: the format of an export of runs
FROM_LIST = "from-list"  # dict[str, str] | None: the query of History, if that was the page shown last
WAY_BACK = "way-back"  # dict[str, str]: the query of History from which a run was opened
HISTORY_TAGS, HISTORY_UNDER = "history-tags", "history-under"  # list[str], str | None: to apply to selected runs
# (the filters of History have the keys in `history/filters.py`, FIELDS, which are also query parameters)
LIBRARY_WORDS, LIBRARY_TASK = "library-words", "library-task"  # str, str | None: the search on Prompts
LIBRARY_VIEW, LIBRARY_FILL = "library-view-", "library-fill-"  # str, followed by a prompt's key: what of it is shown
LIBRARY_VALUE = "library-value-"  # str, followed by a prompt's key and a hole: a person's own value for it
LIBRARY_FROM, LIBRARY_TO = "library-from-", "library-to-"  # int, followed by a prompt's key: versions to compare
LIBRARY_DONE = "library-done"  # Done | None: what was last done in Prompts, and how to undo it
LIBRARY_DRAFT, LIBRARY_WAITING = "library-draft", "library-waiting"  # Draft | None: what is edited, what waits for it
LIBRARY_WRITING = "library-writing"  # bool: its form is open
LIBRARY_NAME, LIBRARY_EDIT_TASK = "library-name", "library-edit-task"  # str, Task: fields of the form
LIBRARY_PROMPT, LIBRARY_NOTES = "library-prompt", "library-notes"  # str, str: fields of the form
LIBRARY_SAMPLES = "library-samples"  # Samples: the sample cases of the form
LIBRARY_SETTINGS = "@library"  # suffix of the keys of the form's settings
TRIED = "tried"  # Tried | None: what Prompts put into the fields of Compare, and what was there before
MARKED = "marked"  # Change | None: the last change to feedback, which Undo takes back
MARKS_HEARD = "marks_heard"  # int: the number of the last click on feedback that was carried out
# (the completion whose feedback dialog is open, or None; the feedback on its run before that)
MARKING, MARKED_BEFORE = "marking", "marked_before"  # str | None, dict
MARK_PROBLEM = "mark_problem"  # str | None: why the last entry in that dialog is not saved
RESULTS = "results"  # tuple: the experiment whose results were last shown, and those
CELL_ACT = "cell-act"  # Act: the last act on a cell of the matrix, until its dialog is opened
RATE_PROBLEM = "rate-problem"  # str | None: why the last rating of an answer is not on record
STARS, NOTE, TAGS = "stars-", "note-", "tags-"  # int | None, str, list[str], followed by the completion's id
DESCRIBED = "described-"  # str, followed by the completion's id and a picture's digest: its description
UNSAVED_NOTE = "unsaved-note-"  # str, followed by the completion's id: a note that could not be saved
BUILDER = "builder-"  # prefix of the keys of the builder's fields
DRAFT = "experiment-draft"  # str | None: the draft that those fields hold
EXPERIMENT_SAID_OF = "experiment-said-of"  # tuple[str, Draft] | None: EXPERIMENT_SAYS, and the draft it was about
EXPERIMENT_SAYS = "experiment-says"  # str | None: why the last click on Experiments did nothing
EXPERIMENT_ASKS = "experiment-asks"  # Question | None: the question to answer before an experiment starts
BILL = "experiment-bill"  # tuple: what the last forecast in the builder was made from, and the forecast
PROMPT_OF = "prompt-of"  # str: the prompt of the library that an experiment is to begin with
CASES_OF = "cases-of"  # tuple[str, ...]: the runs that become cases of a new experiment
VOTER = "voter"  # str: the name under which this session votes, if no login is configured
BOOTH = "booth"  # Booth: the ballot being voted on, and the pair shown; it never leaves the server
BALLOT_OF = "ballot-of"  # Source | None: what a new ballot is to be made of
BALLOT_OFFERED = "ballot-offered"  # list[str]: the candidates for it, when the form was last drawn
BALLOT_SAYS = "ballot-says"  # str | None: why the last click on Vote did nothing
VOTES_PLAIN = "votes-plain"  # bool: answers are shown without formatting
VOTES_SHOW = "show-votes"  # str: ballots or ranking
VOTES_TASK, VOTES_WHO, VOTES_MATTERS = "votes-task", "votes-who", "votes-matters"  # str, str, int: for the ranking
CHOOSE = "wanted-"  # prefix of the keys of the fields of Choose: evidence, must-haves, weights
STUDY = "study"  # tuple: what the last study on Choose was made from, and the study
CHOOSE_SAYS = "choose-says"  # str | None: why the last click on Choose did nothing
CHOOSE_DONE = "choose-done"  # str | None: a sentence on the decision just recorded, until it is shown
CHOOSE_ACT = "choose-act"  # str | None: the value of the card's button that was pressed, until it is acted on
CHECKED = "checked"  # dict[str, tuple[int, tuple[Step, ...]]]: by provider, hash of its connection and last check
KEY = "key-"  # str, followed by the provider's name: a key typed into this session


def own_connections(base: Connections) -> dict[str, Connection]:
    """`base` with the keys that were typed in this session; those are kept nowhere else."""
    return {name: _with_typed_key(connection) for name, connection in base.items()}


def _with_typed_key(connection: Connection) -> Connection:
    key = str(st.session_state.get(KEY + connection.name) or "").strip()
    return with_key(connection, key, "The key typed here") if key else connection


def keep() -> None:
    """Keep what was typed while another page is shown; Streamlit drops the value of a widget that is not drawn."""
    for key in list(st.session_state):
        if isinstance(key, str) and (key in _KEPT or key.startswith((KEY, BUILDER, CHOOSE)) or _is_own(key)):
            st.session_state[key] = st.session_state[key]


def leave_history() -> None:
    """Call on every page but History: clears the outcome of its last action, unless that can still be undone."""
    done = st.session_state.get(HISTORY_DONE)
    if done is not None and done.undo is None:
        st.session_state[HISTORY_DONE] = None


def _is_own(key: str) -> bool:
    """Whether it is the key of a setting of one column, of pictures, or of an experiment."""
    name, own, _ = key.partition(OWN)
    if name.endswith(PICTURES):
        return name.removesuffix(PICTURES) in _DRAWN
    if name.endswith(EXPERIMENT):
        return name.removesuffix(EXPERIMENT) in _CHOICE
    return name in SETTINGS and bool(own)


SETTINGS = (SYSTEM, TEMPERATURE, TOP_P, MAX_TOKENS, SEED, STOP, EFFORT, NUM_CTX)
_DRAWN = (
    PICTURE_SIZE, PICTURE_QUALITY, PICTURE_STEPS, PICTURE_GUIDANCE, PICTURE_AVOID, PICTURE_SAMPLER, SEED, TARGETS,
    SEPARATE, COPIES,
)  # fmt: skip
_CHOICE = (*SETTINGS, TARGETS, SEPARATE, COPIES, LOCAL_ONLY)
_KEPT = frozenset({
    *SETTINGS, PROMPT, WANTED, TARGETS, ORDER, FAMILY, SEPARATE, REPEATS, FAIR, LOCAL_ONLY, KEEPS, FOLLOW_UP,
    LOCAL_CONTEXT,
    LIBRARY_WORDS, LIBRARY_TASK, LIBRARY_NAME, LIBRARY_EDIT_TASK, LIBRARY_PROMPT, LIBRARY_NOTES,
    HOW_PROMPT, HOW_MODEL, HOW_TEMPERATURE, HOW_TOP_P, VOLUME, OWN_COST_PER_HOUR,
})  # fmt: skip
