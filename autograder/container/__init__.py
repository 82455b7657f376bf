"""Grade in containers: one for each submission, from the image of the Dockerfile.

`host.py` starts them (`engine.py` knows how), `inside.py` is what runs in them. They talk by lines
of JSON on the container's standard output, which no student code can reach. `digest.py` tells
whether an image was built from this tool and this rubric.
"""
