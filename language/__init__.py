"""What it means: languages, normalisation, translation. A plain library: no threads, no clocks, no settings files."""
