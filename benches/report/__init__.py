"""From what the benchmarks measured to tables, targets, plots and RESULTS.md.

Nothing here measures by itself: `calls` reads what Criterion wrote, `growth` runs one process a point. Whatever a table, a target
or a plot needs and that is not there is an error that names all of it.
"""
