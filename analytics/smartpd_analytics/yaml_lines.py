"""YAML as a tree that remembers its lines, so that a message can say where.

Scalars stay the text that stands in the file: ``1.10`` is not the number 1.1, ``no`` is not False.
What a text means is for the reader to decide. Anchors and aliases are refused: no file of ours needs
them, and nested aliases blow a small file up without bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from .errors import N_, InputError

__all__ = ["Node", "read_yaml"]

#: Not in every build of PyYAML.
_FAST_LOADER = getattr(yaml, "CSafeLoader", None)


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a YAML file and the line (from 1) where it starts.

    ``value`` is a text (``""`` for an empty value), a tuple of nodes, or a mapping from key to node.
    """

    value: str | tuple[Node, ...] | Mapping[str, Node]
    line: int

    @property
    def text(self) -> str | None:
        """The text of a scalar, stripped; None for a list or a mapping."""
        return self.value.strip() if isinstance(self.value, str) else None

    @property
    def items(self) -> tuple[Node, ...] | None:
        return self.value if isinstance(self.value, tuple) else None

    @property
    def fields(self) -> Mapping[str, Node] | None:
        return self.value if isinstance(self.value, Mapping) else None


def read_yaml(text: str, *, file: str, error: type[InputError]) -> Node:
    """The tree of one YAML document.

    Raises:
        error: not YAML, empty, more than one document, a key given twice, an anchor, or nested too deeply.
    """
    try:
        root = _composed(text)
        if root is None:
            raise error(N_("the file is empty"), file=file)
        return _node(root, set(), file, error)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        what = problem.problem or problem.context or "syntax"
        line = mark.line + 1 if mark else 0
        raise error(N_("not valid YAML: {reason}"), file=file, line=line, reason=what) from None
    except yaml.YAMLError as problem:
        raise error(N_("not valid YAML: {reason}"), file=file, reason=str(problem).splitlines()[0]) from None
    except RecursionError:
        raise error(N_("nested too deeply"), file=file) from None


def _composed(text: str) -> yaml.Node | None:
    """The document's nodes, or None: by libyaml, twenty times faster; what is wrong the other reader says better."""
    if _FAST_LOADER is not None:
        try:
            return yaml.compose(text, Loader=_FAST_LOADER)
        except (yaml.YAMLError, UnicodeError):
            pass
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _node(node: yaml.Node, seen: set[int], file: str, error: type[InputError]) -> Node:
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise error(N_("an alias (*) is used"), file=file, line=line, accepted=N_("values written out"))
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return Node(tuple(_node(child, seen, file, error) for child in node.value), line)
    if isinstance(node, yaml.MappingNode):
        fields: dict[str, Node] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise error(N_("a key is not a word"), file=file, line=key.start_mark.line + 1)
            if key.value in fields:
                raise error(N_("'{key}' is given twice"), file=file, line=key.start_mark.line + 1, key=key.value)
            fields[key.value] = _node(child, seen, file, error)
        return Node(fields, line)
    empty = node.tag == "tag:yaml.org,2002:null"
    return Node("" if empty else node.value, line)
