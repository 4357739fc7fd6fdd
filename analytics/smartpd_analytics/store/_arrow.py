"""Arrow columns out of numpy and texts, and back, without pandas.

``pyarrow.array`` and ``Array.to_numpy`` import pandas where it is installed, to see whether they were given
a Series, and ``take``, ``cast`` and ``dictionary_encode`` import all of Arrow's functions. The one takes as long as
reading twenty thousand lines, the other as reading five thousand, in each process.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

__all__ = ["bytes_of", "column", "numbers_of", "texts"]


def column(values: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    """A column of the numbers or booleans, null where ``missing`` (booleans) is true."""
    kind = pa.from_numpy_dtype(values.dtype)
    data = np.packbits(values, bitorder="little") if values.dtype == bool else np.ascontiguousarray(values)
    there = None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [there, pa.py_buffer(data)])


def texts(values: Sequence[str | bytes]) -> pa.Array:
    """A column of texts, given as such or in UTF-8."""
    pieces = [value if isinstance(value, bytes) else value.encode() for value in values]
    return _pieces(pa.string(), pieces, None)


def bytes_of(values: Sequence[bytes | None]) -> pa.Array:
    """A column of bytes of any length, null for None."""
    return _pieces(pa.binary(), [value or b"" for value in values], [value is None for value in values])


def _pieces(kind: pa.DataType, values: Sequence[bytes], missing: Sequence[bool] | None) -> pa.Array:
    ends = np.zeros(len(values) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, values), np.int32, len(values)), out=ends[1:])
    there = None if missing is None else pa.py_buffer(np.packbits(~np.array(missing, bool), bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [there, pa.py_buffer(ends), pa.py_buffer(b"".join(values))])


def numbers_of(array: pa.Array) -> np.ndarray:
    """The numbers of a column of whole or floating-point numbers; what stands where one is null means nothing."""
    # Arrow names its types of numbers as numpy does.
    kind = np.dtype(str(array.type))
    return np.frombuffer(array.buffers()[1], kind, len(array), array.offset * kind.itemsize)
