"""The addresses of Studio."""

from __future__ import annotations

import re

#: Studio's addresses (``cms/urls.py``) that name a course or a block. The LMS has none of these, so
#: who opens one is staff of that course.
STUDIO = re.compile(
    r"/(?:api/contentstore/.*|assets|checklists|container|container_embed|course|course_info|course_info_update"
    r"|course_notifications|course_rerun|course_team|export|export_git|export_output|export_status"
    r"|group_configurations|import|import_status|orphan|preview/xblock|settings/(?:advanced|details|grading)"
    r"|subsection|tabs|textbooks|unit|videos|xblock/(?:container|outline))"
    r"/(?:(?:ccx-)?(?:course|block)-v1(?::|%3A)|i4x:|$)"
)
