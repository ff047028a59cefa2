"""Letters to the requesting agency: printed from what was decided, and from nothing else.

`composed` says what a letter holds, `press` prints it as PDF/UA, `plain` as text, `for_file` writes those of
a reviewed file. The same decision data and the same templates give the same bytes.
"""
