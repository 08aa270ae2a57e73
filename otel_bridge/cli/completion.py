"""``otel-bridge completion``: what makes a shell complete our commands and their options."""

import argparse
from collections.abc import Callable, Iterator

_PROGRAM = "otel-bridge"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "completion",
        help="print the completion script of a shell",
        description="Print a script that makes a shell complete otel-bridge. For bash: "
        'eval "$(otel-bridge completion bash)" in ~/.bashrc; for zsh the same in ~/.zshrc after '
        "compinit; for fish: otel-bridge completion fish > "
        "~/.config/fish/completions/otel-bridge.fish",
    )
    parser.add_argument("shell", choices=sorted(_SCRIPTS))

    def run(parsed: argparse.Namespace) -> int:
        print(_SCRIPTS[parsed.shell](dict(commands.choices)))
        return 0

    parser.set_defaults(run=run)


def _bash(commands: dict[str, argparse.ArgumentParser]) -> str:
    cases = "\n".join(
        f'        {name}) words="{" ".join(_words(parser))}" ;;'
        for name, parser in commands.items()
    )
    return f"""_otel_bridge() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" words="{" ".join(commands)} --help --version"
    if [ "$COMP_CWORD" -gt 1 ]; then
        case "${{COMP_WORDS[1]}}" in
{cases}
        *) words="" ;;
        esac
    fi
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _otel_bridge {_PROGRAM}"""


def _zsh(commands: dict[str, argparse.ArgumentParser]) -> str:
    return f"autoload -U +X bashcompinit && bashcompinit\n{_bash(commands)}"


def _fish(commands: dict[str, argparse.ArgumentParser]) -> str:
    lines = []
    for name, parser in commands.items():
        about = (parser.description or name).split(".")[0].replace("'", "\\'")
        lines.append(f"complete -c {_PROGRAM} -f -n __fish_use_subcommand -a {name} -d '{about}'")
        lines += [
            f"complete -c {_PROGRAM} -n '__fish_seen_subcommand_from {name}' -l {word[2:]}"
            if word.startswith("--")
            else f"complete -c {_PROGRAM} -n '__fish_seen_subcommand_from {name}' -a {word}"
            for word in _words(parser)
        ]
    return "\n".join(lines)


def _words(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the long options of a command, and the words it chooses from."""
    for action in parser._actions:  # noqa: SLF001  # argparse has no public way to list them
        yield from (option for option in action.option_strings if option.startswith("--"))
        if not action.option_strings and action.choices:
            yield from map(str, action.choices)


_SCRIPTS: dict[str, Callable[[dict[str, argparse.ArgumentParser]], str]] = {
    "bash": _bash,
    "fish": _fish,
    "zsh": _zsh,
}
