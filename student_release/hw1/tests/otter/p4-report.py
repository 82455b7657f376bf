"""Generated: `grader.check("p4-report")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p4-report"
points = 1.0


@test_case(name="The report has precision and recall of each class, by its name.", points=0.2)
def test_report(env):
    live.run_check("test_blood_cells_results.py", "test_report", env)


@test_case(name="A class that is never predicted stays in the report.", points=0.2)
def test_class_that_is_never_predicted(env):
    live.run_check("test_blood_cells_results.py", "test_class_that_is_never_predicted", env)


@test_case(name="The notebook's own report is that of its predictions.", points=0.2)
def test_report_of_the_run(env):
    live.run_check("test_blood_cells_results.py", "test_report_of_the_run", env)


@test_case(name="The stated precision and recall of each class are those of the saved weights.", points=0.4)
def test_report_claim(env):
    live.run_check("test_blood_cells_weights.py", "test_report_claim", env)
