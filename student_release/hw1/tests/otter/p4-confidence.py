"""Generated: `grader.check("p4-confidence")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p4-confidence"
points = 1.75


@test_case(name="predict_probabilities is the softmax of the logits, in evaluation mode.", points=0.25)
def test_probabilities(env):
    live.run_check("test_blood_cells_mistakes.py", "test_probabilities", env)


@test_case(name="Images are sorted by confidence above 0.9 or below 0.6, right or wrong.", points=0.25)
def test_quadrants(env):
    live.run_check("test_blood_cells_mistakes.py", "test_quadrants", env)


@test_case(name="Two examples of each quadrant are shown, with true and predicted class and confidence.", points=0.25)
def test_figure(env):
    live.run_check("test_blood_cells_quadrants.py", "test_figure", env)


@test_case(name="An empty quadrant says that it is empty; one with a single image shows that.", points=0.25)
def test_empty_quadrant(env):
    live.run_check("test_blood_cells_quadrants.py", "test_empty_quadrant", env)


@test_case(name="The notebook's own run sorts its test images, and shows examples.", points=0.25)
def test_quadrants_of_the_run(env):
    live.run_check("test_blood_cells_quadrants.py", "test_quadrants_of_the_run", env)


@test_case(name="The stated sizes of the quadrants are those of the saved weights.", points=0.5)
def test_confidence_claim(env):
    live.run_check("test_blood_cells_weights.py", "test_confidence_claim", env)
