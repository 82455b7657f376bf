"""Generated: `grader.check("p4-lowest-recall")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p4-lowest-recall"
points = 0.5


@test_case(name="The class of lowest recall is found in a report.", points=0.125)
def test_lowest_recall(env):
    live.run_check("test_blood_cells_mistakes.py", "test_lowest_recall", env)


@test_case(name="Five misclassified images are shown with what they are taken for; fewer if there are.", points=0.125)
def test_misclassified(env):
    live.run_check("test_blood_cells_mistakes.py", "test_misclassified", env)


@test_case(name="The notebook's own run names a class of lowest recall and shows images of it.", points=0.125)
def test_lowest_recall_of_the_run(env):
    live.run_check("test_blood_cells_mistakes.py", "test_lowest_recall_of_the_run", env)


@test_case(name="The stated class is the one of which the saved weights miss most.", points=0.125)
def test_lowest_recall_claim(env):
    live.run_check("test_blood_cells_weights.py", "test_lowest_recall_claim", env)
