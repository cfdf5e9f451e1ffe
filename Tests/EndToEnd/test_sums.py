"""Sums of several plans: the number at every pixel against scipy, and what label, manifest and references say."""

import json
import subprocess
import sys

import numpy as np
import pexpect
import pydicom
import pytest

import reviewer
from course import ROOT, Dose, orientation, pixel_points, position

sys.path.insert(0, str(ROOT / "Scripts"))

from fixtures import sums, variants  # noqa: E402
from fixtures.variants import rigid  # noqa: E402


class Made:
    """A variant in a folder, and what pydicom says is in it."""

    def __init__(self, name, folder):
        known = variants.VARIANTS[name]
        base = ROOT / "Fixtures" / "courses" / known.course
        self.facts = json.loads(base.with_suffix(".json").read_text())
        case = variants.load(base, self.facts)
        known.change(case)
        self.folder = folder / name
        variants.write(case, self.folder, name)
        self.objects = [pydicom.dcmread(p) for p in sorted(self.folder.iterdir())]

    def all(self, *modalities):
        return [d for d in self.objects if d.Modality in modalities]

    def plan(self, label):
        return next(d for d in self.all("RTPLAN") if d.RTPlanLabel == label)

    def dose(self, label):
        uid = self.plan(label).SOPInstanceUID
        return next(d for d in self.all("RTDOSE") if d.ReferencedRTPlanSequence[0].ReferencedSOPInstanceUID == uid)

    def slices(self):
        scan = self.all("CT", "MR")
        normal = np.cross(*orientation(scan[0]))
        return sorted(scan, key=lambda d: float(np.dot(normal, position(d))))


@pytest.fixture
def export(run, tmp_path):
    """Makes a variant, exports it, and gives it with the stage's manifest and the saved dose."""

    def export(name, *arguments):
        made = Made(name, tmp_path / "in")
        saved = tmp_path / "saved.dcm"
        done = run("export", made.folder, "--output", tmp_path / "out", "--save-dose", saved, *arguments)
        assert done.code == 0, done.err
        stage = next((tmp_path / "out").iterdir())
        return made, json.loads((stage / "manifest.json").read_text()), pydicom.dcmread(saved), stage

    return export


def saved_values(saved):
    return saved.pixel_array.astype(float) * float(saved.DoseGridScaling)


def compare(made, saved, expected):
    """`expected` gives Gy at points, NaN where unknown; the saved dose has 0 there."""
    worst, highest, known = 0.0, 0.0, 0
    for frame, d in zip(saved_values(saved), made.slices(), strict=True):
        values = expected(pixel_points(d))
        is_known = ~np.isnan(values)
        assert np.all(frame[~is_known] == 0)
        worst = max(worst, np.abs(frame - values)[is_known].max(initial=0))
        highest, known = max(highest, np.nanmax(np.append(values, 0))), known + is_known.sum()
    assert known > 10_000
    assert worst <= 1e-9 * highest, f"{worst / highest:g} of the maximum"


def zero_beyond(values):
    return np.nan_to_num(values, nan=0.0)


def status(manifest, check):
    return next(c for c in manifest["checks"] if c["id"] == check)["status"]


def test_plans_one_after_the_other_add_up_at_every_pixel(export):
    made, manifest, saved, stage = export("boost", "--sum", "sequential")
    primary, boost = Dose(made.dose("HN_50")), Dose(made.dose("HN_BOOST"))
    # The boost is below 1 % of its prescription at the edge of its grid: zero beyond it.
    compare(made, saved, lambda p: primary.at(p) + zero_beyond(boost.at(p)))
    # And both lie where the formula has them.
    one, two = sums.primary_field(made.facts), sums.boost_field(made.facts)
    for frame, d in zip(saved_values(saved), made.slices(), strict=True):
        p = pixel_points(d)
        known = ~np.isnan(primary.at(p))
        q = np.moveaxis(p, -1, 0)
        # What a grid of 3 mm leaves out between its points, at the steepest places.
        off = np.abs(frame - one(q) - two(q))[known]
        assert off.max(initial=0) < 0.05 * 66 and off.sum() <= 0.002 * 66 * off.size
    assert stage.name == manifest["label"] == "RT_66Gy_33Fx_03.07.2017"
    assert manifest["prescription"]["doseGy"] == 66
    assert manifest["prescription"]["fractionsPlanned"] == manifest["prescription"]["fractionsDelivered"] == 33
    assert manifest["prescription"]["completed"] == "2017-03-07"
    assert [(t["name"], t["doseGy"], t["fractions"]) for t in manifest["prescription"]["targets"]] == [
        ("PTV60", 66, 33), ("PTV54", 50, 25)]
    assert 50 in [i["doseGy"] for i in manifest["isodoses"]] and 66 in [i["doseGy"] for i in manifest["isodoses"]]
    assert manifest["sum"]["kind"] == "sequential" and manifest["sum"]["atLeast"] is False
    assert manifest["sum"]["maximumGy"] == pytest.approx(68.7, rel=0.01)


def test_a_sum_names_all_that_it_is_made_of(export):
    made, manifest, saved, stage = export("boost", "--sum", "sequential")
    doses = {d.SOPInstanceUID: d for d in made.all("RTDOSE")}
    plans = {d.SOPInstanceUID for d in made.all("RTPLAN")}
    assert {d["sopInstanceUID"] for d in manifest["doses"]} == set(doses)
    for entry in manifest["doses"]:
        d = doses[entry["sopInstanceUID"]]
        gray = d.pixel_array * float(d.DoseGridScaling)
        assert entry["isPartOfSum"] and entry["factor"] == 1
        assert entry["maximumGy"] == pytest.approx(gray.max(), rel=1e-9)
        assert Dose(d).at(np.array([entry["maximumAt"]]))[0] == pytest.approx(gray.max(), rel=1e-6)
    capture = pydicom.dcmread(stage / manifest["instances"][0]["file"])
    named = {i.ReferencedSOPInstanceUID for i in capture.ReferencedInstanceSequence}
    assert set(doses) | plans <= named
    listed = {
        i.ReferencedSOPInstanceUID for s in capture.ReferencedSeriesSequence for i in s.ReferencedInstanceSequence}
    assert set(doses) | plans <= listed
    assert "sum of the doses of 2 plans, one after the other" in capture.DerivationDescription
    assert saved.DoseSummationType == "MULTI_PLAN"
    assert {i.ReferencedSOPInstanceUID for i in saved.ReferencedRTPlanSequence} == plans
    assert {i.ReferencedSOPInstanceUID for i in saved.ReferencedInstanceSequence} == set(doses)
    page = (stage / "review" / "index.html").read_text()
    assert "HN_50" in page and "HN_BOOST" in page and "one after the other" in page
    # The newest of the doses gives the date.
    assert capture.ContentDate == max(d.ContentDate for d in doses.values())
    introduction = "\n".join(manifest["introduction"])
    assert "HN_50, HN_BOOST" in introduction and "66" not in introduction and "33 fractions" not in introduction


def test_a_boost_of_another_frame_is_brought_along(export):
    made, manifest, saved, _ = export("boost-registered", "--sum", "sequential")
    primary, boost = Dose(made.dose("HN_50")), Dose(made.dose("HN_BOOST"))
    back = np.linalg.inv(rigid())
    compare(made, saved, lambda p: primary.at(p) + zero_beyond(boost.at(p @ back[:3, :3].T + back[:3, 3])))
    assert manifest["registration"]["kind"] == "rigid"
    assert np.allclose(np.reshape(manifest["registration"]["matrix"], (4, 4)), rigid(), atol=1e-9)
    by_plan = {d["planSOPInstanceUID"]: d for d in manifest["doses"]}
    assert by_plan[made.plan("HN_50").SOPInstanceUID]["registration"] is None
    assert by_plan[made.plan("HN_BOOST").SOPInstanceUID]["registration"]["kind"] == "rigid"
    assert manifest["label"] == "RT_66Gy_33Fx_03.07.2017"
    assert "D95 of PTV60" in next(c["detail"] for c in manifest["checks"] if c["id"] == "plan.prescription")


def test_a_part_that_ends_within_its_dose_makes_an_at_least(export):
    made, manifest, saved, _ = export("boost-grid-too-small", "--sum", "sequential")
    primary, boost = Dose(made.dose("HN_50")), Dose(made.dose("HN_BOOST"))

    def at_least(p):
        a, b = primary.at(p), boost.at(p)
        return np.where(np.isnan(a) & np.isnan(b), np.nan, zero_beyond(a) + zero_beyond(b))

    compare(made, saved, at_least)
    check = next(c for c in manifest["checks"] if c["id"] == "dose.sum-extent")
    assert check["status"] == "failure" and check["remedy"] == "override"
    assert "HN_BOOST" in check["detail"] and "HN_50" not in check["detail"]
    assert manifest["sum"]["atLeast"] is True


def test_each_plan_is_scaled_to_what_was_given_of_it(export):
    made, manifest, saved, _ = export("boost-stopped-early", "--sum", "sequential", "--stopped-early")
    primary, boost = Dose(made.dose("HN_50")), Dose(made.dose("HN_BOOST"))
    compare(made, saved, lambda p: primary.at(p) + 0.5 * zero_beyond(boost.at(p)))
    assert manifest["label"] == "RT_58Gy_29Fx_03.01.2017"
    assert sorted(d["factor"] for d in manifest["doses"]) == [0.5, 1]
    assert manifest["prescription"]["fractionsPlanned"] == 33
    assert manifest["prescription"]["targets"][0]["doseGy"] == pytest.approx(58)
    assert manifest["prescription"]["targets"][1]["doseGy"] == pytest.approx(50)


def test_plans_of_the_same_sessions_add_up_in_the_picture_only(export):
    made, manifest, saved, _ = export("two-plans", "--sum", "concurrent")
    a, b = Dose(made.dose("MET_A")), Dose(made.dose("MET_B"))

    def expected(p):
        x, y = a.at(p), b.at(p)
        return np.where(np.isnan(x) & np.isnan(y), np.nan, zero_beyond(x) + zero_beyond(y))

    compare(made, saved, expected)
    assert manifest["label"] == "RT_18Gy_1Fx_04.23.2020"
    p = manifest["prescription"]
    assert (p["doseGy"], p["fractionsPlanned"], p["fractionsDelivered"]) == (18, 1, 1)
    assert [(t["name"], t["doseGy"]) for t in p["targets"]] == [("GTV_A", 18), ("GTV_B", 15)]
    assert [i["doseGy"] for i in manifest["isodoses"]] == [18, 15, 12, 8]


def test_weighted_doses_say_so(export):
    _, manifest, saved, _ = export("two-ion-plans", "--sum", "concurrent")
    assert manifest["label"] == "RT_18GyRBE_1Fx_04.23.2020" and saved.DoseType == "EFFECTIVE"


def test_one_dose_of_both_plans_is_not_added_to_itself(export):
    made, manifest, saved, _ = export("boost-as-plan-sum", "--sum", "sequential")
    compare(made, saved, Dose(made.all("RTDOSE")[0]).at)
    assert manifest["label"] == "RT_66Gy_33Fx_03.07.2017" and len(manifest["doses"]) == 1
    assert len(manifest["sum"]["plans"]) == 2


def test_one_dose_of_both_plans_is_not_named_after_one(run, tmp_path):
    """A plan that is chosen does not make it that plan's dose."""
    made = Made("boost-as-plan-sum", tmp_path / "in")
    for label in ("HN_50", "HN_BOOST"):
        done = run("export", made.folder, "--output", tmp_path / "out", "--plan", made.plan(label).SOPInstanceUID)
        assert done.code == 65 and "dose.summation" in done.err, done.err
    assert not list((tmp_path / "out").glob("*"))


def test_one_plan_of_a_course_says_that_there_is_another(run, tmp_path):
    """On every slice, and in UIDs that are not those of the map without the other plan."""
    made = Made("boost", tmp_path / "in")
    uid = made.dose("HN_50").SOPInstanceUID
    assert run("export", made.folder, "--output", tmp_path / "both", "--dose", uid).code == 0
    for path in made.folder.iterdir():
        d = pydicom.dcmread(path, stop_before_pixels=True)
        boost = made.plan("HN_BOOST").SOPInstanceUID
        if d.SOPInstanceUID == boost or any(r.ReferencedSOPInstanceUID == boost for r in d.get("ReferencedRTPlanSequence", [])):
            path.unlink()
    assert run("export", made.folder, "--output", tmp_path / "one").code == 0
    both, one = (next((tmp_path / name).iterdir()) for name in ("both", "one"))
    manifests = [json.loads((stage / "manifest.json").read_text()) for stage in (both, one)]
    assert manifests[0]["label"] == manifests[1]["label"]
    assert manifests[0]["series"]["instanceUID"] != manifests[1]["series"]["instanceUID"]
    pixels = [pydicom.dcmread(stage / "slices" / "0001.dcm").pixel_array for stage in (both, one)]
    assert (pixels[0] != pixels[1]).any(), "the legend says it"
    statuses = [{c["id"]: c["status"] for c in m["checks"]}["treatment.complete"] for m in manifests]
    assert statuses == ["warning", "pass"]


def test_the_dose_of_the_records_is_not_scaled(export):
    made, manifest, saved, _ = export("record-dose-of-a-part", "--stopped-early")
    compare(made, saved, Dose(made.all("RTDOSE")[0]).at)
    # Of the last fraction the first of two beams (1.02 and 0.98 Gy) was given by half.
    share = (29 + (0.5 * 1.02 + 0.98) / 2) / 30
    assert manifest["label"] == f"RT_{60 * share:.2f}Gy_30Fx_03.02.2017"
    assert manifest["doses"][0]["factor"] == 1


def test_beams_on_grids_of_their_own(export):
    made, manifest, saved, _ = export("sum-of-two-grids", "--sum", "beams")
    a, b = (Dose(d) for d in made.all("RTDOSE"))
    pieces = {d["sopInstanceUID"]: d["isZeroBeyondGrid"] for d in manifest["doses"]}

    def expected(p):
        values = [zero_beyond(x.at(p)) if pieces[d.SOPInstanceUID] else x.at(p)
                  for x, d in zip((a, b), made.all("RTDOSE"))]
        return values[0] + values[1]

    assert not all(pieces.values())
    compare(made, saved, expected)


def test_the_prescription_of_all_plans_is_a_persons_word(export):
    _, manifest, _, _ = export("boost-prescription-given", "--sum", "sequential", "--prescription", "66")
    assert manifest["label"] == "RT_66Gy_33Fx_03.07.2017"
    assert status(manifest, "plan.prescription") == "warning"


def without_records(made):
    for path in made.folder.iterdir():
        if pydicom.dcmread(path, stop_before_pixels=True).Modality == "RTRECORD":
            path.unlink()


def test_fractions_without_records(run, tmp_path):
    made = Made("boost", tmp_path / "in")
    without_records(made)
    attempt = lambda n: run("export", made.folder, "--output", tmp_path / "out", "--sum", "sequential",
                            "--completed", "2017-03-07", "--fractions", n)
    done = attempt(33)
    assert done.code == 0, done.err
    manifest = json.loads(next((tmp_path / "out").glob("*/manifest.json")).read_text())
    assert manifest["label"] == "RT_66Gy_33Fx_03.07.2017" and manifest["prescription"]["evidence"] == "attested"
    for wrong in (25, 30, 34):
        done = attempt(wrong)
        assert done.code == 65 and "treatment.fractions" in done.err, done.err


def test_a_boost_without_records_gets_what_is_left(run, tmp_path):
    made = Made("boost-records-missing", tmp_path / "in")
    attempt = lambda *extra: run("export", made.folder, "--output", tmp_path / "out", "--sum", "sequential", *extra)
    done = attempt()
    assert done.code == 65 and "HN_BOOST" in done.err and "treatment.complete" in done.err
    assert attempt("--completed", "2017-03-07", "--fractions", "33").code == 0
    done = attempt("--completed", "2017-02-01", "--fractions", "33")
    assert done.code == 65 and "treatment.dates" in done.err
    done = attempt("--completed", "2017-03-07", "--fractions", "30")
    assert done.code == 65 and "treatment.fractions" in done.err


def probe(run, folder, *arguments):
    done = run("dose", folder, "--json", *arguments)
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_the_probe_prints_each_part_and_the_sum(run, tmp_path):
    made = Made("boost-registered", tmp_path)
    primary, boost = Dose(made.dose("HN_50")), Dose(made.dose("HN_BOOST"))
    back = np.linalg.inv(rigid())
    frame = made.slices()[0].FrameOfReferenceUID
    for point in ([21.0, -14.0, 6.0], [30.5, -3.25, -4.0], [-35.0, 4.0, -20.0]):
        document = probe(run, made.folder, "--at=" + ",".join(map(str, point)), "--sum", "sequential", "--frame", frame)
        p = np.array([point])
        parts = [primary.at(p)[0], zero_beyond(boost.at(p @ back[:3, :3].T + back[:3, 3]))[0]]
        assert document["doseGy"] == pytest.approx(sum(parts), rel=1e-9)
        adds = {part["plan"]: part["addsGy"] for part in document["parts"]}
        assert adds == {"HN_50": pytest.approx(parts[0], rel=1e-9), "HN_BOOST": pytest.approx(parts[1], rel=1e-9)}
        voxels = {part["plan"]: part["probe"]["voxels"] for part in document["parts"]}
        assert len(voxels["HN_50"]) > 1 and voxels["HN_50"] != voxels["HN_BOOST"]
    document = probe(run, made.folder, "--at=500,0,0", "--sum", "sequential", "--frame", frame)
    assert document["doseGy"] is None
    words = run("dose", made.folder, "--at=-35,4,-20", "--sum", "sequential", "--frame", frame).out
    assert "plan HN_50" in words and "plan HN_BOOST" in words and "Sum" in words


def test_chosen_doses_are_added_and_no_others(run, tmp_path):
    made = Made("boost-dose-twice", tmp_path / "in")
    boosts = [d for d in made.all("RTDOSE") if d.SOPInstanceUID != made.dose("HN_50").SOPInstanceUID]
    assert len(boosts) == 2
    done = run("export", made.folder, "--output", tmp_path / "out", "--sum", "sequential",
               "--dose", made.dose("HN_50").SOPInstanceUID, "--dose", boosts[0].SOPInstanceUID)
    assert done.code == 0, done.err
    done = run("export", made.folder, "--dose", boosts[0].SOPInstanceUID, "--dose", boosts[1].SOPInstanceUID)
    assert done.code == 64, done.err


def test_without_a_terminal_the_error_lists_what_there_is_to_choose(run, tmp_path):
    made = Made("boost-unsaid", tmp_path)
    done = run("export", made.folder)
    assert done.code == 65
    for d in made.all("RTDOSE"):
        assert d.SOPInstanceUID in done.err
    assert "--sum" in done.err and "HN_50" in done.err and "HN_BOOST" in done.err


@pytest.mark.parametrize("name,title", [("boost-unsaid", "2 candidates"), ("boost-as-plan-sum-unsaid", "belong together")])
def test_a_terminal_asks_how_plans_belong_together(binary, home, tmp_path, name, title):
    made = Made(name, tmp_path / "in")
    child = pexpect.spawn(
        str(binary), ["export", str(made.folder), "--output", str(tmp_path / "out")], env=reviewer.environment(home),
        encoding="utf-8", timeout=120, dimensions=(50, 160))
    child.expect(title)
    child.expect(r"(\d)  add up: one target, one plan after the other")
    number = child.match.group(1)
    child.expect("Number .*: ")
    child.sendline(number)
    child.expect(pexpect.EOF)
    child.close()
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["RT_66Gy_33Fx_03.07.2017"]


def test_a_person_confirms_the_sum(play, tmp_path):
    made = Made("boost", tmp_path / "in")
    given = {
        "dose": "66", "fractions": "33", "date": "2017-03-07", "further": "no", "slice": str(made.facts["hottestSlice"]),
        "right": "yes", "accept": "yes", "reason": "", "reviewer": "Ada Reviewer", "role": "physicist", "confirm": "yes"}
    talk = play(given, "export", made.folder, "--sum", "sequential", "--output", tmp_path / "out")
    assert talk.code in (0, 77), talk.text
    stage = tmp_path / "out" / "RT_66Gy_33Fx_03.07.2017"
    talk = play(given, "confirm", stage)
    assert talk.code == 0 and talk.confirmed == "RT_66Gy_33Fx_03.07.2017", talk.text


def test_inspect_judges_the_sum(run, tmp_path):
    made = Made("boost", tmp_path)
    done = run("inspect", made.folder, "--sum", "sequential", "--json")
    checks = {c["id"]: c for c in json.loads(done.out)["checks"]}
    assert checks["dose.sum-extent"]["status"] == "pass"
    for check in ("dose.plausible", "treatment.fractions", "dose.plan"):
        assert "HN_50" in checks[check]["detail"] and "HN_BOOST" in checks[check]["detail"], check


def test_the_same_sum_is_the_same_instances(run, tmp_path):
    made = Made("two-plans", tmp_path / "in")
    for out in ("a", "b"):
        assert run("export", made.folder, "--sum", "concurrent", "--output", tmp_path / out).code == 0
    assert subprocess.run(["diff", "-r", *(tmp_path / o / "RT_18Gy_1Fx_04.23.2020" / "slices" for o in "ab")]).returncode == 0


def test_structures_of_every_plan_can_be_outlined(run, tmp_path):
    made = Made("two-plans", tmp_path / "in")
    # The second plan gets a structure set of its own.
    path = next(p for p in made.folder.iterdir() if pydicom.dcmread(p, stop_before_pixels=True).Modality == "RTSTRUCT")
    own = pydicom.dcmread(path)
    own.SOPInstanceUID = own.file_meta.MediaStorageSOPInstanceUID = pydicom.uid.generate_uid(entropy_srcs=["own"])
    for roi in own.StructureSetROISequence:
        roi.ROIName = roi.ROIName if roi.ROIName == "GTV_B" else f"{roi.ROIName}_LATER"
    own.save_as(made.folder / "RS_own")
    for p in list(made.folder.iterdir()):
        d = pydicom.dcmread(p)
        if d.Modality == "RTPLAN" and d.RTPlanLabel == "MET_B":
            d.ReferencedStructureSetSequence[0].ReferencedSOPInstanceUID = own.SOPInstanceUID
            d.save_as(p)
    export = lambda out, *names: run("export", made.folder, "--output", tmp_path / out, "--sum", "concurrent",
                                     *(word for name in names for word in ("--structures", name)))
    done = export("both", "GTV_A", "GTV_A_LATER", "GTV_B")
    assert done.code == 0, done.err
    done = export("none", "GTV_C")
    assert done.code != 0 and "GTV_A," in done.err and "GTV_A_LATER" in done.err, done.err
    # What is drawn depends on both sets: another file, another series.
    changed = pydicom.dcmread(made.folder / "RS_own")
    changed.StructureSetLabel = "CHANGED"
    changed.save_as(made.folder / "RS_own")
    assert export("changed", "GTV_A", "GTV_A_LATER", "GTV_B").code == 0
    series = [json.loads(next((tmp_path / out).glob("*/manifest.json")).read_text())["series"]["instanceUID"]
              for out in ("both", "changed")]
    assert series[0] != series[1]


def test_inspect_says_that_several_plans_can_be_shown_together(run, tmp_path):
    made = Made("two-plans", tmp_path / "two")
    done = run("inspect", made.folder)
    assert "Plans MET_A, MET_B have a dose each" in done.out
    assert "--sum sequential" in done.out and "--sum concurrent" in done.out
    document = json.loads(run("inspect", made.folder, "--json").out)
    assert set(document["summablePlans"]) == {d.SOPInstanceUID for d in made.all("RTPLAN")}
    assert "have a dose each" not in run("inspect", made.folder, "--sum", "concurrent").out
    one = Made("boost-as-plan-sum", tmp_path / "one")
    assert json.loads(run("inspect", one.folder, "--json").out)["summablePlans"] == []
