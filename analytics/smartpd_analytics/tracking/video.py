"""Videos. Browsers give the bare id of the block; mobile apps may give their own names of the types."""

from __future__ import annotations

from collections.abc import Mapping

from smartpd_analytics.tracking._payload import PayloadFields
from smartpd_analytics.tracking._record import Record
from smartpd_analytics.tracking._values import number
from smartpd_analytics.tracking.entry import CLIENT, EventType, Fields, Skip

_STATE = PayloadFields("id", "module_id", "new_time", "currentTime", "current_time", "duration")


def _video(record: Record) -> Fields:
    sent = record.sent(_STATE)
    position = None
    for at in (sent.new_time, sent.currentTime, sent.current_time):
        if at is not None and (position := number(at)) is not None:
            break
    duration = None if sent.duration is None else number(sent.duration)
    return Fields(record.usage_key(sent.id or sent.module_id, "video"), position=position, duration=duration)


def _of_app(name: str) -> EventType:
    return EventType("video", _video, CLIENT, name)


_PLAYER = EventType("video", _video, CLIENT)
_MENU = Skip("companion")
#: The film before the video is no part of the course.
_BUMPER = Skip("companion")

EVENT_TYPES: Mapping[str, EventType | Skip] = {
    "load_video": _PLAYER,
    "play_video": _PLAYER,
    "pause_video": _PLAYER,
    "stop_video": _PLAYER,
    "complete_video": _PLAYER,
    "seek_video": _PLAYER,
    "speed_change_video": _PLAYER,
    "show_transcript": _PLAYER,
    "hide_transcript": _PLAYER,
    "edx.video.closed_captions.shown": _PLAYER,
    "edx.video.closed_captions.hidden": _PLAYER,
    "edx.video.language_menu.shown": _MENU,
    "edx.video.language_menu.hidden": _MENU,
    "video_show_cc_menu": _MENU,
    "video_hide_cc_menu": _MENU,
    "edx.video.bumper.loaded": _BUMPER,
    "edx.video.bumper.played": _BUMPER,
    "edx.video.bumper.stopped": _BUMPER,
    "edx.video.bumper.skipped": _BUMPER,
    "edx.video.bumper.dismissed": _BUMPER,
    "edx.video.loaded": _of_app("load_video"),
    "edx.video.played": _of_app("play_video"),
    "edx.video.paused": _of_app("pause_video"),
    "edx.video.stopped": _of_app("stop_video"),
    "edx.video.completed": _of_app("complete_video"),
    "edx.video.position.changed": _of_app("seek_video"),
    "edx.video.seeked": _of_app("seek_video"),
    "edx.video.speed.changed": _of_app("speed_change_video"),
    "edx.video.transcript.shown": _of_app("show_transcript"),
    "edx.video.transcript.hidden": _of_app("hide_transcript"),
}
