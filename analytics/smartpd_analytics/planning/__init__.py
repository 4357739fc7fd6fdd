"""Planning: course maps, and which action comes next, and goals with a date.

How actions are ranked: docs/how-recommendations-are-made.md. How a course map is written: docs/course-map.md.
"""

from ._course_map import complete_course_map, read_course_map
from ._course_of_map import part_for_course, unmet_keys, unmet_warning
from ._finished import finished_keys
from ._goals import GoalPlan, plan_goals, unit_minutes
from ._ranking import recommend

__all__ = [
    "GoalPlan",
    "complete_course_map",
    "finished_keys",
    "part_for_course",
    "plan_goals",
    "read_course_map",
    "recommend",
    "unit_minutes",
    "unmet_keys",
    "unmet_warning",
]
