"""The columns of the cases: the tests' variables, their filtered values, and what checks need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from prompts.experiments.cases import Cases, made
from prompts.experiments.plan import PlanError
from prompts.experiments.promptfoo.reading import named
from prompts.experiments.promptfoo.templates import Template

_ALONE = "case"  # a table needs at least one column


class Columns:
    """Collects columns as prompts and checks ask for them; a missing value is reported, never silently empty."""

    def __init__(self, tests: Sequence[Mapping[str, str]]) -> None:
        self._size = len(tests)
        names = dict.fromkeys(name for test in tests for name in test)
        self._cells: dict[str, list[str | None]] = {name: [test.get(name) for test in tests] for name in names}
        self._missing: dict[str, list[int]] = {}

    def values(self, case: int) -> Mapping[str, str]:
        """The values of one case; missing ones are empty, and were noted by `require`."""
        return {name: cells[case] or "" for name, cells in self._cells.items()}

    def filled(self, template: Template, case: int) -> str:
        """A text with the values of one case filled in; notes the columns it needs."""
        self.require(template, [case])
        values = self.values(case)
        return template.filled({**dict.fromkeys(template.missing(values), ""), **values})

    def require(self, template: Template, cases: Iterable[int]) -> None:
        """Note which of the cases lack variables of `template`, and add columns for its filters."""
        wanted = list(cases)
        for value in template.values:
            cells = self._cells.get(value.name, [None] * self._size)
            gone = self._missing.setdefault(value.name, [])
            gone += [case + 1 for case in wanted if cells[case] is None and case + 1 not in gone]
            if value.column not in self._cells and value.name in self._cells:
                self._cells[value.column] = [None if c is None else value.of({value.name: c}) for c in cells]

    def add(self, name: str, cells: Mapping[int, str]) -> str:
        """Add a column with these cells, under that name or a similar one that is free. Returns the name."""
        column, n = name, 1
        while column in self._cells:
            column = f"{name} {(n := n + 1)}"
        self._cells[column] = [cells.get(case) for case in range(self._size)]
        return column

    def cases(self) -> Cases:
        """The table. Raises `PlanError` that names every variable that a case lacks."""
        gone = {name: cases for name, cases in self._missing.items() if cases}
        if gone:
            said = ", ".join(f"{{{{{name}}}}} ({named(cases)})" for name, cases in gone.items())
            raise PlanError(f"The tests give no value for {said}. promptfoo would leave it empty without saying so.")
        columns = list(self._cells)
        if not columns:
            return made([_ALONE], [[str(n)] for n in range(1, self._size + 1)])
        rows = [[self._cells[name][case] or "" for name in columns] for case in range(self._size)]
        if not all(any(cell.strip() for cell in row) for row in rows):  # a row without text is not a row of a table
            columns.append(self.add(_ALONE, {n: str(n + 1) for n in range(self._size)}))
            rows = [[*row, str(n)] for n, row in enumerate(rows, 1)]
        return made(columns, rows)
