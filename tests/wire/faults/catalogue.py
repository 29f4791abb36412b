"""The catalogue of faults: one table that every provider is run through by its row in `tests/wire/dialects.py`
or, of pictures, `tests/wire/picture_dialects.py`.

`python -m tests.wire.faults.catalogue` says how many rows and cells there are. What only one vendor does is in that
vendor's tests; what befalls our own process is in `strains.py`; how vendors word their failures is in
`tests/wire/failures.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.wire.dialects import DIALECTS, Dialect
from tests.wire.every import EVERY
from tests.wire.faults.answers import ANSWERS
from tests.wire.faults.connection import CONNECTION
from tests.wire.faults.fault import Fault
from tests.wire.faults.lines import FORMS
from tests.wire.faults.packing import PACKING
from tests.wire.faults.silence import SILENCE
from tests.wire.faults.strains import STRAINS

CATALOGUE: tuple[Fault, ...] = (*ANSWERS, *PACKING, *FORMS, *CONNECTION, *SILENCE)


def cells(*when: str, dialects: Iterable[Dialect] = DIALECTS) -> list[tuple[Fault, Dialect]]:
    """Each fault that is played then, in each format it comes in."""
    return [(row, each) for row in CATALOGUE if row.when in when for each in dialects if row.comes_in(each)]


if __name__ == "__main__":
    every = cells("asked", "connected", "read", "waited for", dialects=EVERY)
    count = len(every) + len(STRAINS) * len(EVERY)
    print(f"{len(CATALOGUE)} rows of faults, {len(STRAINS)} of strains, {len(EVERY)} formats, {count} cells")
