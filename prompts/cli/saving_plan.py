"""`collate run --save-as`: saves a plan in another file format; nothing is sent."""

from __future__ import annotations

from pathlib import Path

from prompts.cli.setup import say
from prompts.experiments.plan import Plan, PlanError
from prompts.experiments.plan_writer import dumps
from prompts.experiments.promptfoo.exporting import export_config


def save_plan(plan: Plan, file: Path) -> int:
    """Write the plan in the format of the file's ending: `.toml` ours, `.yaml` promptfoo's.

    Returns 0. Raises `PlanError`.
    """
    match file.suffix.lower():
        case ".toml":
            text = dumps(plan)
        case ".yaml" | ".yml":
            text, notes = export_config(plan)
            for note in notes:
                say(note)
        case _:
            raise PlanError(
                f"{file} ends neither in .toml nor in .yaml (promptfoo's), so it is not clear what to write."
            )
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        raise PlanError(f"{file} already exists. Name another file, or delete that one.") from None
    except OSError as exc:
        raise PlanError(f"{file} cannot be written: {exc.strerror}.") from None
    print(f"Saved as {file}. Nothing was sent.")
    return 0
