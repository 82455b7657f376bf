"""Run one notebook of a complete solution in full, in this process: `NOTEBOOK SECONDS`.

It prints what the cells print. If a cell fails, the reason goes to stderr and the exit status is 1.
"""

import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Run the notebook in the current folder, and return the exit status."""
    from autograder.notebook.run import Rules, run_notebook

    name, seconds = arguments[0], float(arguments[1])
    rules = Rules(name, timeout_s=seconds, cell_timeout_s=seconds)
    run = run_notebook(Path.cwd() / name, rules, Path.cwd(), lambda tree, cell: None)
    for text in run.output.values():
        sys.stdout.write(text)
    for failure in run.failures:
        error = failure.root
        sys.stderr.write(
            f"cell {failure.cell.number} of {name} failed: {type(error).__name__}: {error}\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
