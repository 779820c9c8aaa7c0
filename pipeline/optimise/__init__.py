"""`glossa models optimise`: smaller and faster variants of a model, measured, and refused where they lose too much."""
