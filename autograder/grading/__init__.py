"""Judge submissions: run the rubric in a judge process, and the student's code in workers.

Modules for a whole run, used in the process that starts it:

    session.py           GradingSession: opens a run; every way of grading begins here
    config.py            what is graded; isolation.py and requirements.py check that it can be
    planted_code.py      the code that tests of students are run on
    run_data.py          the datasets of the run
    seeding.py           the seeds of each submission's random inputs
    cache_keys.py        hashes of what an item's outcome depends on
    versions.py          the library versions and the device that were used
    judge_pool.py        JudgePool: grades several submissions at a time in judge processes
    task.py, events.py   what a judge process receives, and what it reports

Modules for one submission, used in a judge process:

    judge_process.py     grades submissions one after another
    judge.py             sets up the modules below, and makes the record
    rubric_suite.py      RubricSuite: the rubric's tests, collected by pytest
    test_run.py          TestRun: one run of the tests, and the result of each
    test_phases.py       the order of the tests: all public phases, then the hidden ones
    check_timeout.py     limits the time that a test uses for its own computations
    verdict.py           TestOutcome: what the end of a test means
    authors_fault.py     whether a student's value can have caused an error in a test's own lines
    student_values.py    the names of a rubric module that may hold a student's value
    item_records.py      the points and the status of an item, from its tests
    item_runner.py       ItemRunner: the process and the time limit of the present item
    submission_worker.py SubmissionWorker: the worker that has loaded the submission, and its forks
    own_tests.py         OwnTests: items that are scored by tests which students write
    resting.py           workers between their public and hidden phases
    forward_pass.py      models evaluated with the weights handed in, without student code
    submission_dir.py    the private folder, and the specifications of workers
    interpreter_state.py, memory.py   prepare a judge for the next submission

Modules that examine the files handed in, before student code runs:

    handed_in.py         their content, so that messages can quote lines and tests can read files
    file_items.py        the items that are answered by files
    event_reader.py      event files, in a confined process, when a test asks for them
    released_files.py    the instructor's files, which replace the student's copies
    own_test_file.py     the test file that a student wrote
    own_modules.py       additional modules that the student wrote
    added_code.py        additions that are reported to the instructor
    missing_libraries.py libraries that are imported but not installed

The package `sandbox` starts and confines the student's processes, which run the package `remote`.
"""
