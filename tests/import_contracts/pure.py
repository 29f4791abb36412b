"""A contract for import-linter: which modules may draw, by pattern; every other one is pure.

A new module is pure unless a pattern lets it draw, so whoever imports Streamlit into one has to say so.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PureModules(Contract):
    """`package`'s modules reach `knows_no` by no path, but for those that `draws` names and `pure` does not.

    Patterns are those of a shell, relative to the package.
    """

    package = fields.StringField()
    knows_no = fields.StringField()
    draws = fields.ListField(subfield=fields.StringField())
    pure = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Every path from a pure module is a violation."""
        package, knows_no = str(self.package), str(self.knows_no)
        names = {name: name.removeprefix(f"{package}.") for name in graph.modules if name.startswith(f"{package}.")}
        pure = [name for name, short in names.items() if not self._draws(short)]
        # A package stands for its own `__init__`, which imports nothing.
        found = {name: graph.find_shortest_chain(name, knows_no) for name in sorted(pure)}
        chains = {name: chain for name, chain in found.items() if chain}
        unused = [
            pattern for pattern in [*self.draws, *self.pure]
            if not any(fnmatchcase(short, pattern) for short in names.values())
        ]  # fmt: skip
        return ContractCheck(kept=not chains and not unused, metadata={"chains": chains, "unused": unused})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """The shortest path of each module."""
        for name, chain in check.metadata["chains"].items():
            output.print_error(f"{name} is pure: {' -> '.join(chain)}")
        for pattern in check.metadata["unused"]:
            output.print_error(f"{pattern} names no module")

    def _draws(self, name: str) -> bool:
        def named(patterns: object) -> bool:
            return isinstance(patterns, list) and any(fnmatchcase(name, str(pattern)) for pattern in patterns)

        return named(self.draws) and not named(self.pure)
