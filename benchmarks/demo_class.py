"""A dozen submissions for `make demo`: hw1's solution with known mistakes of the catalogue in it.

python benchmarks/demo_class.py FOLDER
"""

import sys
from pathlib import Path

from autograder.assignment import find_course, load_assignment
from autograder.audit.sample import sample
from autograder.release import plan_release, write_release

MISTAKES = {
    "ada": [],
    "bo": ["linear-backward-bias-not-summed"],
    "chen": ["linear-backward-bias-not-summed", "loss-summed"],
    "dana": ["linear-backward-divides-by-batch", "sgd-ascends"],
    "emre": ["jacobian-diagonal-only", "huber-squared-error", "relu-leaky"],
    "fatima": ["adam-without-bias-correction", "cells-curves-without-validation"],
    "goran": ["huber-squared-error", "mnist-one-epoch"],
    "hana": ["sigmoid-overflows", "gradient-check-one-sided"],
    "igor": ["p5-init-he-is-xavier", "loss-summed", "sequential-forward-reversed"],
    "jun": ["affine-transposed", "ridge-missing", "sgd-replaces-the-array"],
    "kwame": ["cells-training-without-zero-grad", "p5-dynamics-adam"],
}


def main() -> None:
    folder = Path(sys.argv[1])
    assignment = load_assignment(find_course(Path(__file__).parent), "hw1")
    for name, mistakes in MISTAKES.items():
        write_release(sample(assignment, mistakes), folder / name)
    write_release(plan_release(assignment), folder / "lena")
    print(f"a class of {len(MISTAKES) + 1} in {folder}")


if __name__ == "__main__":
    main()
