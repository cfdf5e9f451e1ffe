"""Runs a command and writes its peak memory in kB to a file.

A process of its own, because a command's peak counts from the fork: of a large parent it would be the
parent's.
"""
import pathlib
import resource
import subprocess
import sys

code = subprocess.run(sys.argv[2:]).returncode
pathlib.Path(sys.argv[1]).write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code if code >= 0 else 128 - code)
