"""One distribution, three packages: the science, the blocks, the plugin."""

from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
PACKAGE_ROOTS = {
    "smartpd_analytics": "analytics",
    "smartpd_xblocks": "xblocks",
    "smartpd": "openedx_plugin",
}

#: Files that are not Python and must be in the wheel.
DATA_SUFFIXES = ("yaml", "json", "csv", "html", "txt", "xml", "css", "js", "svg", "mo", "po")
DATA_PATTERNS = [*(f"*.{suffix}" for suffix in DATA_SUFFIXES), "py.typed"]


def data_files() -> list[str]:
    """Every package-relative data file below the three packages, whatever folder it lies in."""
    found = set()
    for package, root in PACKAGE_ROOTS.items():
        base = HERE / root / package
        for pattern in DATA_PATTERNS:
            found.update(str(path.relative_to(base)) for path in base.rglob(pattern))
    return sorted(found)


PIPELINE = [
    "click>=8.1",
    "duckdb>=1.1",
    "msgspec>=0.18",
    "narwhals>=2.0",
    "orjson>=3.9",
    "pandas>=2.2",
    # 26 refuses to load beside the platform's numpy 1.26, and its metadata does not say so
    "pyarrow>=15,<26",
    "rich>=13",
    "scikit-learn>=1.4",
    # before it, a file could name functions that run on load
    "skops>=0.13",
    "scipy>=1.11",
    "threadpoolctl>=3.1",
    "xxhash>=3.0",
]

#: The workbench imports `fs`, which still needs the pkg_resources that newer setuptools dropped.
WORKBENCH = ["xblock-sdk>=0.13", "setuptools>=65,<81"]

setup(
    name="openedx-smartpd",
    version="0.1.0",
    description="Needs-based, adaptive professional development inside Open edX",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.11",
    package_dir={package: f"{root}/{package}" for package, root in PACKAGE_ROOTS.items()},
    packages=[
        name
        for package, root in PACKAGE_ROOTS.items()
        for name in find_packages(root, include=[package, f"{package}.*"])
    ],
    package_data={"": data_files()},
    install_requires=[
        "Django>=4.2",
        "XBlock>=5.0",
        "edx-django-utils>=5.0",
        "edx-opaque-keys[django]>=2.5",
        "web-fragments>=2.0",
        "PyYAML>=6.0",
        "rule-engine>=4.5",
    ],
    extras_require={
        "pipeline": PIPELINE,
        "remote": ["fsspec>=2023.1"],
        "spark": ["pyspark>=4.0"],
        "clickhouse": ["clickhouse-connect>=0.8"],
        "demo": [*PIPELINE, *WORKBENCH],
        "test": [
            *PIPELINE,
            *WORKBENCH,
            "axe-playwright-python>=0.1.8",
            "babel",
            "build",
            "fsspec>=2023.1",
            "hypothesis>=6",
            "jsonschema>=4.18",
            "playwright>=1.40",
            "pytest>=8",
            "pytest-django>=4.8",
            "pytest-xdist>=3.5",
        ],
    },
    entry_points={
        "console_scripts": ["smartpd = smartpd_analytics.cli:main"],
        "xblock.v1": [
            "smartpd_needs_diagnostic = smartpd_xblocks.needs_diagnostic_block:NeedsDiagnosticBlock",
            "smartpd_learning_matrix = smartpd_xblocks.learning_matrix_block:LearningMatrixBlock",
            "smartpd_pres = smartpd_xblocks.pres_block:PresBlock",
        ],
        "lms.djangoapp": ["smartpd = smartpd.apps:SmartPDConfig"],
        "cms.djangoapp": ["smartpd = smartpd.apps:SmartPDConfig"],
    },
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Framework :: Django",
        "Framework :: Django :: 4.2",
        "Framework :: Django :: 5.2",
        "Intended Audience :: Education",
        "License :: OSI Approved :: Apache Software License",
        "Natural Language :: English",
        "Natural Language :: Russian",
        "Natural Language :: Uzbek",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
    ],
)
