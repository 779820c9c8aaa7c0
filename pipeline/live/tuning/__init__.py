"""What reading costs on this machine and how it is done best: measured by `glossa tune`, remembered and used."""

from pipeline.live.tuning.store import Choice, Tuned, chosen, for_files, load, load_costs, remembered, save

__all__ = ["Choice", "Tuned", "chosen", "for_files", "load", "load_costs", "remembered", "save"]
