"""The program of the asking process: adds services of the higher layers to runs, and knows nothing of the screen.

python -m prompts.cli.asking_process FOLDER NAME
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from prompts.asking.place import Place
from prompts.asking.process import Service, ask_for_others
from prompts.asking.runner import Runner
from prompts.experiments.experiments import Experiments
from prompts.experiments.gate import AT_ONCE
from prompts.record.recorder import Recorder
from prompts.workers.joined import Joined


def _services(runner: Runner, recorder: Recorder) -> Mapping[str, Service]:
    experiments = Experiments(runner, recorder)
    joined = Joined(experiments, recorder, runner.configuration, kind="dashboard", at_once=AT_ONCE)
    return {"experiments": experiments, "worker": joined}


def main() -> int:
    """Run the asking process until nobody needs it. The arguments are the folder and name of its `Place`."""
    folder, name = sys.argv[1:]
    asyncio.run(ask_for_others(Place(Path(folder), name), _services))
    return 0


if __name__ == "__main__":
    sys.exit(main())
