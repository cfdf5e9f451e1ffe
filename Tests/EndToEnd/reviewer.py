"""The person at the terminal, played through a pseudo-terminal."""

import os
import re
from dataclasses import dataclass, field

import pexpect

ASKED = {
    "dose": r"Total dose from the chart \(Gy\): ",
    "fractions": r"Fractions delivered, from the chart: ",
    "date": r"Date of the last fraction, from the chart \(YYYY-MM-DD\): ",
    "further": r"Is any further plan or boost of this course still to come\? \[yes/no\] ?",
    "slice": r"Number of the slice with the highest dose, from the review page: ",
    "right": r"Does the dose lie right on the anatomy, in all slices\? \[yes/no\] ?",
    "accept": r"Accept\? \[yes/no\] ?",
    "reason": r"Reason: ",
    "reviewer": r"Reviewer: ",
    "role": r"Role \(dosimetrist, physicist, physician, resident\): ",
    "wrong": r"What is wrong with the (?:map|images)\? ",
    "withdraw": r"Withdraw (\S+)\? \[yes/no\] ?",
    "patient": r"Patient ID from the chart: ",
    "why": r"Why are they sent\? ",
    "looked": r"Is every slice in the PACS viewer as on the review page, beside the right scan\? \[yes/no\] ?",
    "confirm": r"Confirm (\S+)\? \[yes/no\] ?",
}
ORDER = ["dose", "fractions", "date", "further", "slice", "right", "reviewer", "role", "confirm"]


def answers(course, **changed):
    """What a person says who has the chart before them and has looked at the review page."""
    given = {
        "dose": f"{course.chart['doseGy']:g}", "fractions": str(course.chart["fractions"]),
        "date": course.chart["lastFraction"], "further": "no", "slice": str(course.facts["hottestSlice"]),
        "right": "yes", "accept": "yes", "reason": "Checked with the chart", "reviewer": "Ada Reviewer",
        "role": "physicist", "confirm": "yes",
        "looked": "yes", "patient": course.facts["patientID"], "why": "Asked for by the tumour board",
        "wrong": "Registered to the wrong scan", "withdraw": "yes",
    }
    return {**given, **changed}


@dataclass
class Conversation:
    code: int
    text: str
    asked: list = field(default_factory=list)
    confirmed: str = ""


def environment(home):
    """Nothing of the machine's own configuration; no colours, no display, 80 columns."""
    return {
        "HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "dumb", "NO_COLOR": "1",
        "COLUMNS": "80", "LINES": "50",
    }


def play(command, given, home, timeout=180, cwd=None, **variables):
    """Runs a command on a terminal, so wide that nothing is folded, and answers its questions as they come."""
    child = pexpect.spawn(
        str(command[0]), [str(a) for a in command[1:]], env={**environment(home), **variables}, encoding="utf-8", codec_errors="replace",
        timeout=timeout, dimensions=(50, 500), cwd=None if cwd is None else str(cwd))
    text, asked, confirmed = "", [], ""
    names = list(ASKED)
    try:
        while True:
            which = child.expect([ASKED[n] for n in names] + [pexpect.EOF])
            text += child.before + (child.after if isinstance(child.after, str) else "")
            if which == len(names):
                break
            name = names[which]
            asked.append(name)
            if name == "confirm":
                confirmed = child.match.group(1)
            answer = given[name]
            if callable(answer):
                answer = answer()
            child.sendline(answer)
            assert len(asked) < 100, f"asked again and again:\n{text[-2000:]}"
    except pexpect.TIMEOUT:
        raise AssertionError(f"{command} waits for something nobody foresaw:\n{text}{child.before}") from None
    finally:
        child.close()
    code = child.exitstatus if child.exitstatus is not None else 128 + (child.signalstatus or 0)
    return Conversation(code, re.sub(r"\r\n", "\n", text), asked, confirmed)
