"""Handlers of blocks in the demo: as whom they run, and what they may write."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.test import Client, RequestFactory
from workbench.models import XBlockState
from xblock.exceptions import InvalidScopeError
from xblock.fields import Scope
from xblock.runtime import KeyValueStore

from demo.course import COURSE_KEY, load_course, usage_key
from demo.runtime import DemoRuntime
from demo.store import CourseStore

GAIN = usage_key("problem", "checks-gain")
FIRST = usage_key("problem", "choosing-first")
NEEDS = usage_key("smartpd_needs_diagnostic", "needs")
PRES = usage_key("smartpd_pres", "pres")


def handler(key, name, *, base="/courses"):
    return f"{base}/{COURSE_KEY}/xblock/{key}/handler/{name}"


CHECK_GAIN = handler(GAIN, "xmodule_handler/problem_check")


def runtime_of(user, *, in_studio=False):
    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    return DemoRuntime(request, in_studio=in_studio)


# --- problems and texts -----------------------------------------------------------------------


def test_a_right_answer_is_kept_and_shown_when_one_comes_back(signed_in):
    client = signed_in("newcomer")
    answer = client.post_json(CHECK_GAIN, {"answer": "50 %"}).json()
    assert answer["solved"] is True
    assert answer["attempts"] == 1
    page = client.get(f"/courses/{COURSE_KEY}/unit/checks/").content.decode()
    assert 'value="50 %"' in page
    assert "30 points of the 60" in page


def test_a_wrong_answer_gets_feedback_and_may_be_tried_again(signed_in):
    client = signed_in("newcomer")
    wrong = client.post_json(CHECK_GAIN, {"answer": "30"}).json()
    assert (wrong["solved"], wrong["attempts"]) == (False, 1)
    assert "Not the difference alone" in wrong["feedback"]
    assert client.post_json(CHECK_GAIN, {"answer": "50"}).json()["attempts"] == 2


@pytest.mark.parametrize("answer", ["50", " 50 ", "50,0", "50.0", "50%"])
def test_a_number_is_taken_as_people_type_it(signed_in, answer):
    assert signed_in("newcomer").post_json(CHECK_GAIN, {"answer": answer}).json()["solved"] is True


@pytest.mark.parametrize("answer", ["", "half", "5O", None, 50, ["50"], "nan%%"])
def test_what_is_no_number_is_refused_in_words_and_not_counted(signed_in, answer):
    client = signed_in("newcomer")
    response = client.post_json(CHECK_GAIN, {"answer": answer})
    assert response.status_code == 400
    assert "needs a number" in response.json()["error"]
    assert client.post_json(CHECK_GAIN, {"answer": "50"}).json()["attempts"] == 1


@pytest.mark.parametrize("answer", ["nan", "inf", "-inf"])
def test_not_even_endless_numbers_stop_a_problem(signed_in, answer):
    assert signed_in("newcomer").post_json(CHECK_GAIN, {"answer": answer}).status_code == 400


@pytest.mark.parametrize("answer", ["choice_9", "choice_-1", "0", ""])
def test_what_is_no_choice_is_refused(signed_in, answer):
    response = signed_in("newcomer").post_json(handler(FIRST, "xmodule_handler/problem_check"), {"answer": answer})
    assert response.status_code == 400
    assert "none of the answers" in response.json()["error"]


def test_the_answer_is_shown_only_after_a_try(signed_in):
    client = signed_in("newcomer")
    show = handler(GAIN, "xmodule_handler/problem_show")
    assert client.post_json(show, {}).status_code == 404
    client.post_json(CHECK_GAIN, {"answer": "1"})
    assert client.post_json(show, {}).json()["right_answer"] == "50"


def test_a_read_text_is_ticked_off_in_the_outline(signed_in):
    client = signed_in("newcomer")
    outline = f"/courses/{COURSE_KEY}/"
    assert "smartpd-badge-success" not in client.get(outline).content.decode()
    client.post_json(handler(usage_key("html", "welcome-text"), "publish_completion"), {})
    assert client.get(outline).content.decode().count("smartpd-badge-success") == 1


# --- as whom ----------------------------------------------------------------------------------


def test_a_handler_runs_as_whoever_is_signed_in_whatever_the_address_says(signed_in):
    signed_in("newcomer").post_json(f"{CHECK_GAIN}?student=105", {"answer": "50"})
    assert set(XBlockState.objects.values_list("user_id", flat=True)) == {"106"}


def test_the_anonymous_change_nothing(browser, people, tracking_log):
    for key, name in [(GAIN, "xmodule_handler/problem_check"), (NEEDS, "save_answer"), (PRES, "save_draft")]:
        response = browser.post_json(handler(key, name), {})
        assert response.status_code == 401
        assert response.json()["error"]
    assert not XBlockState.objects.exists()


def test_who_is_not_enrolled_gets_through_to_the_block_and_the_block_refuses(signed_in):
    client = signed_in("newcomer")
    Group.objects.get(name=COURSE_KEY).user_set.clear()
    assert client.post_json(handler(PRES, "save_draft"), {"texts": {}, "revision": 0}).status_code == 403


def test_forged_requests_are_refused(people, tracking_log):
    client = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="newcomer"))
    response = client.post(CHECK_GAIN, "{}", content_type="application/json")
    assert response.status_code == 403
    assert "open for too long" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        handler(GAIN, "nothing"),
        handler(usage_key("problem", "nothing"), "xmodule_handler/problem_check"),
        handler("nothing", "xmodule_handler"),
        handler(GAIN, "xmodule_handler").replace("DC101+demo/", "DC101+other/", 1),
    ],
)
def test_a_handler_that_is_not_there_is_a_404(signed_in, address):
    assert signed_in("newcomer").post_json(address, {}).status_code == 404


def test_the_user_service_says_what_the_platform_says(people):
    learner, team = User.objects.get(username="steady"), User.objects.get(username="course_team")
    block = runtime_of(learner).get_block(NEEDS)
    found = block.runtime.service(block, "user").get_current_user().opt_attrs
    assert found["edx-platform.user_id"] == learner.pk
    assert found["edx-platform.username"] == "steady"
    assert found["edx-platform.user_role"] == "student"
    assert found["edx-platform.user_is_staff"] is False
    assert found["edx-platform.is_authenticated"] is True
    assert len(found["edx-platform.anonymous_user_id"]) == 32
    staff = runtime_of(team).get_block(NEEDS)
    assert staff.runtime.service(staff, "user").get_current_user().opt_attrs["edx-platform.user_role"] == "staff"
    nobody = runtime_of(AnonymousUser()).get_block(NEEDS)
    attrs = nobody.runtime.service(nobody, "user").get_current_user().opt_attrs
    assert attrs == {"edx-platform.is_authenticated": False}


def test_in_studio_everybody_is_an_unprivileged_student(people):
    block = runtime_of(User.objects.get(username="course_team"), in_studio=True).get_block(NEEDS)
    attrs = block.runtime.service(block, "user").get_current_user().opt_attrs
    assert attrs["edx-platform.anonymous_user_id"] == "student"
    assert attrs["edx-platform.user_is_staff"] is False
    assert block.runtime.service(block, "enrollments") is None


def test_blocks_are_left_as_the_platform_has_them(people):
    block = runtime_of(User.objects.get(username="steady")).get_block(NEEDS)
    assert str(block.scope_ids.usage_id) == NEEDS
    assert str(block.course_id) == COURSE_KEY
    assert block.due is None


# --- Studio -----------------------------------------------------------------------------------

STUDIO_SAVE = handler(PRES, "submit_studio_edits", base="/studio") + "/?"


def test_what_the_course_team_edits_reaches_the_learners(signed_in):
    edit = {"values": {"question": "Is a phone a pencil?"}, "defaults": []}
    assert signed_in("course_team").post_json(STUDIO_SAVE, edit).status_code == 200
    assert "Is a phone a pencil?" in signed_in("newcomer").get(f"/courses/{COURSE_KEY}/unit/position/").content.decode()


def test_a_learner_edits_nothing_neither_in_studio_nor_in_the_course(signed_in):
    client = signed_in("newcomer")
    edit = {"values": {"question": "Mine"}, "defaults": []}
    assert client.post_json(STUDIO_SAVE, edit).status_code == 403
    assert client.post_json(handler(PRES, "submit_studio_edits"), edit).status_code == 403
    assert not XBlockState.objects.exists()


def test_in_the_course_authored_fields_cannot_be_written_at_all(people):
    user = User.objects.get(username="course_team")
    key = KeyValueStore.Key(Scope.settings, None, PRES, "display_name")
    with pytest.raises(InvalidScopeError):
        CourseStore(user.pk).set(key, "New")


def test_in_studio_learners_fields_are_not_written(people):
    user = User.objects.get(username="course_team")
    CourseStore(user.pk, in_studio=True).set(KeyValueStore.Key(Scope.user_state, user.pk, PRES, "draft"), {})
    assert not XBlockState.objects.exists()


# --- the store --------------------------------------------------------------------------------


def state_key(name, user_id=106):
    return KeyValueStore.Key(Scope.user_state, user_id, PRES, name)


def test_the_store_gives_back_what_was_set_and_forgets_what_was_deleted(people):
    store = CourseStore(106)
    store.set_many({state_key("draft"): {"position": "ʻʼ"}, state_key("draft_revision"): 3})
    for fresh in (store, CourseStore(106)):
        assert fresh.get(state_key("draft")) == {"position": "ʻʼ"}
        assert fresh.has(state_key("draft_revision"))
        assert not fresh.has(state_key("draft", user_id=105))
    store.delete(state_key("draft"))
    for fresh in (store, CourseStore(106)):
        assert not fresh.has(state_key("draft"))
        assert fresh.get(state_key("draft_revision")) == 3
    with pytest.raises(KeyError):
        store.delete(state_key("draft"))


def test_changing_what_was_read_changes_nothing_in_the_store(people):
    store = CourseStore(106)
    store.set(state_key("draft"), {"position": "a"})
    store.get(state_key("draft"))["position"] = "b"
    assert store.get(state_key("draft")) == {"position": "a"}


def test_the_authored_fields_come_from_the_courses_files(people):
    key = KeyValueStore.Key(Scope.content, None, usage_key("html", "welcome-text"), "text")
    assert set(CourseStore(106).get(key)) == {"en", "ru", "uz"}
    assert load_course().block(usage_key("html", "welcome-text")).fields["text"] == CourseStore(106).get(key)


def test_ten_megabytes_are_refused_in_a_sentence_and_nothing_is_kept(signed_in):
    client = signed_in("newcomer")
    before = XBlockState.objects.count()
    body = b'{"item": "' + b"x" * 10_000_000 + b'"}'
    reply = client.post(handler(NEEDS, "save_answer"), body, content_type="application/json")
    assert reply.status_code == 413
    assert "kilobytes" in reply.json()["error"]
    assert XBlockState.objects.count() == before
