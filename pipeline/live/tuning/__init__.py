"""What reading costs on this machine and how it is done best: measured by `glossa tune`, remembered, used live."""

from pipeline.live.tuning.store import Choice, Tuned, chosen, load, load_costs, save

__all__ = ["Choice", "Tuned", "chosen", "load", "load_costs", "save"]
