"""The same work on many files: spread over processes or machines, taken up again where it ended, reported in one file.

``files`` finds inputs and reads and writes here or in object stores, ``work`` does one file, ``spread`` has many done,
``state`` knows what was done before, ``run`` brings them together.
"""
