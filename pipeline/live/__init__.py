"""The live engine: lanes with mailboxes and budgets, the schedule of tiers, and what became of every piece of work."""
