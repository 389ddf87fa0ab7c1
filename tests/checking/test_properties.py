"""Hypothesis, the pytest plugin and the shell."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd.checking import given_gradients, shell

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = "autograd.checking.pytest_plugin"


@given_gradients("(m,n),(n,p)->(m,p)", max_examples=10)
def test_matmul(a: Any, b: Any) -> Any:
    return a @ b


@given_gradients("(),()", domain=[(-3, 3), (0.5, 4)], max_examples=10)
def test_division(x: Any, y: Any) -> Any:
    return x / y


@given_gradients("(n,)", max_examples=10)
def test_kinks_and_ties_pass(x: Any) -> Any:
    return np.maximum(np.max(x), 0.0) if x.size else np.sum(x)


def add(x: Any, b: Any) -> Any:
    return x + b


def first_copy(g: Any, x: Any, b: Any) -> Any:
    """A gradient that drops all but the first copy of a broadcast axis."""

    def fit(shape: tuple[int, ...]) -> Any:
        c = g
        while c.ndim > len(shape):
            c = c[0]
        return c[tuple(slice(0, n) for n in shape)]

    return fit(x.shape), fit(b.shape)


def test_a_broadcasting_mistake_shrinks_to_the_smallest_shapes() -> None:
    check = given_gradients("(),()", vjp=first_copy, max_examples=60)(add)
    with pytest.raises(AssertionError, match="broadcast copies of the input") as caught:
        check()
    text = str(caught.value)
    assert "smallest failing input" in text
    line = next(row for row in text.splitlines() if "smallest" in row)
    assert line.count("0.0") + line.count("1.0") <= 3, line


def test_a_wrong_factor_shrinks_to_one_number() -> None:
    def square(x: Any) -> Any:
        return x * x

    with pytest.raises(AssertionError, match=r"smallest failing input    x = -?[0-9.]+\n"):
        given_gradients("()", vjp=lambda g, x: g * x, max_examples=30)(square)()


def test_wrong_number_of_domains() -> None:
    with pytest.raises(ValueError, match="3 domains were given for 2 inputs"):
        given_gradients("(),()", domain=[(0, 1), (0, 1), (0, 1)])(add)


def test_plugin_fixture(tmp_path: Path) -> None:
    test = tmp_path / "test_user.py"
    test.write_text(
        "import numpy as np\n"
        "def test_right(gradcheck):\n"
        "    assert gradcheck(np.tanh, np.array([0.5]))\n"
        "def test_wrong(gradcheck):\n"
        "    assert gradcheck(np.tanh, np.array([0.5]), vjp=lambda g, x: -g / np.cosh(x)**2)\n"
        "def test_overlooked(gradcheck):\n"
        "    gradcheck(np.tanh, np.array([0.5]), vjp=lambda g, x: g)\n"
        "def test_expected(gradcheck):\n"
        "    assert gradcheck(np.tanh, np.array([0.5]), vjp=lambda g, x: g).verdict == 'FAIL'\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", str(test)]
    if "valuegrad" not in plugins():
        command[3:3] = ["-p", PLUGIN]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "2 failed, 2 passed" in done.stdout, done.stdout + done.stderr
    assert "gradient check" in done.stdout
    assert "the wrong sign" in done.stdout
    assert "did not look at its report" in done.stdout


def plugins() -> list[str]:
    from importlib.metadata import entry_points

    return [entry.name for entry in entry_points(group="pytest11")]


def run_shell(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograd", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_shell_statuses(tmp_path: Path) -> None:
    good = run_shell("check", "numpy:matmul", "--shapes", "(m,n),(n,)")
    assert good.returncode == 0, good.stderr
    assert good.stdout.startswith("PASS  matmul")
    bad = run_shell("check", "numpy:exp", "--vjp", "numpy:multiply", "--shapes", "(3,)")
    assert bad.returncode == 1
    assert "FAIL  exp" in bad.stdout
    assert run_shell("check", "numpy:nothing_there").returncode == 1
    assert run_shell().returncode == 1


def test_shell_options(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    arguments = ["numpy:log", "--shapes", "(2,3)", "--domain", "0.5,2", "--json"]
    assert shell.main([*arguments, "--save", str(path)]) == 0
    assert '"verdict": "PASS"' in capsys.readouterr().out
    assert "PASS" in path.read_text(encoding="utf-8")
    assert shell.main(["numpy:log", "--shapes", "nonsense"]) == 1
    assert "is not a list of shapes" in capsys.readouterr().err


def test_shapes_share_their_letters() -> None:
    shapes = shell.parse_shapes("(m, n), (n, p), (2,), ()")
    assert shapes[0][1] == shapes[1][0]
    assert len({*shapes[0], *shapes[1]}) == 3
    assert shapes[2:] == [(2,), ()]


def scaled_pick(x: Any, index: Any, scale: float = 1.0) -> Any:
    """A function of an array and of integers, for the shell."""
    return x[index] * scale


def test_shell_takes_integers_domains_and_keywords(capsys: pytest.CaptureFixture[str]) -> None:
    name = f"{__name__}:scaled_pick"
    arguments = [name, "--shapes", "(5,2),(4,)", "--dtype", "float64,int64"]
    assert shell.main([*arguments, "--domain", "-1,1;0,4", "--set", "scale=3.0"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("PASS  scaled_pick")
    drawn = shell.draw([(50,), (50,)], "-1,1;0,4", 0, "float64,int64")
    assert drawn[0].min() < 0 <= drawn[1].min()
    assert set(drawn[1]) == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--domain", "1"], "is not an interval"),
        (["--domain", "2,1"], "the smaller one"),
        (["--domain", "0,1;0,1"], "2 intervals for 1 inputs"),
        (["--dtype", "float64,int64"], "2 dtypes for 1 inputs"),
        (["--set", "axis"], "is not of the form name=value"),
        (["--save", "report.doc"], "saved as one of"),
        (["--save", "no/such/folder/report.svg"], "there is no folder"),
    ],
)
def test_shell_refuses_before_the_check(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.main(["numpy:tanh", "--shapes", "(2,)", *arguments]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


def test_shell_says_what_it_checked_without_shapes(capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.main(["numpy:multiply"]) == 0
    text = capsys.readouterr().out
    assert "checked on 2 numbers, since --shapes was not given" in text
    assert shell.main(["numpy:tanh", "--shapes", "(2,)"]) == 0
    assert "--shapes" not in capsys.readouterr().out


def test_shell_names_the_domain_of_what_is_undecided(capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.main(["numpy:log", "--shapes", "(4,)"]) == 1
    text = capsys.readouterr().out
    assert text.startswith("INCONCLUSIVE")
    assert "the inputs were drawn from [-2,2]: use --domain" in text


@pytest.fixture
def doubled() -> float:
    return 2.0


class TestMethods:
    scale = 3.0

    @given_gradients("(n,)", max_examples=5)
    def test_a_method(self, x: Any) -> Any:
        return np.sum(x * self.scale)

    @pytest.mark.parametrize("axis", [0, 1])
    @given_gradients("(m,n)", max_examples=5)
    def test_a_method_with_parameters(self, x: Any, axis: int) -> Any:
        return np.sum(x * x * self.scale, axis=axis)


@pytest.mark.parametrize("power", [2, 3])
@given_gradients(
    "(n,)", max_examples=5, vjp=lambda g, x, power, doubled: 2 * g * power * x ** (power - 1)
)
def test_parameters_and_fixtures_reach_function_and_vjp(x: Any, power: int, doubled: float) -> Any:
    return x**power * doubled


@given_gradients("(n,)", max_examples=5)
def test_defaults_are_left_alone(x: Any, power: int = 2) -> Any:
    return x**power


def test_a_test_of_nothing_but_inconclusive_examples_fails() -> None:
    check = given_gradients("(n,)", domain=(-3, -1), max_examples=5)(lambda x: np.log(x))
    with pytest.raises(AssertionError, match="all 5 examples were inconclusive"):
        check()


def test_a_function_with_too_few_parameters_is_refused() -> None:
    with pytest.raises(TypeError, match="1 parameters for 2 inputs"):
        given_gradients("(n,),(n,)")(lambda x: x)


def test_no_frame_of_the_checker_is_in_a_traceback(tmp_path: Path) -> None:
    test = tmp_path / "test_user.py"
    test.write_text(
        "import numpy as np\n"
        "from autograd import given_gradients\n"
        "from autograd.checking import assert_gradients\n"
        "@given_gradients('(n,)', vjp=lambda g, x: g, max_examples=5)\n"
        "def test_drawn(x):\n"
        "    return x * x\n"
        "def test_given():\n"
        "    assert_gradients(np.tanh, np.array([0.5]), vjp=lambda g, x: g)\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", str(test)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "2 failed" in done.stdout, done.stdout + done.stderr
    for hidden in ("properties.py", "functions.py", "hypothesis/core.py", "def test(*args"):
        assert hidden not in done.stdout
    assert "AssertionError: FAIL" in done.stdout
    assert "AssertionError: FAIL  tanh" in done.stdout
