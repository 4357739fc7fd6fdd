"""Common mistakes at the command line, each told in English, Russian and Uzbek with its place."""

import functools
import os

import pytest
import skops.io
from smartpd_analytics import pipeline
from smartpd_analytics.api import load_instrument
from smartpd_analytics.cli._run import run
from smartpd_analytics.data import LANGUAGES
from smartpd_analytics.diagnosis import check_answers
from smartpd_analytics.errors import AnswerError, MissingExtraError, StoreBusyError
from smartpd_analytics.reports.words import said

from tests.analytics.features.raw_lines import enrols, opens

ACCEPTED = {"en": "(accepted: ", "ru": "(принимается: ", "uz": "(qabul qilinadi: "}

FEATURES = "course_key,learner,as_of,minutes\nC,007,2026-01-05,3\nC,ona,2026-01-05,4\n"
OUTCOMES = "course_key,learner,completed\nC,007,1\nC,ona,0\n"
RULES = """rules:
  - id: keen
    scope: learner
    when: {when}
    conclude: {{keen: {{type: boolean}}}}
    title: {{en: a, ru: b, uz: c}}
    explanation: {{en: a, ru: b, uz: c}}
    why: because
"""
FILES = {
    "answers.csv": "learner;q1;q2\nona;1;0\nbek;да;1\n",
    "empty.csv": "",
    "header.csv": "q1,q2\n",
    "sheet.csv": b"PK\x03\x04 a spreadsheet",
    "few.csv": "q1,q2\n1,0\n0,1\n",
    "one.csv": "q1\n1\n0\n",
    "high.csv": "q1,q2,q3\n1,0,2\n0,1,1\n",
    "twice.csv": "learner,item,score\nona,q1,1\nona,q1,0\n",
    "nameless.csv": "q1,,q3\n1,0,2\n",
    "areas.csv": "item,place\nq1,A\n",
    "features.csv": FEATURES,
    "outcomes.csv": OUTCOMES,
    "dayless.csv": "course_key,learner,minutes\nC,007,3\n",
    "soon.csv": FEATURES.replace("2026-01-05,4", "soon,4"),
    "known.csv": FEATURES.replace("minutes", "completed"),
    "long.csv": FEATURES.replace("05,4", "05,4,5"),
    "maybe.csv": OUTCOMES.replace("ona,0", "ona,maybe"),
    "double.csv": OUTCOMES + "C,007,1\n",
    "others.csv": OUTCOMES.replace("007", "x").replace("ona", "y"),
    "text.skops": "no model",
    "broken.json": '{\n "skills": \n}',
    "other.json": '{"skills": {}}',
    "skill.json": '{"smartpd_mastery_model": 1, "skills": {"1.1": {"start": [1, 2], "learn": [0.1], "ease": [0, 1]}}}',
    "map.csv": "usage_key,competencies\nblock-v1:A+B+C+type@problem+block@p1,2.1\n",
    "fact.yaml": RULES.format(when="anwsers > 0"),
    "types.yaml": RULES.format(when="answers"),
    "pairs.csv": "learner,score_pre,score_post\nona,1,2\nbek,x,2\n",
    "nobody.csv": "name,score_pre,score_post\nona,1,2\n",
    "items.csv": "id,belongs_to,colour\nq1,1.1,red\n",
}


class Evil:
    """Would run a command when it is built from a file."""

    def __reduce__(self):
        return os.system, ("true",)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mistakes")
    for name, content in FILES.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for name, content in (("evil.skops", functools.partial(os.system, "true")), ("own.skops", Evil())):
        (folder / name).write_bytes(skops.io.dumps({"what": "openedx-smartpd risk model", "blend": content}))
    (folder / "tracking.log").write_text("\n".join((enrols("ona"), opens("ona", "u1", 1))) + "\n", encoding="utf-8")
    for name, manifest in (("damaged", "{"), ("newer", '{"format": 99, "schema_version": 1}')):
        (folder / name).mkdir()
        (folder / name / "manifest.json").write_text(manifest, encoding="utf-8")
    pipeline.ingest([folder / "tracking.log"], folder / "pseudonymised")
    pipeline.ingest([folder / "tracking.log"], folder / "store", options=pipeline.StoreOptions(identified=True))
    return folder


@pytest.fixture
def told(folder, monkeypatch, capsys):
    """What a command line says in a language: its one line on the error stream, without the folder's name."""
    monkeypatch.chdir(folder)

    def tell(line, lang):
        status = run([*line.split(), f"--lang={lang}"])
        err = capsys.readouterr().err
        assert status == 2, err
        assert err.count("\n") == 1, err
        return err.removeprefix("smartpd: ").rstrip("\n")

    return tell


#: Command line -> where it is, then what is wrong in English, Russian and Uzbek.
MISTAKES = {
    # --- calibrate, reliability
    "calibrate none.csv": ("none.csv: ", "No such file", "Нет такого файла", "Bunday fayl"),
    "calibrate answers.csv": (
        "answers.csv:3: ",
        "column 'q1': 'да' is no score",
        "столбец «q1»: «да» не является баллом",
        "«q1» ustuni: «да» ball emas",
    ),
    "reliability answers.csv": ("answers.csv:3: ", "is no score", "не является баллом", "ball emas"),
    "calibrate empty.csv": ("empty.csv: ", "the file is empty", "файл пуст", "fayl boʻsh"),
    "calibrate header.csv": ("header.csv: ", "there are no answers", "ответов нет", "javob yoʻq"),
    "calibrate sheet.csv": ("sheet.csv: ", "this is a spreadsheet", "таблица", "jadval"),
    "calibrate twice.csv": ("twice.csv:3: ", "second score on 'q1'", "второй балл за «q1»", "«q1» uchun ikkinchi ball"),
    "calibrate nameless.csv": ("nameless.csv:1: ", "column 2 has no name", "у столбца 2 нет", "2-ustunning nomi"),
    "calibrate few.csv": ("", "can be calibrated: 2", "можно калибровать: 2", "topshiriqlar soni: 2"),
    "calibrate high.csv": ("", "item 'q3' has the score 2", "у задания «q3» балл 2", "«q3» topshirigʻida 2 ball"),
    "calibrate few.csv --areas areas.csv": (
        "areas.csv:1: ",
        "there is no column 'area'",
        "нет столбца «area»",
        "«area» ustuni yoʻq",
    ),
    "reliability one.csv": ("", "one item is no scale", "один пункт", "bitta band"),
    # --- train, predict, model-card
    "train none.csv outcomes.csv --out m.skops": ("none.csv: ", "no such file", "такого файла нет", "bunday fayl yoʻq"),
    "train dayless.csv outcomes.csv --out m.skops": (
        "dayless.csv: ",
        "columns are missing: 'as_of'",
        "не хватает столбцов: 'as_of'",
        "ustunlar yetishmaydi: 'as_of'",
    ),
    "train soon.csv outcomes.csv --out m.skops": (
        "soon.csv:3: ",
        "column 'as_of' in row 2: 'soon' is no day",
        "столбец «as_of», строка таблицы 2: «soon» не является датой",
        "«as_of» ustuni, jadvalning 2-satri: «soon» sana emas",
    ),
    "train known.csv outcomes.csv --out m.skops": (
        "known.csv: ",
        "what became of the learner: 'completed'",
        "чем закончилась учёба: 'completed'",
        "aytib qoʻyadi: 'completed'",
    ),
    "train long.csv outcomes.csv --out m.skops": ("long.csv:3: ", "5 cells", "5", "5 ta katak"),
    "train features.csv maybe.csv --out m.skops": (
        "maybe.csv:3: ",
        "column 'completed' in row 2 is 'maybe'",
        "столбец «completed», строка таблицы 2: значение «maybe»",
        "«completed» ustuni, jadvalning 2-satri: qiymat «maybe»",
    ),
    "train features.csv double.csv --out m.skops": (
        "double.csv:4: ",
        "learner '007' stands twice in 'C'",
        "слушатель «007» встречается в «C» дважды",
        "«007» tinglovchisi «C» kursida ikki marta",
    ),
    "train features.csv others.csv --out m.skops": (
        "others.csv: ",
        "no row of the features has an outcome",
        "ни для одной строки признаков нет исхода",
        "birorta satri uchun natija yoʻq",
    ),
    "train features.csv empty.csv --out m.skops": ("empty.csv: ", "the file is empty", "файл пуст", "fayl boʻsh"),
    "train features.csv outcomes.csv --out m.skops --exclude pace": (
        "features.csv: ",
        "no such column to leave out: 'pace'",
        "нет столбца, который нужно убрать: 'pace'",
        "chiqarib tashlanadigan ustun yoʻq: 'pace'",
    ),
    "predict text.skops features.csv": ("text.skops: ", "no model file", "не файл модели", "model fayli emas"),
    "predict evil.skops features.csv": (
        "evil.skops: ",
        "nothing of it was loaded",
        "ничего из файла не загружено",
        "hech narsa yuklanmadi",
    ),
    "model-card none.skops": ("none.skops: ", "no such file", "такого файла нет", "bunday fayl yoʻq"),
    "model-card text.skops": ("text.skops: ", "no model file", "не файл модели", "model fayli emas"),
    "model-card text.skops --outcomes outcomes.csv": (
        "",
        "without --features",
        "без --features",
        "--features berilmagan",
    ),
    # --- features, mastery, ingest
    "features --store store --out x.csv --tables pupils": (
        "",
        "no table 'pupils'",
        "таблицы «pupils»",
        "«pupils» jadvali",
    ),
    "features --store store --out x.xlsx": (
        "x.xlsx: ",
        "'.xlsx' is not known (accepted: .parquet, .csv, or a folder)",
        ".parquet, .csv или папка",
        ".parquet, .csv yoki papka",
    ),
    "features --store store --out x.csv --course C": ("", "no course 'C'", "нет курса «C»", "«C» kursi yoʻq"),
    "features --store store --out store/x.csv": (
        "store/x.csv: ",
        "in the store",
        "внутрь хранилища",
        "omborning ichini",
    ),
    "features --store store --out x.csv --state .": (".: ", "no memory of", "не память", "xotirasi emas"),
    "mastery --store store --course-map map.csv --model none.json": (
        "none.json: ",
        "No such file",
        "Нет такого файла",
        "Bunday fayl",
    ),
    "mastery --store store --course-map map.csv --model broken.json": (
        "broken.json:3: ",
        "a value is missing",
        "нет значения",
        "qiymat yoʻq",
    ),
    "mastery --store store --course-map map.csv --model other.json": (
        "other.json: ",
        "this is no mastery model",
        "это не модель освоения",
        "bu oʻzlashtirish modeli emas",
    ),
    "mastery --store store --course-map map.csv --model skill.json": (
        "skill.json: ",
        "skill '1.1': the values of start are [1.0, 2.0] (accepted: shares that sum to 1)",
        "навык «1.1»: значения start: [1.0, 2.0] (принимается: доли, в сумме 1)",
        "«1.1» koʻnikmasi: start qiymatlari: [1.0, 2.0]",
    ),
    "mastery --store store --course-map map.csv --course C": (
        "store: ",
        "no course 'C'",
        "нет курса «C»",
        "«C» kursi yoʻq",
    ),
    "ingest --store store": ("", "nothing to read", "читать нечего", "oʻqish uchun hech narsa"),
    "ingest tracking.log --store store --since soon": (
        "",
        "'soon' is no time",
        "«soon» не является",
        "«soon» vaqt emas",
    ),
    # --- stores
    "forget ona --store none": ("none: ", "there is no store", "нет хранилища", "hodisalar ombori yoʻq"),
    "ingest tracking.log --store .": (".: ", "other files in it", "лежат другие файлы", "boshqa fayllar bor"),
    "ingest tracking.log --store empty.csv": ("empty.csv: ", "this is a file", "это файл", "bu papka emas, fayl"),
    "ingest tracking.log --store damaged": ("damaged: ", "is damaged", "повреждён", "buzilgan"),
    "ingest tracking.log --store newer": (
        "newer: ",
        "(format 99, schema 1)",
        "более новой версией (формат 99, схема 1)",
        "yangiroq versiyada yozilgan (format 99, sxema 1)",
    ),
    "ingest tracking.log --store new --key-file none.key": (
        "none.key: ",
        "key cannot be read: No such file",
        "ключ сайта не читается: Нет такого файла",
        "sayt kalitini oʻqib boʻlmadi: Bunday fayl",
    ),
    "ingest tracking.log --store new --key-file one.csv": ("new: ", "is too short", "слишком короткий", "juda qisqa"),
    "ingest tracking.log --store pseudonymised --identified": (
        "pseudonymised: ",
        "under pseudonyms",
        "под псевдонимами",
        "taxallus bilan",
    ),
    "ingest tracking.log --store pseudonymised --key-file tracking.log": (
        "pseudonymised: ",
        "this is not the key",
        "не тот ключ",
        "kalit emas",
    ),
    # --- evaluate, instruments, recommend
    "evaluate pairs.csv --out report": ("pairs.csv:3: ", "'x' is no number", "«x» не является числом", "«x» son emas"),
    "evaluate nobody.csv --out report": (
        "nobody.csv:1: ",
        "no column 'learner'",
        "столбца «learner»",
        "«learner» ustuni",
    ),
    "instruments export none": ("", "'none' is neither", "«none»", "«none»"),
    "recommend tracking.log --rules fact.yaml": (
        "fact.yaml:4: ",
        "rule keen: there is no fact 'anwsers'",
        "правило keen: нет факта «anwsers»",
        "keen qoidasi: «anwsers» fakti yoʻq",
    ),
    "recommend tracking.log --rules types.yaml": (
        "types.yaml:4: ",
        "a number or a word stands where true or false is needed (accepted: a comparison",
        "стоит число или слово (принимается: сравнение",
        "son yoki soʻz turibdi (qabul qilinadi: taqqoslash",
    ),
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_told_in_every_language(told, line):
    place, *words = MISTAKES[line]
    texts = {lang: told(line, lang) for lang in ACCEPTED}
    for (lang, text), wanted in zip(texts.items(), words, strict=True):
        assert text.startswith(place)
        assert wanted in text
        assert (ACCEPTED[lang] in text) == (ACCEPTED["en"] in texts["en"])


def test_wrong_answers_are_told_in_every_language():
    instrument = load_instrument("digcompedu_selfassessment")
    with pytest.raises(AnswerError) as caught:
        check_answers(instrument, {"z": "1"})
    for lang, words in (("en", "no item 'z'"), ("ru", "нет задания 'z'"), ("uz", "'z' topshirigʻi yoʻq")):
        assert said(str(caught.value), lang).startswith(f"{words} {ACCEPTED[lang]}{instrument.items[0].id}, ")


def test_bounds_of_an_answer_are_told_in_every_language():
    error = AnswerError("hours", "41", problem="out_of_range", accepted=("0", "40"))
    assert said(str(error), "en") == "item 'hours' does not take '41' (accepted: a number from 0 to 40)"
    assert said(str(error), "ru") == "задание 'hours' не допускает '41' (принимается: число от 0 до 40)"
    assert "(qabul qilinadi: 0 dan 40 gacha boʻlgan son)" in said(str(error), "uz")


def test_errors_without_a_file_are_told_in_every_language():
    busy = StoreBusyError(store="events", holder="7 on a")
    extra = MissingExtraError("spark", "pyspark")
    assert said(str(busy), "ru").startswith("events: в это хранилище сейчас пишет другой запуск: 7 on a (принимается: ")
    assert said(str(extra), "uz").startswith("«pyspark» oʻrnatilmagan; ")
    assert set(LANGUAGES) == {"en", "ru", "uz"}
