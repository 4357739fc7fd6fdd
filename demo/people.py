"""The demo's learners, named after their habits, and the course team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from .course import COURSE_KEY

__all__ = ["COURSE_TEAM", "LEARNERS", "PEOPLE", "Person", "enrol_everyone"]


@dataclass(frozen=True, slots=True)
class Person:
    """A simulated account. ``user_id`` is fixed: the shipped tracking log refers to it."""

    user_id: int
    username: str
    habit: Mapping[str, str]
    is_staff: bool = False


LEARNERS = (
    Person(
        101,
        "steady",
        {
            "en": "Works through the course unit by unit, reads, answers, comes back every few days.",
            "ru": "Проходит курс по порядку: читает, отвечает, возвращается каждые несколько дней.",
            "uz": "Kursni tartib bilan oʻtadi: oʻqiydi, javob beradi, har bir necha kunda qaytadi.",
        },
    ),
    Person(
        102,
        "guesser",
        {
            "en": "Answers within seconds, without reading, until something is right.",
            "ru": "Отвечает за секунды, не читая, пока что-нибудь не подойдёт.",
            "uz": "Oʻqimasdan, bir necha soniyada javob beradi va toʻgʻri chiqquncha urinadi.",
        },
    ),
    Person(
        103,
        "reader",
        {
            "en": "Reads everything, answers almost nothing.",
            "ru": "Читает всё, но почти не отвечает на вопросы.",
            "uz": "Hammasini oʻqiydi, ammo savollarga deyarli javob bermaydi.",
        },
    ),
    Person(
        104,
        "stopped",
        {
            "en": "Began well, left in the first week in the middle of the diagnostic.",
            "ru": "Начал хорошо, но в первую же неделю бросил на середине диагностики.",
            "uz": "Yaxshi boshlagan, lekin birinchi haftadayoq diagnostikani yarmida qoldirgan.",
        },
    ),
    Person(
        105,
        "stuck",
        {
            "en": "Does well, but fails one problem again and again.",
            "ru": "Справляется, но одну задачу раз за разом решает неверно.",
            "uz": "Yaxshi oʻqiydi, ammo bitta masalada qayta-qayta xato qiladi.",
        },
    ),
    Person(
        106,
        "newcomer",
        {
            "en": "Has done nothing yet: start here to try everything yourself.",
            "ru": "Ещё ничего не делал: начните с него, чтобы попробовать всё самому.",
            "uz": "Hali hech narsa qilmagan: hammasini oʻzingiz sinab koʻrish uchun shundan boshlang.",
        },
    ),
)
COURSE_TEAM = Person(
    110,
    "course_team",
    {
        "en": "Sees the overview of all learners and edits the blocks.",
        "ru": "Видит обзор по всем слушателям и настраивает блоки.",
        "uz": "Barcha tinglovchilar boʻyicha umumiy koʻrinishni koʻradi va bloklarni sozlaydi.",
    },
    is_staff=True,
)
PEOPLE = (*LEARNERS, COURSE_TEAM)


def enrol_everyone() -> None:
    """Create the accounts that are not there yet, learners as members of the course. Nobody has a password."""
    enrolled, _created = Group.objects.get_or_create(name=COURSE_KEY)
    for person in PEOPLE:
        user, created = get_user_model().objects.get_or_create(
            pk=person.user_id, defaults={"username": person.username, "is_staff": person.is_staff}
        )
        if created:
            user.set_unusable_password()
            user.save()
        if not person.is_staff:
            enrolled.user_set.add(user)
