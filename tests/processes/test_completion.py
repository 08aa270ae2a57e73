import shutil
import subprocess
import sys

import pytest

from otel_bridge.cli.main import main


def script_for(shell, capsys):
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


def completed(script, *words):
    line = " ".join(f"'{word}'" for word in words)
    ask = f"COMP_WORDS=({line}) COMP_CWORD={len(words) - 1}\n_otel_bridge\necho ${{COMPREPLY[@]}}"
    code = f"{script}\n{ask}"
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["otel-bridge", "che"], ["check-config"]),
        (["otel-bridge", "--v"], ["--version"]),
        (["otel-bridge", "scrub", "--f"], ["--findings"]),
        (["otel-bridge", "check-config", "--t"], ["--test"]),
        (["otel-bridge", "completion", "f"], ["fish"]),
        (["otel-bridge", "nonsense", ""], []),
    ],
    ids=["command", "option", "option-of-command", "test", "choice", "unknown"],
)
def test_bash_completes_commands_options_and_choices(words, found, capsys):
    assert completed(script_for("bash", capsys), *words) == found


def test_zsh_uses_the_same_through_its_own_bridge(capsys):
    script = script_for("zsh", capsys)

    assert script.startswith("autoload -U +X bashcompinit && bashcompinit\n")
    assert script.endswith(script_for("bash", capsys))


def test_fish_is_told_each_command_with_what_it_does(capsys):
    lines = script_for("fish", capsys).splitlines()

    assert any("-a convert -d 'Read OTLP export bodies" in line for line in lines)
    assert "complete -c otel-bridge -n '__fish_seen_subcommand_from check-config' -l test" in lines


def test_another_shell_is_refused_in_one_line(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["completion", "tcsh"])

    assert ended.value.code == 2
    assert "invalid choice: 'tcsh'" in capsys.readouterr().err.splitlines()[-1]


def test_the_module_is_the_same_as_the_command(capsys):
    done = subprocess.run(
        [sys.executable, "-m", "otel_bridge", "completion", "bash"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == script_for("bash", capsys)
