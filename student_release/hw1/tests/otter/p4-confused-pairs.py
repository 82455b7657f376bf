"""Generated: `grader.check("p4-confused-pairs")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p4-confused-pairs"
points = 0.8333999999999999


@test_case(name="The two largest entries off the diagonal are found, with true and predicted class.", points=0.1667)
def test_confused_pairs(env):
    live.run_check("test_blood_cells_confusion.py", "test_confused_pairs", env)


@test_case(name="Both mistakes may be of one class.", points=0.1667)
def test_one_class_taken_for_two(env):
    live.run_check("test_blood_cells_confusion.py", "test_one_class_taken_for_two", env)


@test_case(name="confused_pairs are those of the notebook's own confusion matrix.", points=0.1667)
def test_pairs_of_the_run(env):
    live.run_check("test_blood_cells_confusion.py", "test_pairs_of_the_run", env)


@test_case(name="The stated pairs are the two largest mistakes of the saved weights.", points=0.3333)
def test_confused_pairs_claim(env):
    live.run_check("test_blood_cells_weights.py", "test_confused_pairs_claim", env)
