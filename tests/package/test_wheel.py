"""The wheel as an institution gets it: what is in it, and what it changes in a platform."""

import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.package

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("ru", "uz")


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a clean copy of what git would give, so that stray files cannot help it."""
    source = tmp_path_factory.mktemp("source")
    tracked = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).split("\0")
    for name in filter(None, tracked):
        origin, copy = ROOT / name, source / name
        if not origin.exists():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_symlink():
            copy.symlink_to(origin.readlink())
        else:
            copy.write_bytes(origin.read_bytes())
    target = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", target, source)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="session")
def names(wheel) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def source_files(root: str, package: str, *patterns: str) -> set[str]:
    base = ROOT / root
    return {
        str(path.relative_to(base))
        for pattern in patterns
        for path in (base / package).rglob(pattern)
        if "__pycache__" not in path.parts
    }


@pytest.mark.parametrize(
    ("root", "package"),
    [("analytics", "smartpd_analytics"), ("xblocks", "smartpd_xblocks"), ("openedx_plugin", "smartpd")],
)
def test_every_file_of_the_three_packages_is_in_the_wheel(names, root, package):
    everything = source_files(root, package, "*.*")
    everything = {name for name in everything if not name.endswith((".pyc", ".md"))}
    assert everything
    assert everything - names == set()


def test_the_kinds_of_files_a_platform_needs_are_there(names):
    for pattern in (
        r"smartpd_xblocks/templates/.+\.html$",
        r"smartpd_xblocks/assets/public/.+\.js$",
        r"smartpd_xblocks/assets/public/shared/smartpd\.css$",
        r"smartpd/templates/smartpd/.+\.html$",
        r"smartpd/static/smartpd/smartpd\.css$",
        r"smartpd/migrations/0001_.+\.py$",
        r"smartpd_analytics/frameworks/data/digcompedu\.yaml$",
        r"smartpd_analytics/expert/data/.+\.yaml$",
        *(rf"smartpd_xblocks/translations/{lang}/LC_MESSAGES/text\.mo$" for lang in LANGUAGES),
        *(rf"smartpd/locale/{lang}/LC_MESSAGES/django\.mo$" for lang in LANGUAGES),
    ):
        assert any(re.search(pattern, name) for name in names), pattern


def test_nothing_of_the_demo_or_the_tests_is_in_the_wheel(names):
    strangers = {name.split("/")[0] for name in names} - {"smartpd", "smartpd_analytics", "smartpd_xblocks"}
    assert all(re.fullmatch(r"openedx_smartpd-.+\.dist-info", name) for name in strangers), strangers


def test_the_page_stylesheet_and_the_block_stylesheet_are_one(wheel):
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("smartpd/static/smartpd/smartpd.css") == archive.read(
            "smartpd_xblocks/assets/public/shared/smartpd.css"
        )


def test_the_entry_points(wheel):
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(next(n for n in archive.namelist() if n.endswith("entry_points.txt"))).decode()
    for line in (
        "smartpd_needs_diagnostic = smartpd_xblocks.needs_diagnostic_block:NeedsDiagnosticBlock",
        "smartpd_learning_matrix = smartpd_xblocks.learning_matrix_block:LearningMatrixBlock",
        "smartpd_pres = smartpd_xblocks.pres_block:PresBlock",
        "smartpd = smartpd.apps:SmartPDConfig",
        "smartpd = smartpd_analytics.cli:main",
    ):
        assert line in text
    assert text.count("smartpd = smartpd.apps:SmartPDConfig") == 2


@pytest.fixture(scope="session")
def empty_environment(tmp_path_factory):
    """A factory of environments with nothing in them but pip."""

    def create() -> Path:
        folder = tmp_path_factory.mktemp("environment")
        venv.create(folder, with_pip=True)
        return folder / "bin" / "python"

    return create


def distributions(python: Path) -> dict[str, str]:
    lines = run(python, "-m", "pip", "list", "--format=freeze").split()
    return {name.lower().replace("_", "-"): version for name, version in (line.split("==") for line in lines)}


def test_the_bare_wheel_moves_none_of_the_platforms_pins(wheel, empty_environment):
    python = empty_environment()
    run(python, "-m", "pip", "install", "--quiet", "--requirement", ROOT / "requirements" / "teak.txt")
    before = distributions(python)
    assert before["numpy"] == "1.26.4"
    run(python, "-m", "pip", "install", "--quiet", wheel)
    after = distributions(python)
    assert {name: after.get(name) for name in before} == before
    assert set(after) - set(before) == {"openedx-smartpd", "rule-engine"}
    run(python, "-m", "pip", "check")


def test_the_pipeline_beside_the_platforms_pins_moves_none_of_them(wheel, empty_environment):
    pins = ROOT / "requirements" / "teak.txt"
    python = empty_environment()
    run(python, "-m", "pip", "install", "--quiet", "--requirement", pins)
    before = distributions(python)
    run(python, "-m", "pip", "install", "--quiet", "--constraint", pins, f"{wheel}[pipeline]")
    after = distributions(python)
    assert {name: after.get(name) for name in before} == before
    assert "pandas" in after


LOADS_ALL = """
from importlib.metadata import entry_points
for group in ("xblock.v1", "lms.djangoapp", "cms.djangoapp"):
    for point in entry_points(group=group):
        if point.name.startswith("smartpd"):
            print(group, point.load().__name__)
import smartpd_analytics.api as api
print(len(api.load_instrument("digcompedu_selfassessment").items), "items")
import sys
heavy = {"pandas", "numpy", "duckdb", "pyarrow", "sklearn", "narwhals"} & set(sys.modules)
assert not heavy, heavy
"""


def test_the_bare_wheel_works_in_an_empty_environment(wheel, empty_environment, tmp_path):
    python = empty_environment()
    run(python, "-m", "pip", "install", "--quiet", wheel)
    said = run(python, "-c", LOADS_ALL, cwd=tmp_path)
    assert said.count("Block") == 3
    assert said.count("SmartPDConfig") == 2
    assert "22 items" in said
    done = subprocess.run(
        [python.parent / "smartpd", "recommend", "x.log"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 2
    assert "openedx-smartpd[pipeline]" in done.stderr
    assert "Traceback" not in done.stderr
