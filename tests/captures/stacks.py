"""Write down what runtimes print for exceptions, as test data.

    python tests/captures/stacks.py FOLDER PYTHON...

Uses the Python interpreters that are given, and node, java, go and rustc where they are installed.
The programs run in FOLDER, which should have a neutral name such as /srv/shop: it is in the texts.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = HERE / "runtimes"
OUT = HERE / "stacks"
TOO_LONG = "overflow"


def run(*command: str | Path, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env={"PATH": "/usr/bin:/bin", **environ},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def save(name: str, texts: dict[str, str]) -> None:
    texts.pop(TOO_LONG, None)
    (OUT / f"{name}.json").write_text(json.dumps(texts, indent=1) + "\n", encoding="utf-8")
    print(name, len(texts))


def main() -> None:
    folder, *pythons = sys.argv[1:]
    work = Path(folder)
    shutil.copytree(PROGRAMS, work, dirs_exist_ok=True)
    for python in pythons:
        version = run(python, "-c", "import sys; print(*sys.version_info[:2], sep='.')", cwd=work)
        texts = run(python, work / "shop.py", cwd=work).stdout
        save(f"python-{version.stdout.strip()}", json.loads(texts))
    if node := shutil.which("node"):
        major = run(node, "--version", cwd=work).stdout[1:].partition(".")[0]
        save(f"node-{major}", json.loads(run(node, "fail.mjs", cwd=work).stdout))
    if javac := shutil.which("javac"):
        run(javac, "-g", "-d", "classes", "Shop.java", cwd=work)
        major = run(javac, "--version", cwd=work).stdout.split()[1].partition(".")[0]
        texts = run("java", "-cp", "classes", "com.example.shop.Shop", cwd=work).stdout
        save(f"java-{major}", json.loads(texts))
    if go := shutil.which("go"):
        version = run(go, "version", cwd=work).stdout.split()[2].removeprefix("go")
        # Without inlining, so that every call has a frame.
        run(go, "build", "-gcflags=-l", "-o", "shop", ".", cwd=work, GOCACHE=f"{folder}/cache")
        save(f"go-{version.rpartition('.')[0]}", json.loads(run("./shop", cwd=work).stdout))
    if rustc := shutil.which("rustc"):
        version = run(rustc, "--version", cwd=work).stdout.split()[1].rpartition(".")[0]
        run(rustc, "-g", "-o", "shop-rs", "shop.rs", cwd=work)
        texts = json.loads(run("./shop-rs", cwd=work).stdout)
        texts["panic"] = run("./shop-rs", "panic", cwd=work, RUST_BACKTRACE="1").stderr
        full = run("./shop-rs", "unwrap", cwd=work, RUST_BACKTRACE="full").stderr
        texts["unwrap_full"] = full[full.index("stack backtrace:") :]
        save(f"rust-{version}", texts)


if __name__ == "__main__":
    main()
