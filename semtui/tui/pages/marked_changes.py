"""Changes of all marked rows at once, each shown as a plan before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.changes.result import ChangeResult
from semtui.text.counting import count
from semtui.tokens.destination_pattern import FOR_TWINS, SUGGESTED
from semtui.tui.pages.follow_up import FollowUp
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.changes.bulk import BulkAction, Plan, PlannedRow
    from semtui.organization.subject import Subject
    from semtui.tui.content.people import PeopleContent
    from semtui.tui.pages.page import Page
    from semtui.tui.screens.token_destinations import MakePlan


class MarkedChanges:
    """Opens a plan for the marked rows; rows that are done lose their mark, and are shown as changed last."""

    def __init__(self, page: Page, content: PeopleContent) -> None:
        self._page = page
        self._content = content
        self._follow_up = FollowUp(page)

    def delete(self) -> None:
        """Plan to delete the accounts and groups and remove the people."""
        self._open("delete")

    def switch(self) -> None:
        """Plan to deactivate the service accounts, or to reactivate them if all of them are inactive."""
        accounts = [subject for subject in self._content.marked if subject.kind == "account"]
        inactive = bool(accounts) and all(subject.state == "deactivated" for subject in accounts)
        self._open("reactivate" if inactive else "deactivate")

    def change_role(self) -> None:
        """Let the user choose a role, and plan to give it to every row."""
        from semtui.tui.screens.role_chooser import RoleChooser

        def chosen(role: Role | None) -> None:
            if role is not None:
                self._open("role", role)

        content = self._content
        chooser = RoleChooser(content.people, content.session.permissions.not_held, len(content.marks))
        self._page.app.push_screen(chooser, chosen)

    def regenerate(self) -> None:
        """Ask where the new tokens go, and plan to replace those of all marked accounts."""
        from semtui.changes import bulk_tokens

        content, marked = self._content, self._content.marked
        self._ask_where(
            [each for each in marked if not bulk_tokens.account_obstacle(each)],
            lambda typed, report: bulk_tokens.regeneration_plan(content.session, marked, content.people, typed, report),
        )

    def rotate(self) -> None:
        """Offer the next steps of replacing the marked accounts by twins, each for those that are at it."""
        from semtui.changes import bulk_rotation
        from semtui.tui.screens.candidate import Candidate
        from semtui.tui.screens.chooser import Chooser
        from semtui.wording.rotation import at_step, offers_of_several

        store = self._content.store
        entries = store.session.history.known()
        found = bulk_rotation.rotations_of(store.people, self._content.marked)
        lacking = bulk_rotation.lacking_of(found, store.people, entries)

        def chosen(code: str | None) -> None:
            if code is None:
                return
            here = at_step(code, found, lacking)
            if code == "create":
                olds = [each.old for each in here if each.old is not None]
                self._ask_where(
                    olds,
                    lambda typed, report: bulk_rotation.twin_plan(store, here, entries, typed, report),
                    FOR_TWINS,
                )
            else:
                self._show(bulk_rotation.step_plan(code, here, store, entries))

        offers = [Candidate(code, words) for code, words in offers_of_several(found, lacking)]
        if offers:
            self._page.app.push_screen(
                Chooser(f"Replace {count(len(found), 'account')} by twins", offers, "what to do"), chosen
            )
        else:
            self._page.say("No service account is marked; only they can be replaced by twins.", "warn")

    def _ask_where(self, accounts: list[Subject], make: MakePlan, suggested: str = SUGGESTED) -> None:
        """Ask for a line of destinations, and show the plan that is made of it."""
        from semtui.tui.screens.token_destinations import TokenDestinations

        def made(plan: Plan | None) -> None:
            if plan is not None:
                self._show(plan)

        if accounts:
            self._page.app.push_screen(TokenDestinations(accounts, make, suggested), made)
        else:
            self._page.say("No service account is marked; only they have tokens that can be replaced.", "warn")

    def _open(self, verb: BulkAction, role: Role | None = None) -> None:
        """Show what `verb` would do, in the order of the table."""
        from semtui.changes.bulk import make_plan

        self._show(make_plan(verb, self._content.marked, self._content.people, role))

    def _show(self, plan: Plan) -> None:
        """Show a plan, to be carried out once its number is typed."""
        from semtui.tui.screens.bulk import BulkScreen

        def ended(plan: Plan | None) -> None:
            if plan is not None:
                self._carried_out(plan)
            else:
                self._page.say("Nothing was sent.")

        self._page.app.push_screen(BulkScreen(self._content.session, plan), ended)

    def _carried_out(self, plan: Plan) -> None:
        """Unmark the rows that are done; the others keep their mark, to be tried again or looked at. Then show the
        tokens that were not delivered, one after the other."""
        from semtui.changes import bulk
        from semtui.changes import bulk_wording as bulk_words

        self._content.store.deleted_ids |= {*bulk.deleted_accounts(plan)}
        self._content.marks.note_changed(step.subject.id for step in plan.steps if step.outcome == "done")
        words, tone = bulk_words.summary(plan)
        self._page.reload("", words, tone)
        self._show_tokens([step for step in plan.steps if step.token is not None])

    def _show_tokens(self, steps: list[PlannedRow]) -> None:
        if steps:
            step, *others = steps
            assert step.token is not None, "only rows with tokens are shown"
            result = ChangeResult(f"{name_of(step.subject)}: {step.words}", step.token.account_id)
            self._follow_up.show_token(result, step.token, lambda: self._show_tokens(others))
