"""How good, how fast, how much memory: measured against labelled media. May import any floor."""
