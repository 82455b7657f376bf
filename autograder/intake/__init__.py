"""Read what a class has handed in: exports of Gradescope, Canvas and Moodle, and their submitters.

    find.py            finds the submissions of paths and places, and recognises exports
    places.py          opens a place: folder_export.py a folder, zip_export.py a zip or tar archive
    export.py          Export and ExportEntry, the form that both have
    hand_in.py         HandIn, Submitter and Intake: the result
    gradescope.py      Gradescope's export; metadata_yaml.py reads its metadata
    canvas.py          Canvas' export; canvas_groups.py who is in a group
    moodle.py          Moodle's export; moodle_teams.py who is in a team
    class_list.py      owners of plain folders and zips by roster.csv
    gather.py          joins the loose files of one student
    loose_zips.py      folders of one student that hold archives only
    counting.py        which submission counts for which student

To add a platform, write a module with `is_…` and `read_…`, and call both in `_read` of find.py.
"""

from autograder.intake.counting import Counted, count
from autograder.intake.find import find_hand_ins
from autograder.intake.hand_in import HandIn, Intake, Submitter

__all__ = ["Counted", "HandIn", "Intake", "Submitter", "count", "find_hand_ins"]
