"""How our translator is made: data, training, export, evaluation. Nothing here is imported at run time."""

import os

# Threads that wait must sleep, not spin: training runs in the background beside other work. OpenMP reads this once,
# when torch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
