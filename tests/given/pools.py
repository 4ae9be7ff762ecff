"""A work pool without processes."""

from collections.abc import Callable
from concurrent.futures import Future


class InlinePool:
    """Does each task at once, in this process."""

    workers = 1

    def submit(self, task: Callable[..., object], *args: object, seconds: float) -> "Future[object]":
        future: Future[object] = Future()
        try:
            future.set_result(task(*args))
        except Exception as error:  # noqa: BLE001 - handed to whoever asks for the result
            future.set_exception(error)
        return future
