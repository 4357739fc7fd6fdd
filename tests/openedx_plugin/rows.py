"""A table of the platform's, as far as we ask one."""


class Rows(list):
    """A query as far as we ask one."""

    def filter(self, **wanted):
        return Rows(row for row in self if all(self._fits(row, *pair) for pair in wanted.items()))

    @staticmethod
    def _fits(row, name, value):
        name, _double, lookup = name.partition("__")
        known = getattr(row, name)
        return known in value if lookup == "in" else value in known if lookup == "contains" else known == value

    def order_by(self, *names):
        rows = self
        for name in reversed(names):
            rows = sorted(rows, key=lambda row: getattr(row, name.removeprefix("-")), reverse=name.startswith("-"))
        return Rows(rows)

    def select_related(self, *_names):
        return self

    def count(self):
        return len(self)

    def values_list(self, *names):
        return [tuple(getattr(row, name) for name in names) for row in self]

    def values(self, name):
        return [each for row in self for each in getattr(row, name)]

    def delete(self):
        self.clear()
