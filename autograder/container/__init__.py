"""Grade in containers: one for each submission, from the image of the Dockerfile.

`host.py` starts the containers, through `engine.py`, and `inside.py` runs in them. They report in
lines of JSON on the container's standard output, which no student code can reach. `digest.py` shows
whether an image was built from this tool and this rubric.
"""
