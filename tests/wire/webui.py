"""The WebUI's API byte for byte, as three servers answer it: written from the code of AUTOMATIC1111 1.10, Forge,
SD.Next of July 2026 and stable-diffusion.cpp of August 2026; the last was also tried, with random weights.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

DRAW, PROGRESS, INTERRUPT = "/sdapi/v1/txt2img", "/sdapi/v1/progress", "/sdapi/v1/interrupt"
LISTING = "/sdapi/v1/sd-models"
MODEL, HASH = "sd_xl_base_1.0", "31e35c80fc"
MODELS: list[dict[str, Any]] = [
    {
        "title": f"{MODEL}.safetensors [{HASH}]", "model_name": MODEL, "hash": HASH,
        "sha256": f"{HASH}4829d14f90153f4c74cd59c90b779f6afe05a74cd6120b893f7e5b",
        "filename": f"/home/ada/stable-diffusion-webui/models/Stable-diffusion/{MODEL}.safetensors", "config": None,
    },
    {
        "title": "flux/flux1-schnell.safetensors", "model_name": "flux_flux1-schnell", "hash": None, "sha256": None,
        "filename": "C:\\webui\\models\\Stable-diffusion\\flux\\flux1-schnell.safetensors", "config": None,
    },
]  # fmt: skip
_ASKED = {"prompt": "A cat.", "negative_prompt": "", "seed": -1, "steps": 20, "sampler_name": "Euler a"}


def answer(picture: bytes, **info: Any) -> dict[str, Any]:
    """AUTOMATIC1111's and Forge's whole answer; `info` replaces what it tells of the picture."""
    told = {
        "prompt": "A cat.", "all_prompts": ["A cat."], "negative_prompt": "", "all_negative_prompts": [""],
        "seed": 3735928559, "all_seeds": [3735928559], "subseed": 7, "all_subseeds": [7], "subseed_strength": 0,
        "width": 512, "height": 512, "sampler_name": "Euler a", "cfg_scale": 7.0, "steps": 20, "batch_size": 1,
        "restore_faces": False, "face_restoration_model": None, "sd_model_name": MODEL, "sd_model_hash": HASH,
        "sd_vae_name": None, "sd_vae_hash": None, "seed_resize_from_w": -1, "seed_resize_from_h": -1,
        "denoising_strength": None, "extra_generation_params": {"Schedule type": "Karras"},
        "index_of_first_image": 0, "infotexts": ["A cat.\nSteps: 20, Sampler: Euler a"], "styles": [],
        "job_timestamp": "20261129153000", "clip_skip": 1, "is_using_inpainting_conditioning": False,
        "version": "v1.10.1",
    } | info  # fmt: skip
    return {"images": [b64encode(picture).decode()], "parameters": _ASKED, "info": json.dumps(told)}


def progress(
    job: str = "", step: int = 0, steps: int = 0, preview: bytes | None = None, *, interrupted: bool = False
) -> dict[str, Any]:
    """What the server is at; without a job, at nothing."""
    return {
        "progress": step / steps if steps else 0.0, "eta_relative": 0.0,
        "state": {
            "skipped": False, "interrupted": interrupted, "stopping_generation": False, "job": job,
            "job_count": 1 if job else 0, "job_timestamp": "20261129153000", "job_no": 0, "sampling_step": step,
            "sampling_steps": steps,
        },
        "current_image": b64encode(preview).decode() if preview else None, "textinfo": None,
    }  # fmt: skip


def error(name: str, detail: Any = "", errors: str = "") -> dict[str, Any]:
    """AUTOMATIC1111's errors; Forge's are `{"detail": …}` alone."""
    return {"error": name, "detail": detail, "body": "", "errors": errors}


def of_sdcpp(picture: bytes, seed: int = 42, *, told: bool = True) -> dict[str, Any]:
    """The answer of stable-diffusion.cpp's server; `told`: as since August 2026, before which `info` was empty."""
    info = {
        "prompt": "A cat.", "seed": seed, "cfg_scale": 7.0, "width": 512, "height": 512, "steps": 20,
        "sampler_name": "euler_a", "sd_model_name": f"{MODEL}.safetensors", "version": "stable-diffusion.cpp",
        "infotexts": [in_file_of_sdcpp(seed=seed)], "all_prompts": ["A cat."], "all_negative_prompts": [""],
        "all_seeds": [seed],
    }  # fmt: skip
    info_text = json.dumps(info) if told else ""
    return {"images": [b64encode(picture).decode()], "parameters": {"prompt": "A cat."}, "info": info_text}


def in_file_of_sdcpp(prompt: str = "A cat.", seed: int = 42, sampler: str = "euler_a") -> str:
    """What stable-diffusion.cpp writes into a PNG, as the field `parameters`."""
    more = {"mode": "img_gen", "prompt": {"negative": "", "positive": prompt}, "sampling": {"steps": 20}, "seed": seed}
    return (
        f"{prompt}\nSteps: 20, CFG scale: 7.000000, Guidance: 3.500000, Eta: inf, Seed: {seed}, Size: 512x512, "
        f"Model: {MODEL}.safetensors, RNG: cuda, Sampler: {sampler}, Version: stable-diffusion.cpp, "
        f"SDCPP: {json.dumps(more)}"
    )
