"""The wiring: capture, see, understand, draw; budgets and the command line. The only package that knows the others."""
