"""It hands in what a class's exports have: metadata with a bomb, folders and zips of the others.

Earns: 2
Class: 14 18
Form: build
"""

import zipfile


def build(folder, files):
    lines = ["a: &a [x]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    lines += ["submission_1:", "  :submitters:", "  - :sid: solution", "    :name: solution"]
    solution = (folder.parent / "solution" / "shapes" / "area.py").read_bytes()
    target = folder / "submission_metadata.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        archive.writestr("submission_metadata.yml", "\n".join(lines))
        archive.writestr("submission_metadata.json", '{"id": 1, "users": [{"name": "solution"}]}')
        archive.writestr("students.json", '{"schema": "autograder.students/1", "students": []}')
        archive.writestr("owners.csv", "submission,student\nsolution,attack\n")
        archive.writestr("solution_1_2_submission.zip", b"PK")
        archive.writestr("solution_1_assignsubmission_file_/area.py", solution)
        archive.writestr("record.json", "{}")
    return target
