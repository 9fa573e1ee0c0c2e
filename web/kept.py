"""What was made lately, kept for whoever asks for it again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Values of ``limit`` bytes in all; what has not been asked for longest makes room.

    ``size`` says how many bytes a value takes. One of more than an eighth of the limit is not kept.
    """

    def __init__(self, limit: int, size: Callable[[Value], int]) -> None:
        self._limit = limit
        self._size = size
        self._bytes = 0
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def get_or_make(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value, made where none is kept; by two threads at once, that may be twice."""
        value = self.get(key)
        if value is None:
            value = make()
            self.add(key, value)
        return value

    def add(self, key: Key, value: Value) -> None:
        size = self._size(value)
        if size > self._limit // 8:
            return
        with self._lock:
            if key in self._values:
                return
            self._values[key] = value
            self._bytes += size
            while self._bytes > self._limit:
                _, oldest = self._values.popitem(last=False)
                self._bytes -= self._size(oldest)
