"""Save models with what is claimed of them."""

from autograder.claims import save_claims


def save(models, accuracy):
    """Save models by name, and the accuracy of each in per cent."""
    # BEGIN SOLUTION d1-init
    save_claims("init", models, data=None, accuracy=accuracy)
    # END SOLUTION
