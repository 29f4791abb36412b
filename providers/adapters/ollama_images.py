"""Ollama models that draw: `/api/generate`, which sends steps and then the picture.

An experiment in Ollama 0.14.3 to 0.32.5, on macOS; later servers refuse it with a message. Owns how a picture is
requested there, and offers the models that the server says can draw. Everything else is in `ollama.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Any, ClassVar

from providers.adapters.base64_picture import picture_in
from providers.adapters.ollama import Ollama
from providers.adapters.ollama_answer import ODD, Answer
from providers.adapters.ollama_listing import draws
from providers.interface import Adjustment, Delta, Request
from providers.measuring.usage import OddCounts
from providers.network.json_lines import JsonLines
from providers.pictures import Drawn, PictureSettings, Step

_ODD_STEPS = OddCounts("completed", "total")


class PictureAnswer(Answer):
    """One answer of steps and a picture while its lines arrive."""

    def take(self, part: Any) -> Sequence[Delta | Drawn | Step]:
        """The step, text or picture in one line."""
        self.parts += 1
        found: list[Delta | Drawn | Step] = []
        if part.total and part.completed and 0 < part.completed <= part.total:
            found.append(Step(part.completed, part.total))
        if part.response:
            self.ending.text_came()
            found.append(Delta("text", part.response))
        if part.image:
            self.ending.text_came()
            found.append(Drawn(picture_in(part.image)))
        self.see_end(part)
        return found

    @property
    def at_once(self) -> bool:
        """Always false, as it would only matter for a text rate."""
        return False


class OllamaImages(Ollama):
    """Adapter for pictures by Ollama."""

    canned: ClassVar[bytes] = (
        b'{"model":"w","created_at":"2026-01-01T00:00:00Z","response":"","done":false,"completed":1,"total":1}\n'
        b'{"model":"w","created_at":"2026-01-01T00:00:00Z","response":"","done":true,"done_reason":"stop",'
        b'"total_duration":4,"load_duration":1,"image":"AA=="}\n'
    )

    def lines(self) -> JsonLines:
        """See `SdkAdapter.lines`."""
        return JsonLines(_without_odd_counts, known=("completed", "image", "response", "done"))

    def new_answer(self) -> PictureAnswer:
        """See `Ollama.new_answer`."""
        return PictureAnswer()

    def asked(self, client: Any, arguments: dict[str, Any]) -> Awaitable[Any]:
        """See `Ollama.asked`."""
        return client.generate(stream=True, **arguments)

    def arguments(self, request: Request) -> dict[str, Any]:
        """See `SdkAdapter.arguments`."""
        settings, asked = request.settings, request.settings.picture or PictureSettings()
        wanted: dict[str, Any] = {
            "width": asked.width, "height": asked.height, "steps": asked.steps,
            "options": None if settings.seed is None else {"seed": settings.seed},
        }  # fmt: skip
        sent = {name: value for name, value in wanted.items() if value is not None}
        return {"model": request.model, "prompt": request.messages[-1].text, **sent}

    def offers(self, shown: Any) -> bool:
        """See `Ollama.offers`."""
        return draws(shown)

    def changes(self, request: Request) -> tuple[Adjustment, ...]:
        """See `SdkAdapter.changes`."""
        settings, asked = request.settings, request.settings.picture or PictureSettings()
        said = [
            Adjustment(name, "Ollama's pictures have no such setting")
            for name, value in (
                ("quality", asked.quality), ("guidance", asked.guidance), ("sampler", asked.sampler),
                ("negative prompt", asked.avoid), ("num_ctx", settings.num_ctx), ("system", settings.system),
            )
            if value is not None
        ]  # fmt: skip
        if request.messages[-1].attachments:
            said.append(Adjustment("attachments", "only the prompt is sent"))
        return tuple(said)


def _without_odd_counts(document: bytes) -> bytes:
    """The document without counts and steps that are not integers, for which the SDK would refuse the picture."""
    return _ODD_STEPS.taken_from(ODD.taken_from(document))
