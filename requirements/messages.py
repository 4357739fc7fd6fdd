"""Collect the words for people from the code and compile the catalogues (needs GNU gettext).

Blocks:    xblocks/smartpd_xblocks/translations/<lang>/LC_MESSAGES/text.po
Plugin:    openedx_plugin/smartpd/locale/<lang>/LC_MESSAGES/django.po
Analytics: analytics/smartpd_analytics/locale/<lang>/LC_MESSAGES/smartpd_analytics.po

English is in the code; ru and uz are catalogues. Rules, instruments and frameworks carry their own
three languages and are not collected.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ru", "uz")
PLURALS = {
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "uz": "nplurals=1; plural=0;",
}
#: A new catalogue is this alone until it is merged: msginit would put its own plural rule, over several lines.
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: openedx-smartpd\\n"
"PO-Revision-Date: 2026-11-24 00:00+0000\\n"
"Last-Translator: openedx-smartpd\\n"
"Language-Team: openedx-smartpd\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"
"""
PYTHON_CATALOGUES = (
    ("xblocks/smartpd_xblocks", "translations", "text"),
    ("analytics/smartpd_analytics", "locale", "smartpd_analytics"),
)
KEYWORDS = ("_", "gettext", "ngettext:1,2", "gettext_noop", "pgettext:1c,2", "N_")


def run(*command: str, cwd: Path = ROOT) -> None:
    subprocess.run(command, cwd=cwd, check=True)


def per_cent_signs(template: str) -> str:
    """The template without the mark of %-formatting where a per cent sign is no more than that ("95% interval")."""
    entries = template.split("\n\n")
    marked = [entry if "%(" in entry else entry.replace("#, python-format, ", "#, ") for entry in entries]
    return "\n\n".join(entry if "%(" in entry else entry.replace("#, python-format\n", "") for entry in marked)


def collect_python(package: str, folder: str, domain: str) -> None:
    """Merge the msgids of a package's Python files into its catalogues, new languages included."""
    base = ROOT / package
    sources = sorted(str(path.relative_to(base)) for path in base.rglob("*.py"))
    template = ROOT / "build" / f"{domain}.pot"
    template.parent.mkdir(exist_ok=True)
    # The bare option drops xgettext's own keywords: a block's ugettext says what is marked elsewhere.
    keywords = ["--keyword", *(f"--keyword={keyword}" for keyword in KEYWORDS)]
    run(
        "xgettext", "--language=Python", "--from-code=UTF-8", "--no-location", "--sort-output", "--force-po",
        "--package-name=openedx-smartpd", *keywords, f"--output={template}", *sources, cwd=base,
    )  # fmt: skip
    template.write_text(per_cent_signs(template.read_text(encoding="utf-8")), encoding="utf-8")
    for language in LANGUAGES:
        catalogue = base / folder / language / "LC_MESSAGES" / f"{domain}.po"
        if not catalogue.exists():
            catalogue.parent.mkdir(parents=True, exist_ok=True)
            catalogue.write_text(HEADER.format(language=language, plurals=PLURALS[language]), encoding="utf-8")
        options = ("--quiet", "--update", "--backup=none", "--no-fuzzy-matching", "--sort-output")
        run("msgmerge", *options, str(catalogue), str(template))
        run("msgattrib", "--no-obsolete", f"--output-file={catalogue}", str(catalogue))


def collect_plugin() -> None:
    """The plugin's templates and Python by Django's own collector."""
    base = ROOT / "openedx_plugin" / "smartpd"
    catalogues = sorted(base.glob("locale/*/LC_MESSAGES/django.po"))
    before = {catalogue: catalogue.read_text(encoding="utf-8") for catalogue in catalogues}
    languages = [f"--locale={language}" for language in LANGUAGES]
    run(sys.executable, "-m", "django", "makemessages", "--no-location", "--no-obsolete", *languages, cwd=base)
    for catalogue, text in before.items():
        # Django writes the date of the run into the header, also where no message has changed.
        if undated(catalogue.read_text(encoding="utf-8")) == undated(text):
            catalogue.write_text(text, encoding="utf-8")


def undated(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith('"POT-Creation-Date')]


def compile_all() -> None:
    """Every .po into the .mo beside it; a catalogue with an error stops the run."""
    for catalogue in sorted(ROOT.glob("*/smartpd*/**/LC_MESSAGES/*.po")):
        run("msgfmt", "--check", "--statistics", str(catalogue), f"--output-file={catalogue.with_suffix('.mo')}")


def main() -> int:
    missing = [tool for tool in ("xgettext", "msgmerge", "msgattrib", "msgfmt") if not shutil.which(tool)]
    if missing:
        print(f"{', '.join(missing)} not found: apt-get install gettext", file=sys.stderr)
        return 1
    for package, folder, domain in PYTHON_CATALOGUES:
        collect_python(package, folder, domain)
    collect_plugin()
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
