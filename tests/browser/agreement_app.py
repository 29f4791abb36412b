"""What the answers of a made-up run agree on: the harness of `test_agreement.py`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from dashboard.results.agreement import show_agreement
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.completion import Completion, Cost, Timings
from tests.runs import answer_of, run_of

ANSWERS = {
    "openai:gpt-5": """## The Eiffel Tower

The **Eiffel Tower** was built in 1889 by the company of Gustave Eiffel. It stands on the Champ de Mars in Paris.

- It is 330 metres (1,083 feet) tall.
- The tower is painted every seven years.
- About 5.9 million people visited the tower in 2022.

| part | height |
|---|---|
| first floor | 57 m |
| summit | 276 m |

The tower was the tallest structure in the world until 1930. It is not a radio mast only: <b onclick="x">hundreds</b>
of restaurants' guests dine there. Would you like to know more?
""",
    "anthropic:claude-sonnet-4-5": """The Eiffel Tower was built in 1889. It was designed by engineers Maurice Koechlin
and Émile Nouguier, who worked for Gustave Eiffel.

The tower is painted every seven years. It was the tallest structure in the world until 1930, when the Chrysler
Building overtook it. The lifts of the tower are not open at night. See https://www.toureiffel.paris for tickets.
""",
    "google:gemini-2.5-pro": """The Eiffel Tower was built in 1887, and it stands on the Champ de Mars in Paris.

1. The tower is painted every ten years.
2. The Chrysler Building in New York overtook it in 1930.
3. The lifts of the tower are open at night.

```python
height_m = 330
```
""",
    "ollama:llama3.3": """The Eiffel Tower was built in 1889. It stands on the Champ de Mars in Paris. The tower is
painted every seven years. In 2022, about 5.9 million people visited the tower. Gustave Eiffel also built a part of the
Statue of Liberty.
""",
}
BARE = Completion(
    provider="", model="", endpoint="this process", state="complete", text="", thinking="",
    started_at=datetime(2026, 11, 20, tzinfo=UTC), timings=Timings(), cost=Cost("local"),
)  # fmt: skip


def finished(texts: dict[str, str], run_id: str) -> Run:
    """A run that has all its answers; an empty one failed. `name · 2` repeats the model `name`."""
    targets = [Target(*name.partition(" · ")[0].split(":", 1)) for name in texts]
    answers = [
        answer_of(
            target, n, targets.index(target), int(name.partition(" · ")[2] or 1) - 1,
            done=replace(
                BARE, provider=target.provider, model=target.model, state="complete" if text else "failed", text=text
            ),
        )
        for n, (target, (name, text)) in enumerate(zip(targets, texts.items(), strict=True))
    ]  # fmt: skip
    return run_of("Tell me of the Eiffel Tower.", answers, id=run_id)


if __name__ == "__main__":
    st.set_page_config(layout="wide")
    match st.query_params.get("run", "four"):
        case "one":
            show_agreement(finished({"openai:gpt-5": ANSWERS["openai:gpt-5"], "mistral:broken": ""}, "one"))
        case "same":
            show_agreement(
                finished({"openai:gpt-5": "The answer is 42.", "openai:gpt-5 · 2": "The answer is 41."}, "same")
            )
        case _:
            show_agreement(finished(ANSWERS | {"mistral:mistral-large": ""}, "four"))
