"""What is seen: text regions and tracks, motion. A plain library: no threads, no clocks, no settings files."""
