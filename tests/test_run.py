"""``./run`` with make-believe installers: what it does, how often, and what it says when it fails.

The real installation is tried in a bare Debian (benchmarks/SETUP.md).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ["sh", "cat", "chmod", "cksum", "cp", "dirname", "find", "flock", "id", "mkdir"]
TOOLS += ["printf", "readlink", "rm", "sed", "sleep", "sort", "tail", "tr"]

PYTHON = r"""#!/bin/sh
case "$1 $2" in
"-c "*) echo '3.14.0 make-believe' ;;
'-m venv') mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
'-m pip')
    case "$3" in
    config) exit 1 ;;
    install)
        echo "pip $*" >>"$CALLS"
        sleep 0.5
        if [ -n "${OFFLINE:-}" ]; then echo 'no route to the packages'; exit 1; fi
        bin=$(dirname "$0")
        printf '#!/bin/sh\necho "uv $*" >>"$CALLS"\n' >"$bin/uv"
        printf '#!/bin/sh\necho "pytest $*"\n' >"$bin/pytest"
        chmod +x "$bin/uv" "$bin/pytest" ;;
    esac ;;
'-P -m') shift 3; pwd; for word in "$@"; do echo "<$word>"; done ;;
esac
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    checkout = tmp_path / "check out"
    checkout.mkdir()
    for path in (ROOT / "run", ROOT / "pyproject.toml", *ROOT.glob("requirements*.lock")):
        shutil.copy(path, checkout)
    return checkout


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH with a shell's usual tools and nothing else."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS:
        place = shutil.which(name)
        if place is not None:
            (tools / name).symlink_to(place)
    return tools


@pytest.fixture
def python(tools: Path) -> Path:
    """A make-believe Python that notes what is installed in the file ``calls``."""
    python = tools / "python3.14"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return python


@pytest.fixture
def environment(tmp_path: Path, tools: Path) -> dict[str, str]:
    return {
        "PATH": str(tools),
        "HOME": str(tmp_path),
        "CALLS": str(tmp_path / "calls"),
        "DATABASE_URL": "postgresql://a-server-of-ours",
        "LC_ALL": "C.UTF-8",
    }


@pytest.fixture
def run(checkout: Path, environment: dict[str, str], tmp_path: Path) -> Run:
    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [checkout / "run", *words],
            env={**environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )

    return run


def calls(environment: dict[str, str]) -> list[str]:
    """What was installed since the last time, as the lock's or the folder's name."""
    path = Path(environment["CALLS"])
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return [Path(line.rpartition("/")[2]).name for line in lines]


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_the_shell_reads_it(shell: str):
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    subprocess.run([shell, "-n", ROOT / "run"], check=True)
    subprocess.run([shell, "-n", ROOT / ".ci" / "run"], check=True)


@pytest.mark.parametrize("words", [(), ("help",), ("--help",)])
def test_help_needs_nothing(run: Run, checkout: Path, words: tuple[str, ...]):
    result = run(*words)
    assert result.returncode == 0
    assert "./run demo" in result.stdout
    assert "样例县" in result.stdout
    assert not (checkout / "var").exists()


def test_first_start_installs_and_later_ones_do_not(
    run: Run, python: Path, environment: dict[str, str], tmp_path: Path
):
    result = run("gaps", "--households", "my file.csv", "")
    assert result.returncode == 0, result.stderr
    # Relative names mean the caller's folder, and standard output is the program's.
    said = [str(tmp_path), "<gaps>", "<--households>", "<my file.csv>", "<>"]
    assert result.stdout.splitlines() == said
    assert calls(environment) == ["requirements-tools.lock", "requirements.lock", "check out"]
    again = run("demo", "--once")
    assert again.stdout.splitlines() == [str(tmp_path), "<demo>", "<--once>"]
    assert again.stderr == ""
    assert calls(environment) == []


def test_demo_and_test_share_one_environment(run: Run, python: Path, environment: dict[str, str]):
    run("demo")
    calls(environment)
    result = run("test", "tests/geo", "-k", "a b")
    if "postgresql" in result.stderr:
        pytest.skip("tests need PostgreSQL on this machine, and it is not in its usual place")
    assert result.stdout == "pytest tests/geo -k a b\n", result.stderr
    assert calls(environment) == ["requirements-dev.lock"]
    run("demo")
    run("test", "tests/geo")
    assert calls(environment) == []


def test_test_alone_serves_demo_too(run: Run, python: Path, environment: dict[str, str]):
    run("test", "tests/geo")
    calls(environment)
    run("demo")
    assert calls(environment) == []


def test_what_changed_is_renewed(
    run: Run, python: Path, environment: dict[str, str], checkout: Path
):
    run("demo")
    calls(environment)
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("\n")
    run("demo")
    assert calls(environment) == ["requirements.lock"]
    with (checkout / "pyproject.toml").open("a") as project:
        project.write("\n")
    run("demo")
    assert calls(environment) == ["check out"]


def test_an_environment_of_another_python_is_made_anew(
    run: Run, python: Path, environment: dict[str, str]
):
    run("demo")
    calls(environment)
    python.write_text(PYTHON.replace("3.14.0", "3.14.1"))
    venv_python = python.parent.parent / "check out" / ".venv" / "bin" / "python"
    venv_python.write_text(python.read_text())
    run("demo")
    assert len(calls(environment)) == 3


def test_three_at_once_install_once(
    checkout: Path, python: Path, environment: dict[str, str], tmp_path: Path
):
    starts = [
        subprocess.Popen(
            [checkout / "run", "demo"], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = [start.communicate()[0] for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0]
    assert all(text.endswith("<demo>\n") for text in said)
    assert len(calls(environment)) == 3


def test_a_failing_step_shows_the_end_of_its_log_and_what_to_do(run: Run, python: Path):
    result = run("demo", OFFLINE="yes")
    assert result.returncode == 1
    assert result.stdout == ""
    assert "no route to the packages" in result.stderr
    assert "请检查网络" in result.stderr
    assert "check the network" in result.stderr
    assert run("demo").returncode == 0  # nothing half-made stands in the way


def test_without_python_and_apt_it_says_what_to_install(run: Run):
    result = run("demo")
    assert result.returncode == 1
    assert "Please install: python3 python3-venv" in result.stderr
    assert "请安装：python3 python3-venv" in result.stderr


def test_without_node_the_program_starts_without_its_map(run: Run, python: Path, checkout: Path):
    web = checkout / "maps" / "web"
    web.mkdir(parents=True)
    (web / "package.json").write_text("{}")
    (web / "package-lock.json").write_text("{}")
    result = run("demo")
    assert result.returncode == 0
    assert "The web map could not be built" in result.stderr
    assert "网页地图未能构建" in result.stderr
    assert result.stdout.endswith("<demo>\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_checkout_of_somebody_else_is_refused(run: Run, python: Path, checkout: Path):
    checkout.chmod(0o555)
    try:
        result = run("demo")
    finally:
        checkout.chmod(0o755)
    assert result.returncode == 1
    assert "cannot be written" in result.stderr
