"""Whether two names mean the same model, in the spellings of hosts, files and gateways.

Pure. Owns the normal form of a model's name, which separates parts that make it another model (words, versions, sizes)
from those that only say where, when or how it is served (paths, prefixes, dates, variants, quantisation). A part that
only one name has is no contradiction; parts that both have must agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a model's name that identify it."""

    words: tuple[str, ...]
    """Sorted, as vendors and gateways order them differently: `claude-sonnet-4.5`, `claude-4.5-sonnet`."""
    version: tuple[str, ...]
    """In order, without trailing zeros: `4.0` is `4`."""
    size: tuple[str, ...]
    """Parameters, active parameters, experts: `8x7b`, `30b`, `a3b`, `128e`. Empty: not given."""
    instruct: bool
    dated: str
    """The digits of a date or a build (`v0.1`). Empty: not given."""
    quantisation: str
    latest: bool
    tuned: str
    """The name of a fine-tuning. Empty: none."""


@lru_cache(maxsize=1024)
def same_model(asked: str, answered: str) -> bool:
    """Whether `answered` can be the name of the model that was asked."""
    if asked.strip().lower() in _UNNAMED or _file(asked) == _file(answered):
        return True
    ours, theirs = normal(asked), normal(answered)
    return (
        ours.tuned == theirs.tuned
        and _same_words(ours, theirs)
        and _agree(ours.dated, theirs.dated)
        and (not ours.quantisation or not theirs.quantisation or ours.quantisation == theirs.quantisation)
        and (not ours.size or not theirs.size or ours.size == theirs.size)
        # Hosts complete a short name; but a name with a size and without "instruct" is that of the base model,
        # except at Ollama, whose `gemma3:27b` is the instruct variant.
        and (not ours.instruct or theirs.instruct or not theirs.size or ":" in answered)
    )


def _file(name: str) -> str:
    """The last part of a path, which is all that identifies a file named `model.gguf`."""
    return re.split(r"[\\/]", name.strip().lower())[-1]


def _same_words(ours: Name, theirs: Name) -> bool:
    if ours.latest and not theirs.latest:  # `gemini-flash-latest` is whichever version is the latest, even a preview
        words = tuple(word for word in theirs.words if word not in ("preview", "exp"))
        return ours.words in (words, theirs.words) and theirs.version[: len(ours.version)] == ours.version
    return (ours.words, ours.version) == (theirs.words, theirs.version)


def _agree(one: str, other: str) -> bool:
    """Whether two dates can be the same: `0806` and `20240806`."""
    return not one or not other or one in other or other in one


@cache
def normal(model: str) -> Name:
    """The normal form of `model`, as spelled by a provider, a gateway, a server or a file."""
    name, tuned = model.strip().lower(), ""
    if name.startswith("ft:"):
        _, name, *rest = name.split(":")
        tuned = ":".join(rest)
    name = _shortened(_last_part(name))
    dated = "".join(re.findall(r"\d", found[0])) if (found := _DATE.search(name)) else ""
    name = _DATE.sub("", name, count=1)
    quantisation = "".join(each for match in _QUANTISED.finditer(name) if (each := match["kind"] or ""))
    parts = _PART.findall(_QUANTISED.sub("", name))
    size = tuple(part for part in parts if _SIZE.fullmatch(part))
    words = [part for part in parts if part.isalpha()]
    version = [n for part in parts if part not in size and part not in words for n in part.split(".")]
    while len(version) > 1 and version[-1] == "0":
        version.pop()
    return Name(
        tuple(sorted(word for word in words if word not in _INSTRUCT or "gpt" in words)),
        tuple(version), size, any(word in _INSTRUCT for word in words), dated, quantisation.replace("_", ""),
        "latest" in re.split(r"[^a-z]", model.lower()), tuned,
    )  # fmt: skip


def _last_part(name: str) -> str:
    """The name itself, out of a path, a repository, a cache folder or an account: `models/x`, `/models/x.gguf`."""
    parts = [part for part in re.split(r"[\\/]+", name.partition("#")[0]) if part]
    for part in reversed(parts):
        if part.startswith("models--"):  # Hugging Face's cache
            return part.split("--")[-1]
    kept = [part for part in parts if not _NAMELESS.fullmatch(part)]
    return (kept or parts or [""])[-1]


def _shortened(name: str) -> str:
    """The name without parts that say how it is served."""
    for pattern, instead in _SERVED:
        name = re.sub(pattern, instead, name)
    return name


_UNNAMED = frozenset({"", "default", "local-model", "model", "auto", "openrouter/auto", "model-router"})
"""Names for which the server chooses the model."""
_INSTRUCT = ("instruct", "it")
"""What only marks the instruct variant, as `llama-3.1-8b-instruct` is what hosts call `llama-3.1-8b`;
but `gpt-3.5-turbo-instruct` is a different model."""
_NAMELESS = re.compile(r"(?:ggml-)?model(?:s)?(?:[-.].*)?|snapshots|latest|[0-9a-f]{16,}|\.\.?")
"""Parts of a path that name no model: `model.gguf`, a commit."""

_SERVED: tuple[tuple[str, str], ...] = (
    (r"\.(?:gguf|ggml|safetensors|bin|onnx|llamafile)$", ""),
    (r"-\d{5}-of-\d{5}$", ""),
    (
        r":(?:free|nitro|floor|online|extended|beta|thinking|exacto|latest|fastest|cheapest|preferred|cloud|"
        r"cerebras|cohere|fireworks-ai|groq|hf-inference|hyperbolic|nebius|novita|nscale|sambanova|together)$",
        "",
    ),
    (r"-v\d+:\d+(?::\w+)?$", ""),  # Amazon Bedrock
    (r"-v\d+(?=@)", ""),  # Vertex: claude-3-5-sonnet-v2@20241022
    (
        r"^(?:(?:us|eu|apac|global|us-gov|jp|au|ca)\.)?"
        r"(?:anthropic|meta|mistral|amazon|cohere|deepseek|openai|qwen)\.",
        "",
    ),
    (r"^meta-(?=llama)", ""),
    (r"(?<=\d)p(?=\d)", "."),  # Fireworks writes v3p1
    (r"^gpt-35(?=-|$)", "gpt-3.5"),  # so does Azure, without the point
    (r"(?<![a-z])v(?=\d)", ""),
    (r"[-@:](?:latest|default|stable|maas|cloud|tput|basic)(?=$|[-@:])", ""),
)  # fmt: skip
_EDGE = r"(?=$|[-@:_.])"
_DATE = re.compile(
    rf"[-@:_.](?:20\d\d-[01]\d-[0-3]\d|20\d\d[01]\d[0-3]\d|[01]\d-20\d\d|[01]\d-[0-3]\d|\d{{6}}|\d{{4}}|00\d|0\.\d){_EDGE}"
)
_QUANTISED = re.compile(
    r"[-@:_.](?:gguf|ggml|hf|mlx|exl2|exl3|bnb|imatrix|i1|ud|dynamic|"
    r"(?P<kind>i?q\d(?:_[0-9a-z]+)*|[bfm]?fp?\d{1,2}(?:_e\dm\d)?|bf16|nvfp4|mxfp4|int[48]|awq|gptq|"
    rf"w\d+a\d+|[2-8]-?bits?|\d(?:\.\d+)?bpw)){_EDGE}"
)
_SIZE = re.compile(r"[ae]?\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?[bmet]")
_PART = re.compile(rf"(?<![a-z]){_SIZE.pattern}(?![a-z])|\d+(?:\.\d+)?[a-z]*|[a-z]+")
