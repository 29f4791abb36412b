"""Program code as HTML with a few classes; the style sheet holds the colours, light and dark.

Owns the choice of languages and the reduction of their many token types to a dozen classes. Refuses
inline styles, guessing a language, and any change of the code: what a lexer alters is shown uncoloured.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType  # pyright: ignore[reportPrivateUsage]

from prompts.core.printable import escape

LANGUAGES = frozenset(
    "awk bash c c# c++ clojure cmake console cpp cs csharp css dart diff docker dockerfile elixir erlang f# fortran"
    " fsharp go golang graphql groovy haskell hs html http ini java javascript js json jsx julia kotlin latex lua"
    " make makefile matlab nginx nix objective-c ocaml pascal perl php powershell proto protobuf ps1 py pycon python"
    " r rb rs ruby rust scala scheme scss sh shell sql swift tcl terraform tex toml ts tsx typescript vim vue"
    " xml yaml yml zig zsh".split()
)
_LONGEST = 20_000

_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Token.Comment.Preproc, "k"),
    (Token.Comment, "c"),
    (Token.Keyword.Constant, "n"),
    (Token.Keyword.Type, "t"),
    (Token.Keyword, "k"),
    (Token.Operator.Word, "k"),
    (Token.Literal.String, "s"),
    (Token.Literal.Number, "n"),
    (Token.Name.Function, "f"),
    (Token.Name.Class, "t"),
    (Token.Name.Decorator, "f"),
    (Token.Name.Tag, "k"),
    (Token.Name.Attribute, "f"),
    (Token.Name.Builtin, "b"),
    (Token.Name.Exception, "t"),
    (Token.Generic.Deleted, "d"),
    (Token.Generic.Inserted, "i"),
    (Token.Generic.Heading, "t"),
    (Token.Generic.Subheading, "t"),
    (Token.Generic.Prompt, "c"),
)


def code_block(code: str, language: str, *, coloured: bool = True) -> str:
    """Safe HTML of a block of code, labelled with its language; `coloured` may be off while it is still arriving."""
    label = f' data-lang="{escape(language[:30])}"' if language else ""
    inner = _spans(code, language.lower()) if coloured else escape(code, quote=False)
    return f"<pre{label}><code>{inner}</code></pre>\n"


@lru_cache(maxsize=256)
def _spans(code: str, language: str) -> str:
    lexer = _lexer(language) if language in LANGUAGES and len(code) <= _LONGEST else None
    tokens = [(_class(kind), text) for kind, text in lexer.get_tokens(code)] if lexer else []
    if "".join(text for _, text in tokens) != code:
        return escape(code, quote=False)
    runs = ((name, "".join(text for _, text in run)) for name, run in groupby(tokens, key=lambda token: token[0]))
    return "".join(_span(name, escape(text, quote=False)) for name, text in runs)


def _span(name: str, html: str) -> str:
    return f'<span class="{name}">{html}</span>' if name else html


@lru_cache(maxsize=len(LANGUAGES))
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)


@lru_cache(maxsize=512)
def _class(kind: _TokenType) -> str:
    return next((name for parent, name in _CLASSES if kind in parent), "")
