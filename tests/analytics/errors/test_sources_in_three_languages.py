"""What cannot be read as a tracking log, by ``smartpd recommend`` and ``smartpd ingest``, in three languages."""

import gzip
import io
import json
import os
import sys

import pytest
from smartpd_analytics.cli._run import run
from smartpd_analytics.store import _lock

from tests.analytics.features.raw_lines import checks, enrols

LINES = "".join(f"{checks('ona', f'p{number}', True, number)}\n" for number in range(2_000)).encode()
PACKED = gzip.compress(LINES)
FILES = {
    "good.log": f"{enrols('ona')}\n{checks('ona', 'p1', False, 1)}\n".encode(),
    "empty.log": b"",
    "empty.gz": gzip.compress(b""),
    "binary.log": b"\x00\x01\xff" * 500,
    "sheet.log": b"PK\x03\x04 a spreadsheet",
    "half.log.gz": PACKED[: len(PACKED) // 2],
    "damaged.gz": b"\x1f\x8b\x08broken",
    "table.csv": b"learner,score\nona,1\n",
    "comments.log": b"# nothing\n\n",
}
#: Source -> what is said of it in English, Russian and Uzbek.
UNREADABLE = {
    "none.log": ("there is no such file", "нет такого файла", "bunday fayl yoki papka yoʻq"),
    "folder": ("the folder has no tracking logs", "в папке нет журналов", "papkada hodisalar jurnali yoʻq"),
    "loop.log": ("cannot be read: Too many levels", "не читается: Символические", "oʻqib boʻlmadi: Ramziy"),
    "empty.log": ("the file is empty", "файл пуст", "fayl boʻsh"),
    "empty.gz": ("the file is empty", "файл пуст", "fayl boʻsh"),
    "binary.log": ("this is binary data", "это двоичные данные", "emas, ikkilik maʼlumot"),
    "sheet.log": ("this is a zip archive", "это архив zip", "emas, zip arxivi"),
    "damaged.gz": ("the gz data is damaged; there is no", "данные gz повреждены; до", "gz maʼlumoti shikastlangan; uz"),
    "table.csv": ("not one of its 2 lines", "ни одну из его строк (2)", "uning 2 ta satridan"),
    "comments.log": ("there is no event in it", "в нём нет событий", "unda hodisa yoʻq"),
    "-": ("standard input: the file is empty", "стандартный ввод: файл пуст", "standart kirish: fayl boʻsh"),
}
LANGUAGES = ("en", "ru", "uz")
SOURCE = {"en": "Source: ", "ru": "Источник: ", "uz": "Manba: "}
ACCEPTED = {"en": "Accepted as sources: ", "ru": "Источниками могут быть: ", "uz": "Manba sifatida qabul qilinadi: "}
NOTHING = {"en": "Nothing could be read", "ru": "Прочитать ничего не удалось", "uz": "Hech narsa oʻqilmadi"}
WARNINGS = {"en": "{n} warning", "ru": "{n} предупреждени", "uz": "{n} ta ogohlantirish"}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop.log").symlink_to("loop.log")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))


@pytest.fixture(params=["recommend", "ingest"])
def smartpd(request, capsys):
    def call(*arguments, lang="en"):
        store = ["--store", f"store-{lang}"] if request.param == "ingest" else []
        status = run([request.param, *arguments, *store, f"--lang={lang}"])
        return status, *capsys.readouterr()

    return call


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("source", UNREADABLE)
def test_a_source_that_cannot_be_read_is_named_in_every_language(smartpd, source, lang):
    status, _out, err = smartpd(source, lang=lang)
    told = [line for line in err.splitlines() if line.startswith(SOURCE[lang])]
    assert status == 2
    assert len(told) == 1
    assert UNREADABLE[source][LANGUAGES.index(lang)] in told[0]
    assert source == "-" or source in told[0]
    assert err.count(ACCEPTED[lang]) == 1
    assert NOTHING[lang] in err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_beside_a_good_log_they_are_warnings_and_what_is_accepted_is_said_once(smartpd, lang):
    sources = ("none.log", "binary.log", "empty.log", "folder")
    status, _out, err = smartpd("good.log", *sources, lang=lang)
    assert status == 0
    assert sum(line.startswith(SOURCE[lang]) for line in err.splitlines()) == len(sources)
    assert err.count(ACCEPTED[lang]) == 1
    assert WARNINGS[lang].format(n=len(sources)) in err
    assert NOTHING[lang] not in err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_half_a_gz_is_used_and_named(smartpd, lang):
    status, _out, err = smartpd("half.log.gz", lang=lang)
    words = {"en": "ends before its end; the", "ru": "обрываются; полные строки", "uz": "uzilgan; uzilishgacha boʻlgan"}
    assert status == 0
    assert words[lang] in err
    assert WARNINGS[lang].format(n=1) in err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_broken_lines_are_named_with_their_place_and_reason(smartpd, lang, tmp_path):
    (tmp_path / "broken.log").write_bytes(FILES["good.log"] + b'{"event_type": "x", "ti\n' + b"no json\n" * 24)
    status, out, err = smartpd("broken.log", lang=lang)
    both = out + err
    assert status == 0
    for place, words in ((3, ("cut off", "обрезанный", "kesilib")), (4, ("no JSON", "не JSON", "JSON emas"))):
        (line,) = (each for each in both.splitlines() if f"broken.log:{place}: " in each)
        assert words[LANGUAGES.index(lang)] in line
    assert both.count("broken.log:") == 20
    assert {"en": "5 more lines", "ru": "ещё 5 строк", "uz": "yana 5 ta satr"}[lang] in both
    assert WARNINGS[lang].format(n=25) in err


def test_a_folder_that_cannot_be_listed_is_named_once(smartpd, tmp_path, monkeypatch):
    listed = os.scandir

    def refuse(path):
        if os.path.basename(path) == "folder":  # noqa: PTH119 - as it was given
            raise PermissionError(13, "Permission denied", path)
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    status, _out, err = smartpd("good.log", "folder", lang="ru")
    assert status == 0
    assert [line for line in err.splitlines() if line.startswith("Источник: ")] == [
        "Источник: folder: не читается: Нет доступа"
    ]


@pytest.mark.parametrize("pattern", ["f*r", "fold?r"])
def test_an_empty_folder_that_a_pattern_names_is_named_once(smartpd, pattern):
    status, _out, err = smartpd(pattern)
    assert status == 2
    assert err.count("Source: ") == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_json_says_the_same_in_its_language(smartpd, lang, request):
    form = ["--json"] if "ingest" in request.node.name else ["--format", "json"]
    status, out, _err = smartpd("good.log", "none.log", "lost.log", *form, lang=lang)
    found = json.loads(out)
    assert status == 0
    assert [UNREADABLE["none.log"][LANGUAGES.index(lang)] in each for each in found["messages"]] == [True, True]
    assert len(found["sources_accepted"]) == 1
    assert "s3://bucket/logs" in found["sources_accepted"][0]
    assert found["lines"]["read"] == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ingestion_gives_its_account_in_the_language_asked_for(capsys, lang):
    status = run(["ingest", "good.log", "--store", "store", f"--lang={lang}"])
    out = capsys.readouterr().out
    assert status == 0
    words = {
        "en": ("1 source had something new", "The store has 2 events."),
        "ru": ("Прочитано новое: 1 источник", "В хранилище 2 события."),
        "uz": ("Yangilik oʻqilgan manbalar: 1", "Omborda 2 ta hodisa bor."),
    }
    for each in words[lang]:
        assert each in out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_writes_to_the_store_is_said_in_every_language(capsys, tmp_path, lang):
    with _lock.writer(tmp_path / "store"):
        status = run(["ingest", "good.log", "--store", "store", f"--lang={lang}"])
    err = capsys.readouterr().err
    assert status == 2
    assert {"en": "process {} on ", "ru": "процесс {} на ", "uz": "{}-jarayon"}[lang].format(os.getpid()) in err
