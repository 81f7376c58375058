"""Rules that keep a change from being sent twice, unseen or unmeant, and its outcome from being guessed."""

from __future__ import annotations

from tests.support.rule import Rule

CHANGES = (
    # Truth
    Rule(
        "a write is sent once",
        "semtui.api.transport:Transport.write",
        "return await self._exchange(client, request, self.limits.write_total, self.limits.write_bytes, capture)",
        "answer = await self._exchange(client, request, self.limits.write_total, self.limits.write_bytes, capture)\n"
        "if answer.cut:\n"
        "    return await self._exchange(client, request, self.limits.write_total, self.limits.write_bytes, capture)\n"
        "return answer",
        "tests/changes/test_matrix.py",
    ),
    Rule(
        "a fault of our own loses no token",
        "semtui.api.base_client:BaseClient._make_token",
        "capture.rescue()",
        "pass",
        "tests/api/test_damaged_tokens.py",
    ),
    Rule(
        "the rest of a damaged answer is read too",
        "semtui.api.recording:_listen.read_up_and_close",
        "if sink.incomplete: ...",
        "if False: ...",
        "tests/api/test_damaged_tokens.py",
    ),
    Rule(
        "time while stopped does not count",
        "semtui.system.running_time:ActiveTimeout._end_step",
        "if late > _STOPPED: ...",
        "if False: ...",
        "tests/system/test_running_time.py",
    ),
    Rule(
        "an answer is not unpacked past its limit",
        "semtui.api.unpacking:_inflated",
        "reader.decompress(body, most + 1)",
        "reader.decompress(body)",
        "tests/api/test_hostile_answers.py",
    ),
    Rule(
        "a damaged answer still yields its token",
        "semtui.api.token_response:search",
        "for found in _FIELD.findall(text): ...",
        "for found in (): ...",
        "tests/api/test_damaged_tokens.py",
    ),
    Rule(
        "“not there” proves nothing while Semaphore may be at work",
        "semtui.changes.reconcile:poll_until_known",
        "deadline = clock() + client.limits.poll_for",
        "deadline = clock()",
        "tests/changes/test_matrix.py",
    ),
    Rule(
        "a 404 that is no JSON is no proof of deletion",
        "semtui.api.responses:raise_for_write",
        "entity_gone = answer.status == 404 and (isinstance(_json_or_none(answer), str) or _of_service(answer))",
        "entity_gone = answer.status == 404",
        "tests/changes/test_matrix.py",
    ),
    Rule(
        "a 5xx is not a refusal",
        "semtui.api.responses:raise_for_write",
        "answer.status in (400, 401, 413, 422)",
        "answer.status in (400, 401, 413, 422, 500, 504)",
        "tests/changes/test_matrix.py",
    ),
    Rule(
        "a list of several pages is read until it is the same twice",
        "semtui.organization.loading:read_until_stable",
        "if incomplete is None and (ids == before or (before is None and single)): ...",
        "if incomplete is None: ...",
        "tests/changes/test_state_machines.py tests/api/test_whole_lists.py",
    ),
    Rule(
        "somebody else's change is not replaced unseen",
        "semtui.changes.conflicts:_compare",
        "if changed: ...",
        "if False: ...",
        "tests/changes/test_conflicts.py",
    ),
    # Changes that were not meant
    Rule(
        "a key meets the screen as the one before left it",
        "semtui.tui.app:SemtuiApp.on_event",
        "await self.key_queue.take(event)",
        "await super().on_event(event)",
        "tests/terminal/test_typed_fast.py",
    ),
    Rule(
        "Enter in a field moves on",
        "semtui.tui.screens.form:Form._go_on",
        "self.focus_next()",
        "self.confirm()",
        "tests/tui/test_forms.py",
    ),
    Rule(
        "what is typed is kept when a form is left",
        "semtui.tui.screens.request_modal:RequestModal.action_leave",
        "self._keep_draft()",
        "pass",
        "tests/tui/test_forms.py",
    ),
    Rule(
        "the marked row is the chosen one",
        "semtui.tui.widgets.choice_list:ChoiceList._mark",
        "self._drawn = here",
        "pass",
        "tests/tui/test_choices.py",
    ),
    Rule(
        "a name that two have in common deletes neither",
        "semtui.wording.confirmations:code_to_type",
        "if easy and (not others): ...",
        "if easy: ...",
        "tests/tui/test_lookalikes_typed.py",
    ),
    # What was changed, and back again
    Rule(
        "a change is recorded before it is sent",
        "semtui.history.history:History._begin",
        "self._write(line_of(beginning(entry)))",
        "pass",
        "tests/history/test_history.py",
    ),
    Rule(
        "an undo looks first whether it has been changed since",
        "semtui.changes.undo:Undo.send",
        "if not self._warned: ...",
        "if False: ...",
        "tests/changes/test_undo.py",
    ),
    Rule(
        "a role that is not known to have been there is not put back",
        "semtui.changes.inverses:_project_role",
        "if change.before is None: ...",
        "if False: ...",
        "tests/changes/test_undo.py",
    ),
    Rule(
        "an offboarding keeps what nobody has chosen",
        "semtui.changes.offboard:Item.is_sent",
        'return self.treatment in ("deactivate", "regenerate", "remove") and self.outcome in _OPEN',
        "return self.outcome in _OPEN",
        "tests/changes/test_offboard.py",
    ),
    Rule(
        "a new token of an offboarding is saved if it cannot be delivered",
        "semtui.changes.offboard:_saved",
        "kept = session.vault.save_privately(token)",
        "kept = None",
        "tests/changes/test_offboard.py",
    ),
    Rule(
        "a token of an offboarding that never arrived is not called done",
        "semtui.changes.bulk_tokens:answer_lost",
        '"partly" if found.outcome == "done" else found.outcome',
        "found.outcome",
        "tests/cli/test_whole_life.py tests/tui/test_offboard.py",
    ),
    Rule(
        "a role on a project is not called given unless its token reaches the project",
        "semtui.changes.new_account_access:NewAccountAccess.reach",
        'item.outcome == "unknown" and item.project_id in reached',
        'item.outcome == "unknown"',
        "tests/cli/test_account_commands.py",
    ),
    Rule(
        "a reminder looks whether there is anything left to do",
        "semtui.changes.deactivate_first:reminder",
        "if not deactivated: ...",
        "if False: ...",
        "tests/changes/test_deactivate_first.py",
    ),
)
