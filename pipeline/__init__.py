"""The wiring: capture -> see -> understand -> draw, the command line, budgets. The only package that knows the others."""
