"""Parse files that were handed in with the libraries made for it.

event_files.py   series of numbers in TensorBoard's event files
pdf.py           pages of a PDF as pictures
images.py        pictures as arrays of pixels

Such files can be made to hang a library, to exhaust memory or to break into the process. In
grading and for the pages of written answers these modules therefore run in a confined process that
holds no student code (sandbox/reading.py), one for each submission; its answers are not trusted.
Each module imports nothing of this package, because that process loads it by its path. On a
student's own machine `event_files` reads their own files.
"""
