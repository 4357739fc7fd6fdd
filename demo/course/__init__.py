"""The demo course: read from the files beside this one, the same in each process."""

from ._reading import load_course
from ._shape import COURSE_KEY, BlockPlan, Course, Section, Unit, usage_key

__all__ = ["COURSE_KEY", "COURSE_MAP", "BlockPlan", "Course", "Section", "Unit", "load_course", "usage_key"]

from pathlib import Path

#: Which unit trains what.
COURSE_MAP = Path(__file__).with_name("course_map.yaml")
