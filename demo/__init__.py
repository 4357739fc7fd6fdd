"""A small host for the blocks and the plugin on one machine: the XBlock SDK's workbench with one demo course.

``python -m demo`` serves it, ``python -m demo.record`` writes its tracking log anew. Never in the wheel.
"""
