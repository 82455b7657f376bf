"""Generated: `grader.check("p4-confusion")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p4-confusion"
points = 0.8333999999999999


@test_case(name="Rows of the confusion matrix are true classes, columns are predicted ones.", points=0.1667)
def test_confusion(env):
    live.run_check("test_blood_cells_confusion.py", "test_confusion", env)


@test_case(name="A heat map shows the matrix, with class names and labels on both axes.", points=0.1667)
def test_heat_map(env):
    live.run_check("test_blood_cells_confusion.py", "test_heat_map", env)


@test_case(name="The notebook's own run makes the matrix of its predictions, and shows it.", points=0.1667)
def test_confusion_of_the_run(env):
    live.run_check("test_blood_cells_confusion.py", "test_confusion_of_the_run", env)


@test_case(name="The stated confusion matrix is that of the saved weights.", points=0.3333)
def test_confusion_claim(env):
    live.run_check("test_blood_cells_weights.py", "test_confusion_claim", env)
