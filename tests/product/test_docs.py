"""What the README promises is what the program does; the layers are what DESIGN says."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import click
import pytest

from index.settings import flag, variable
from qa.cli import commands
from qa.settings import Settings

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_settings_table_is_the_real_one() -> None:
    table = [
        [f"`{flag(name)}`", f"`{variable(name)}`", f"`{field.default}`", field.description]
        for name, field in Settings.model_fields.items()
    ]
    rows = [
        [cell.strip() or "`None`" for cell in row.split("|")[1:-1]]
        for row in README.splitlines()
        if row.startswith("| `--")
    ]
    assert rows == table


def test_every_setting_is_a_flag_of_some_command() -> None:
    flags = {
        option
        for command in commands.commands.values()
        for parameter in command.params
        for option in parameter.opts
    }
    assert {flag(name) for name in Settings.model_fields} <= flags


def test_the_readme_names_every_command_and_no_other() -> None:
    lines = [line for block in [*blocks("sh"), *blocks("console")] for line in block.splitlines()]
    used = set()
    for line in lines:
        words = shlex.split(line.removeprefix("$ "), comments=True)
        if not words or Path(words[0]).name != "qa":
            continue
        command = commands.commands[words[1]]
        context = click.Context(command)
        command.parse_args(context, words[2:])  # raises for flags and arguments that do not exist
        used.add(words[1])
    assert used == set(commands.commands)


def test_make_targets_that_the_documents_name_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"\bmake ([a-z]+)", "\n".join(blocks("sh")) + contributing))
    assert {"chat", "test", "check"} <= named
    assert named <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


@pytest.mark.parametrize("example", blocks("python"))
def test_the_python_examples_run(
    example: str, seeds_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QA_INDEX", str(seeds_index))
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102  # it is our own


def test_the_index_never_imports_the_asking_side() -> None:
    for path in (ROOT / "index").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
                assert "qa" not in {name.split(".")[0] for name in names}, path


def test_no_file_records_where_packages_come_from() -> None:
    for path in [*ROOT.glob("*.lock"), ROOT / "pyproject.toml", ROOT / "Makefile", ROOT / ".ci/run"]:
        text = path.read_text("utf-8")
        assert not re.search(r"index-url|find-links|https?://", text), path


def test_locked_packages_all_have_hashes() -> None:
    for path in ROOT.glob("*.lock"):
        entries = re.split(r"^(?=[a-z0-9])", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
        assert len(entries) > 50
        assert all("--hash=sha256:" in entry for entry in entries), path
