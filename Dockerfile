# The grading image: the tool and one assignment, without its solutions. See docs/docker.md.
#   BASE_IMAGE    Debian or Ubuntu; where its python3 is older than 3.11, another one is put beside it
#   COMPUTE       cpu or cuda: which PyTorch
#   TORCH_INDEX   where PyTorch for the CPU comes from; the one for CUDA comes from PyPI
#   DEPENDENCIES  groups of dependencies in pyproject.toml; empty for NumPy alone
#   DATASETS      data sets to bake in, such as "mnist bloodmnist"; they can be mounted as well
#   ASSIGNMENT    id of what is graded
ARG BASE_IMAGE=python:3.12-slim-bookworm
FROM ${BASE_IMAGE}
SHELL ["/bin/sh", "-eu", "-c"]

# Versions of Debian's packages change with every repair of a security hole, so none is named.
# hadolint ignore=DL3008
RUN export DEBIAN_FRONTEND=noninteractive; \
    apt-get update; \
    apt-get install --yes --no-install-recommends ca-certificates libseccomp2; \
    new_enough='import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))'; \
    if python3 -c "$new_enough"; then python=python3; else \
      python=python3.11; \
      apt-get install --yes --no-install-recommends python3.11 python3.11-venv; \
    fi; \
    rm -rf /var/lib/apt/lists/*; \
    "$python" -m venv /opt/autograder; \
    echo /opt/autograder/tool > "$(echo /opt/autograder/lib/python3.*/site-packages)/tool.pth"
# The base keeps the python3 that it knows by this name: Gradescope's harness runs on it.
ENV PYTHONDONTWRITEBYTECODE=1

# What changes least comes first: the dependencies, read from pyproject.toml, in tested versions.
ARG COMPUTE=cpu
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ARG DEPENDENCIES=running,assignments
COPY pyproject.toml constraints.txt /tmp/
RUN list='import sys, tomllib; \
project = tomllib.load(open("/tmp/pyproject.toml", "rb"))["project"]; \
groups = [project["optional-dependencies"][name] for name in sys.argv[1].split(",") if name]; \
print(*project["dependencies"], *sum(groups, []), sep="\n")'; \
    /opt/autograder/bin/python -c "$list" "$DEPENDENCIES" > /tmp/requirements.txt; \
    case "$COMPUTE,$DEPENDENCIES," in cpu,*assignments,*) index=$TORCH_INDEX;; *) index=;; esac; \
    /opt/autograder/bin/python -m pip install --no-cache-dir ${index:+--extra-index-url "$index"} \
      --constraint /tmp/constraints.txt --requirement /tmp/requirements.txt

COPY autograder /opt/autograder/tool/autograder
ARG DATASETS=
# Several names are several words.
# hadolint ignore=SC2086
RUN /opt/autograder/bin/python -m compileall -q /opt/autograder/tool; \
    /opt/autograder/bin/python -c 'from autograder.gradescope.python_candidate import mend; mend()'; \
    umask 077; mkdir --parents /opt/grading/data; \
    if [ -n "$DATASETS" ]; then \
      /opt/autograder/bin/python -m autograder.datasets.prepare $DATASETS --into /opt/grading/data; \
    fi

# What changes most comes last. Workers, which have ids of their own, may not enter /opt/grading.
ARG ASSIGNMENT=hw1
COPY assignment/${ASSIGNMENT} /opt/grading/course/assignment/${ASSIGNMENT}
# What students were given: with that, what they have added to it can be told.
COPY student_release/${ASSIGNMENT} /opt/grading/course/student_release/${ASSIGNMENT}
RUN /opt/autograder/bin/python -m autograder.gradescope.install --image "$ASSIGNMENT" /opt/grading
WORKDIR /
