"""Judge submissions: run the rubric in a judge process, and the student's code in workers.

Of a run, in the process that starts it:

    session.py           GradingSession: opens a run; every way to grade begins here
    config.py            what is graded; isolation.py, requirements.py check that it can be
    run_data.py          the data sets of the run
    seeding.py           the random inputs of each submission
    cache_keys.py        what an item's outcome depends on
    versions.py          library versions and devices that took part
    judge_pool.py        JudgePool: grades several submissions at a time by judge processes
    task.py, events.py   what a judge process is given, and what it reports

In a judge process, of one submission:

    judge_process.py     grades submissions one after another
    judge.py             sets up the following, and makes the record
    rubric_suite.py      RubricSuite: the rubric's tests, collected by pytest
    test_run.py          TestRun: one run of the tests, and what comes of each
    test_phases.py       the order: all public phases, then the hidden ones
    check_timeout.py     limits the time of a test's own computations
    verdict.py           TestOutcome: what the end of a test means
    item_records.py      points and status of an item by its tests
    item_runner.py       ItemRunner: process and time limit of the present item
    submission_worker.py SubmissionWorker: the worker that has loaded the submission, and forks
    resting.py           workers between their public and hidden phases
    submission_dir.py    the private folder, and what workers are started with
    interpreter_state.py, memory.py   keep a judge fit for the next submission

What is known of the files handed in, before student code runs:

    handed_in.py         their lines, for messages
    released_files.py    the instructor's files, which replace the student's copies
    own_modules.py       further modules of the student's
    brought.py           additions that the instructor is told of
    lacking.py           libraries that are imported and not installed

The student's processes are started and confined by `sandbox/`, and run what is in `remote/`.
"""
