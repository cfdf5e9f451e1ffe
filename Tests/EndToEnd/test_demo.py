"""Scripts/demo, as a new user would run it, from another folder."""

import reviewer
from course import ROOT


def test_demo(brain, home, tmp_path, binary):
    talk = reviewer.play([ROOT / "Scripts" / "demo"], reviewer.answers(brain), home, timeout=600, cwd=tmp_path,
                         TMPDIR=str(tmp_path))
    assert talk.code == 0, talk.text
    assert talk.confirmed == brain.label
    for shown in ("Contact sheet  ", "Review page    ", "contact-sheet.png", "review/index.html"):
        assert shown in talk.text, talk.text
