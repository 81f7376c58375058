"""Ends the application with status 1 after a crash; the report itself is written elsewhere."""

from __future__ import annotations

import sys

from textual.app import App

from semtui.system import crash_report


class CrashReportingApp(App[None]):
    """An app that ends after an uncaught exception on any thread, without printing values."""

    def on_load(self) -> None:
        """Start to hear of uncaught exceptions in threads and tasks."""
        crash_report.set_crash_listener(self._crashed_on_thread)

    def on_unmount(self) -> None:
        """Hear of them no longer."""
        crash_report.set_crash_listener(None)

    def _handle_exception(self, error: Exception) -> None:
        """End without drawing the exception: Textual lets some draw themselves, with the values they hold."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._fatal_error()

    def _crashed_on_thread(self, error: BaseException) -> None:
        """An uncaught exception in a thread or task ends the program like any other."""
        struck = error if isinstance(error, Exception) else RuntimeError(type(error).__name__)
        loop = self._loop
        assert loop is not None, "it listens only while it runs"
        loop.call_soon_threadsafe(self._handle_exception, struck)

    def _fatal_error(self) -> None:
        """End because of a crash, which is reported once the screen is gone."""
        error = sys.exc_info()[1] or self._exception
        crash_report.remember(error)
        self._close_messages_no_wait()
