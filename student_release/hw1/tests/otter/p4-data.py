"""Generated: `grader.check("p4-data")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p4-data"
points = 1.9997999999999998


@test_case(name="The three parts are counted.", points=0.3333)
def test_split_sizes(env):
    live.run_check("test_blood_cells_data.py", "test_split_sizes", env)


@test_case(name="The images of each class are counted, with labels of the shape (N,) and (N, 1).", points=0.3333)
def test_class_counts(env):
    live.run_check("test_blood_cells_data.py", "test_class_counts", env)


@test_case(name="Classes of similar size are balanced, others are not.", points=0.3333)
def test_balance(env):
    live.run_check("test_blood_cells_data.py", "test_balance", env)


@test_case(name="Two images of each class are drawn at random, class after class.", points=0.3333)
def test_examples(env):
    live.run_check("test_blood_cells_data.py", "test_examples", env)


@test_case(name="A grid shows 16 images, each with its class as its title.", points=0.3333)
def test_grid_of_images(env):
    live.run_check("test_blood_cells_data.py", "test_grid_of_images", env)


@test_case(name="A bar chart shows how many images of each class there are.", points=0.3333)
def test_bar_chart(env):
    live.run_check("test_blood_cells_data.py", "test_bar_chart", env)
