"""The audit on the screen: answers as tables to go deeper into, findings, snapshots, and files of each.

A page opens them; they know no page. What an answer says is worked out in `audit` and worded in `wording`.
"""
