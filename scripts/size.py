"""Print how large factdesk is beside what it is meant to stay under."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "factdesk"
LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def code_lines(text: str) -> int:
    """Count the lines of Python that are no docstring, no comment and not blank."""
    docstrings = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in LAYOUT:
            code.update(range(token.start[0], token.end[0] + 1))
    return len(code - docstrings)


def main() -> None:
    """Print each figure beside its target."""
    sources = {file: file.read_text("utf-8") for file in PACKAGE.rglob("*.py")}
    lines = {file: len(text.splitlines()) for file, text in sources.items()}
    code = {file: code_lines(text) for file, text in sources.items()}
    largest = max((file for file in lines if file.name != "ledger.py"), key=lines.__getitem__)
    tests = sum(len(file.read_text("utf-8").splitlines()) for file in (ROOT / "tests").rglob("*.py"))
    figures = [
        ("Python lines in src/", sum(lines.values()), 17_500),
        ("code lines (no docstrings, comments, blanks)", sum(code.values()), 11_000),
        ("of them in charts/", sum(n for file, n in code.items() if file.parent.name == "charts"), 2_200),
        ("files at the top of src/factdesk/", sum(file.parent == PACKAGE for file in sources), 12),
        (f"largest module but ledger.py ({largest.relative_to(PACKAGE)})", lines[largest], 500),
        ("test lines", tests, 16_000),
    ]
    for name, value, target in figures:
        print(f"{name:<62} {value:>7,}  {'' if value <= target else 'over '}{target:,}")


if __name__ == "__main__":
    main()
