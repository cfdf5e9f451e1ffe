"""Treatment summaries of courses with several plans, phases and targets: every figure worked out here by hand."""

import copy
from decimal import Decimal

import pytest
from pydicom.sequence import Sequence
from treatments import CX, MC, Treatments, code, days, item, uid

ION_PLAN, ION_RECORD = "1.2.840.10008.5.1.4.1.1.481.8", "1.2.840.10008.5.1.4.1.1.481.9"
DELIVERED = "codexrt-radiotherapy-"


@pytest.fixture
def course(neck, tmp_path):
    return Treatments(tmp_path / "course", neck)


def statuses(made, profile):
    return {r["identifier"][0]["value"]: r["status"] for r in made.of[profile]}


# Phases and plans.


def two_phases(course, boost=(5, 10)):
    first = course.plan("BASE", 25, PTV=50)
    second = course.plan("BOOST", boost[0], PTV=boost[1], NODES=boost[1] / 2)
    course.treat(first, days("2024-01-08", 25))
    course.treat(second, days("2024-02-12", boost[0]))
    return first, second


def test_two_plans_make_two_phases_and_one_course(course, run):
    two_phases(course)
    course.details["phases"] = [
        {"id": "p1", "name": "Base", "plans": ["BASE"], "prescription": {"dosesGy": {"PTV": 50}}},
        {"id": "p2", "name": "Boost", "plans": ["BOOST"], "prescription": {"fractions": 5, "dosesGy": {
            "PTV": 10, "NODES": 5}}}]
    made = course.made(run)
    for profile in ("phase-prescription", "planned-phase", "treated-phase", "plan-prescription", "treatment-plan",
                    "treated-plan"):
        assert len(made.of[profile]) == 2, profile
    assert len(made.of["volume"]) == 2
    for profile in ("course-prescription", "planned-course", "course-summary"):
        [whole] = made.of[profile]
        assert made.dose(whole, "PTV") == (6000, None, 30), profile
        # The nodes got their dose in the boost's fractions alone.
        assert made.dose(whole, "NODES") == (500, None, 5), profile
    assert made.dose(made.named("planned-phase", "Base"), "PTV") == (5000, 200, None)
    assert made.dose(made.named("planned-phase", "Boost"), "NODES") == (500, 100, None)
    assert made.fractions(made.named("treated-phase", "Boost")) == 5
    assert made.uniform("PTV") and made.uniform("NODES")
    [summary] = made.of["course-summary"]
    assert made.values(summary, MC + "mcode-radiotherapy-sessions") == [30]
    assert summary["performedPeriod"]["start"][:10] == "2024-01-08"
    assert summary["performedPeriod"]["end"][:10] == "2024-02-16"
    base = made.named("treated-phase", "Base")
    assert base["performedPeriod"]["end"][:10] == "2024-02-01"
    # Each plan hangs on its own phase, at each of the three levels.
    for above, below, link in (("phase-prescription", "plan-prescription", "basedOn"),
                               ("planned-phase", "treatment-plan", "basedOn"), ("treated-phase", "treated-plan", "partOf")):
        names = {"BASE": "Base", "BOOST": "Boost"}
        for plan in made.of[below]:
            linked = [made.url[r["reference"]] for r in plan[link]]
            [phase] = [p for p in linked if p in made.of[above]]
            assert phase["identifier"][0]["value"].split(" / ")[-1] == names[plan["identifier"][0]["value"]]


def test_another_dose_per_fraction_is_not_uniform(course, run):
    two_phases(course, boost=(4, 10))
    made = course.made(run)
    assert made.dose(made.of["course-summary"][0], "PTV") == (6000, None, 29)
    assert not made.uniform("PTV") and made.uniform("NODES")


def test_two_plans_one_after_the_other_in_one_phase(course, run):
    """Other fraction doses in one phase: it has no fraction dose, and is not uniform."""
    two_phases(course, boost=(4, 10))
    course.details["phases"] = [{"id": "1", "plans": ["BASE", "BOOST"], "sum": "sequential"}]
    made = course.made(run)
    [phase] = made.of["planned-phase"]
    assert made.fractions(phase) == 29
    assert made.dose(phase, "PTV") == (6000, None, None)
    assert made.dose(phase, "NODES") == (500, None, None)
    assert made.dose(made.of["course-summary"][0], "NODES") == (500, None, 4)
    assert not made.uniform("PTV") and made.uniform("NODES")


def test_concurrent_plans_share_their_fractions(course, run):
    """Two plans in the same ten sessions: 1 + 0.8 Gy to the PTV with each, 0.8 Gy to the nodes."""
    first, second = course.plan("A", 10, PTV=10), course.plan("B", 10, PTV=8, NODES=8)
    course.treat(first, days("2024-01-08", 10))
    course.treat(second, days("2024-01-08", 10))
    course.details["phases"] = [{"id": "1", "plans": ["A", "B"], "sum": "concurrent"}]
    made = course.made(run)
    [phase] = made.of["planned-phase"]
    assert made.fractions(phase) == made.fractions(made.of["treated-phase"][0]) == 10
    assert made.dose(phase, "PTV") == (1800, 180, None) and made.dose(phase, "NODES") == (800, 80, None)
    [summary] = made.of["course-summary"]
    assert made.dose(summary, "PTV") == (1800, None, 10) and made.uniform("PTV")
    assert made.values(summary, MC + "mcode-radiotherapy-sessions") == [10]
    # Unsaid, they are two phases: fractions would be counted twice, and a note says what to do.
    del course.details["phases"]
    made = course.made(run)
    assert made.dose(made.of["course-summary"][0], "PTV") == (1800, None, 20)
    assert "same 10 days" in course.notes and "'concurrent'" in course.notes


@pytest.mark.parametrize("phases, said", [
    ([{"id": "1", "plans": ["BASE"]}], "plan BOOST is in none of them"),
    ([{"id": "1", "plans": ["BASE"]}, {"id": "2", "plans": ["BASE", "BOOST"], "sum": "sequential"}], "in two phases"),
    ([{"id": "1", "plans": ["BASE"]}, {"id": "1", "plans": ["BOOST"]}], "'1' stands there twice"),
    ([{"id": "1", "plans": ["BASE", "BOOST"]}], "phases[0].sum"),
    ([{"id": "1", "plans": ["NOBODY"]}], "no plan 'NOBODY'"),
])
def test_phases_that_do_not_fit_are_refused(course, run, phases, said):
    two_phases(course)
    course.details["phases"] = phases
    done = course.run(run)
    assert done.code == 65 and said in done.err, done.err


def test_one_prescription_for_several_phases_is_refused(course, run):
    """Whose fractions and doses it has it does not say; left out, they would be lost without a word."""
    two_phases(course)
    course.details["prescription"] = {"authoredOn": "2024-01-02", "fractions": 30, "dosesGy": {"PTV": 60}}
    done = course.run(run)
    assert done.code == 65 and "phases[].prescription" in done.err, done.err
    course.details["prescription"] = {"authoredOn": "2024-01-02", "requester": "Dr. E"}
    made = course.made(run)
    assert {r["authoredOn"] for r in made.of["phase-prescription"]} == {"2024-01-02"}


# Plans that stand in for others.


def adapted(course, given=10, left=20, made_for=None):
    old, new = course.plan("OLD", 30, PTV=60), course.plan("NEW", made_for or left, PTV=2 * (made_for or left))
    course.treat(old, days("2024-01-08", given))
    course.treat(new, days("2024-02-08", left))
    course.details["plans"] = {"NEW": {"replaces": "OLD", "reason": "change-of-target"}}
    return old, new


def test_an_adapted_plan(course, run):
    old, new = adapted(course)
    made = course.made(run)
    assert statuses(made, "treatment-plan") == statuses(made, "plan-prescription") == {
        "OLD": "revoked", "NEW": "completed"}
    assert statuses(made, "treated-plan") == {"OLD": "stopped", "NEW": "completed"}
    for profile in ("treatment-plan", "plan-prescription"):
        successor, before = made.named(profile, "NEW"), made.named(profile, "OLD")
        assert [made.url[r["reference"]] for r in successor["replaces"]] == [before] and "replaces" not in before
        # The old request stays as it was planned.
        assert made.dose(before)[:2] == (6000, 200) and made.fractions(before) == 30
    reason = CX + "codexrt-radiotherapy-reason-for-revision-or-adaptation"
    for profile in ("treatment-plan", "treated-plan"):
        for name in ("OLD", "NEW"):
            [why] = made.values(made.named(profile, name), reason)
            assert made.codes(why) == ["1259231006"], (profile, name)
    [phase] = made.of["planned-phase"]
    assert made.fractions(phase) == 30 and made.dose(phase) == (6000, 200, None)
    [summary] = made.of["course-summary"]
    assert summary["status"] == "completed" and made.dose(summary) == (6000, None, 30) and made.uniform("PTV")
    assert "statusReason" not in made.named("treated-plan", "OLD")
    assert course.table["course"]["doses"][0]["plannedCentigray"] == 6000


def test_an_adapted_plan_that_was_made_for_all_fractions(course, run):
    """The new plan was exported for thirty, twenty are meant: without saying so the course cannot be complete."""
    adapted(course, made_for=30)
    done = course.run(run)
    assert done.code == 65 and "20 of 30 fractions of plan NEW" in done.err, done.err
    course.details["plans"]["NEW"]["fractions"] = 20
    made = course.made(run)
    assert made.dose(made.named("treatment-plan", "NEW"))[:2] == (4000, 200)
    assert made.dose(made.of["course-summary"][0]) == (6000, None, 30)
    assert "20 of its 30 fractions are meant" in course.notes
    course.details["plans"]["NEW"]["fractions"] = 31
    assert course.run(run).code == 65


def test_a_phase_that_another_one_replaces(course, run):
    adapted(course)
    course.details["phases"] = [{"id": "1", "plans": ["OLD"]}, {"id": "2", "plans": ["NEW"]}]
    made = course.made(run)
    for profile in ("planned-phase", "phase-prescription"):
        old, new = [r for name in ("1", "2") for r in made.of[profile] if r["identifier"][0]["value"].endswith(name)]
        assert [made.url[r["reference"]] for r in new["replaces"]] == [old] and "replaces" not in old
        assert old["status"] == "revoked" and made.fractions(old) == 30 and made.dose(old)[:2] == (6000, 200)
    assert statuses(made, "treated-phase") == {"1": "stopped", "2": "completed"}
    assert made.dose(made.of["planned-course"][0]) == made.dose(made.of["course-summary"][0]) == (6000, None, 30)


def test_a_plan_that_was_replaced_before_it_was_begun(course, run):
    course.plan("OLD", 30, PTV=60)
    new = course.plan("NEW", 30, PTV=60)
    course.treat(new, days("2024-01-08", 30))
    course.details["plans"] = {"NEW": {"replaces": "OLD"}}
    for phases in (None, [{"id": "1", "plans": ["OLD"]}, {"id": "2", "plans": ["NEW"]}]):
        if phases:
            course.details["phases"] = phases
        made = course.made(run)
        assert statuses(made, "treated-plan") == {"OLD": "not-done", "NEW": "completed"}
        assert made.dose(made.of["planned-course"][0]) == (6000, None, 30)
        assert made.dose(made.of["course-summary"][0]) == (6000, None, 30) and made.uniform("PTV")


def test_an_adaptation_in_the_middle(course, run):
    """The old plan was given ten times, the new one is approved and not begun: under treatment."""
    old, new = course.plan("OLD", 30, PTV=60), course.plan("NEW", 20, PTV=40)
    course.treat(old, days("2024-01-08", 10))
    course.details["plans"] = {"NEW": {"replaces": "OLD"}}
    course.details["course"]["status"] = "in-progress"
    made = course.made(run)
    [summary] = made.of["course-summary"]
    assert summary["status"] == "in-progress" and made.dose(summary) == (2000, None, 10)
    assert statuses(made, "treatment-plan") == {"OLD": "revoked", "NEW": "active"}
    assert made.dose(made.of["planned-course"][0]) == (6000, None, 30)


# How far it has come.


def test_on_hold(course, run):
    first, second = course.plan("A", 10, PTV=20), course.plan("B", 5, PTV=10)
    course.treat(first, days("2024-01-08", 4))
    course.details["course"].update(status="on-hold", statusReason={"text": "machine down"})
    made = course.made(run)
    [summary] = made.of["course-summary"]
    assert summary["status"] == "on-hold" and summary["statusReason"] == {"text": "machine down"}
    assert made.dose(summary) == (800, None, 4) and "end" not in summary["performedPeriod"]
    assert statuses(made, "treatment-plan") == {"A": "on-hold", "B": "on-hold"}
    assert statuses(made, "treated-plan") == {"A": "on-hold"}


def test_stopped_in_the_second_phase(course, run):
    first, second, third = course.plan("A", 10, PTV=20), course.plan("B", 5, PTV=10), course.plan("C", 5, PTV=10)
    course.treat(first, days("2024-01-08", 10))
    course.treat(second, days("2024-01-22", 2))
    course.details["course"].update(status="stopped", statusReason="not-tolerated")
    made = course.made(run)
    assert statuses(made, "treated-plan") == {"A": "completed", "B": "stopped", "C": "not-done"}
    assert statuses(made, "treated-phase") == {"1": "completed", "2": "stopped", "3": "not-done"}
    assert statuses(made, "treatment-plan") == {"A": "completed", "B": "revoked", "C": "revoked"}
    [summary] = made.of["course-summary"]
    assert made.dose(summary) == (2400, None, 12) and summary["performedPeriod"]["end"][:10] == "2024-01-23"
    for resource in (summary, made.named("treated-plan", "B"), made.named("treated-phase", "2")):
        assert made.codes(resource["statusReason"]) == ["407563006"]
    for resource in (made.named("treated-plan", "A"), made.named("treated-plan", "C")):
        assert "statusReason" not in resource


def test_never_begun(course, run):
    course.plan("A", 10, PTV=20)
    course.details["course"]["status"] = "planned"
    made = course.made(run)
    assert "course-summary" not in made.of and statuses(made, "treatment-plan") == {"A": "active"}
    course.details["course"]["status"] = "not-done"
    made = course.made(run)
    assert statuses(made, "course-summary") == {"C1": "not-done"} and statuses(made, "planned-course") == {"C1": "revoked"}
    assert made.dose(made.of["course-summary"][0]) == (0, None, 0)


@pytest.mark.parametrize("status", ["completed", "in-progress", "on-hold"])
def test_a_reason_of_termination_goes_with_stopped_only(course, run, status):
    course.treat(course.plan("A", 10, PTV=20), days("2024-01-08", 10 if status == "completed" else 5))
    course.details["course"].update(status=status, statusReason="refused")
    done = course.run(run)
    assert done.code == 65 and "course.statusReason" in done.err and "stopped" in done.err, done.err


def test_a_fraction_that_was_given_in_part(course, run):
    plan = course.plan("A", 10, PTV=20)
    course.treat(plan, days("2024-01-08", 4))
    course.treat(plan, days("2024-01-12", 1), first=5, share=0.5)
    course.details["course"]["status"] = "stopped"
    made = course.made(run)
    assert made.fractions(made.of["treated-plan"][0]) == 4
    assert made.dose(made.of["treated-plan"][0])[0] == 900 and made.dose(made.of["course-summary"][0])[0] == 900
    assert "fraction 5 was given in part" in course.notes


# Doses that the records calculate themselves.


def test_recorded_doses_add_up(course, run):
    """As pydicom adds them, in hundredths of a centigray; nothing is made of the metersets."""
    import pydicom

    plan = course.plan("A", 7, PTV=14)
    course.treat(plan, days("2024-01-08", 7), gray=lambda n: {1: 2.0071 + n / 1000})
    made = course.made(run)
    total = sum(Decimal(str(item.CalculatedDoseReferenceDoseValue)) for path in course.folder.glob("*.dcm")
                for item in pydicom.dcmread(path).get("CalculatedDoseReferenceSequence", []))
    assert total == Decimal("14.0777")
    for profile in ("course-summary", "treated-phase", "treated-plan"):
        assert made.dose(made.of[profile][0])[0] == total * 100, profile
    assert "worked out from" not in course.notes


def test_doses_counted_from_the_first_fraction_on_are_refused(course, run):
    """Added up they would be four times the dose; the message names the key that mends it."""
    course.treat(course.plan("A", 7, PTV=14), days("2024-01-08", 7), gray=lambda n: {1: 2 * n})
    done = course.run(run)
    assert done.code == 65 and len(done.error_lines) == 1, done.err
    assert "56.0 Gy" in done.err and "14.0" in done.err and "plans.A.dosesFrom" in done.err, done.err
    course.details["plans"] = {"A": {"dosesFrom": "metersets"}}
    made = course.made(run)
    assert made.dose(made.of["course-summary"][0]) == (1400, None, 7)
    assert "worked out from metersets" in course.notes


def test_doses_of_some_records_only_are_not_the_dose(course, run):
    course.treat(course.plan("A", 7, PTV=14), days("2024-01-08", 7), gray=lambda n: {1: 2} if n < 7 else None)
    made = course.made(run)
    assert made.dose(made.of["course-summary"][0]) == (1400, None, 7)
    assert "only 6 of its 7 records calculate the dose to PTV" in course.notes
    assert "worked out from metersets" in course.notes


def test_one_dose_for_two_plans_is_refused(course, run):
    """Counted with each of them it would be twice what was meant."""
    two_phases(course)
    course.details["volumes"] = {"PTV": {"plannedGy": 60}}
    done = course.run(run)
    assert done.code == 65 and "volumes.PTV" in done.err and "plans.BASE.plannedGy" in done.err, done.err
    del course.details["volumes"]
    course.details["plans"] = {"BASE": {"plannedGy": {"PTV": 49}}, "BOOST": {"plannedGy": {"PTV": 11}}}
    made = course.made(run)
    assert made.dose(made.of["planned-course"][0], "PTV") == (6000, None, 30)
    assert made.dose(made.named("treated-plan", "BOOST"), "PTV")[0] == 1100
    course.details["plans"]["BOOST"]["plannedGy"]["LUNG"] = 3
    done = course.run(run)
    assert done.code == 65 and "plans.BOOST.plannedGy" in done.err, done.err


def test_two_references_of_a_plan_to_one_region_are_one_dose(course, run):
    plan = course.plan("A", 2, PTV=4, AGAIN=4)
    course.structures(plan, ["PTV"])
    for reference in plan.DoseReferenceSequence:
        reference.ReferencedROINumber = 1
    course.save(plan)
    course.treat(plan, days("2024-01-08", 2))
    made = course.made(run)
    assert len(made.of["volume"]) == 1
    for profile in ("course-summary", "treated-phase", "treated-plan", "planned-course"):
        assert made.dose(made.of[profile][0])[0] == 400, profile
    plan.DoseReferenceSequence[1].TargetPrescriptionDose = "5"
    course.save(plan)
    done = course.run(run)
    assert done.code == 65 and "volumes.AGAIN" in done.err and "4.0 and 5.0 Gy" in done.err, done.err


def test_a_plan_of_no_fractions_is_refused(course, run):
    course.plan("A", 0, PTV=4)
    course.details["course"]["status"] = "planned"
    done = course.run(run)
    assert done.code == 65 and "how many fractions" in done.err, done.err


def test_who_ordered_a_phase_ordered_its_plan(course, run):
    two_phases(course)
    course.details["prescription"] = {"authoredOn": "2024-01-01", "requester": "Dr. A"}
    course.details["phases"] = [
        {"id": "1", "plans": ["BASE"]},
        {"id": "2", "plans": ["BOOST"], "prescription": {"authoredOn": "2024-02-01", "requester": "Dr. B"}}]
    made = course.made(run)
    for profile, name in (("phase-prescription", "C1 / 2"), ("plan-prescription", "BOOST")):
        order = made.named(profile, name)
        assert order["authoredOn"] == "2024-02-01" and order["requester"] == {"display": "Dr. B"}, profile
    assert made.named("plan-prescription", "BASE")["authoredOn"] == "2024-01-01"


# Clocks.


@pytest.mark.parametrize("recorded", [True, False])
def test_a_course_that_goes_on_past_a_change_of_clocks(course, run, recorded):
    """Each moment has the offset of its own record, else that of the place on that day, never the plan's."""
    plan = course.plan("A", 2, PTV=4)
    plan.TimezoneOffsetFromUTC = "-0500"
    course.save(plan)
    for number, (date, offset) in enumerate([("20240330", "+0100"), ("20240331", "+0200")], 1):
        course.treat(plan, [date], first=number, **({"TimezoneOffsetFromUTC": offset} if recorded else {}))
    course.details["timezone"] = "UTC" if recorded else "Europe/Berlin"
    [summary] = course.made(run).of["course-summary"]
    period = summary["performedPeriod"]
    assert period["start"].startswith("2024-03-30T") and period["start"].endswith("+01:00"), period
    assert period["end"].startswith("2024-03-31T") and period["end"].endswith("+02:00"), period


# The patient.


def test_what_dicom_says_of_the_patient(course, run):
    plan = course.plan("A", 1, PTV=18)
    plan.PatientName = "Example^Anna^Maria^Dr.^MD"
    plan.PatientAddress, plan.PatientTelephoneNumbers = "1 Main Street, Exampleton", ["+1 555 0100", "+1 555 0101"]
    course.record_base.PatientName = plan.PatientName
    for d in (plan, course.record_base):
        d.IssuerOfPatientID = "Example Hospital"
    course.save(plan)
    course.treat(plan, days("2024-01-08", 1))
    made = course.made(run)
    [patient] = [e["resource"] for e in made.entries if e["resource"]["resourceType"] == "Patient"]
    assert patient["name"] == [{"use": "official", "family": "Example", "given": ["Anna", "Maria"],
                                "prefix": ["Dr."], "suffix": ["MD"]}]
    assert patient["address"] == [{"text": "1 Main Street, Exampleton"}]
    assert patient["telecom"] == [{"system": "phone", "value": "+1 555 0100"}, {"system": "phone", "value": "+1 555 0101"}]
    [identifier] = patient["identifier"]
    assert identifier["assigner"] == {"display": "Example Hospital"}
    assert identifier["system"] == course.details["identifierSystems"]["patient"] and identifier["use"] == "usual"
    [entry] = [e for e in made.entries if e["resource"]["resourceType"] == "Patient"]
    # The hospital's own address and telephone are never overwritten.
    assert entry["request"]["method"] == "POST" and "ifNoneExist" in entry["request"]


def test_two_people_of_one_number(course, run):
    """The plan does not say when its patient was born; its records say two different days."""
    plan = course.plan("A", 2, PTV=4)
    del plan.PatientBirthDate
    course.save(plan)
    for number, born in enumerate(("19600205", "19710205"), 1):
        course.treat(plan, days(f"2024-01-0{number}", 1), first=number, PatientBirthDate=born)
    done = course.run(run)
    assert done.code == 65 and "2 patients" in done.err, done.err


# Parts of the body.


def test_parts_of_the_body_that_are_not_known_name_their_key(course, run):
    plan = course.plan("A", 1, PTV=18)
    plan.TreatmentSiteCodeSequence = Sequence([code("T-D4010", "SRT", "Abdomen")])
    course.structures(plan, ["PTV"], PTV=Sequence([code("T-74000", "SRT", "Bladder")]))
    course.treat(plan, days("2024-01-08", 1))
    course.made(run)
    assert "'Abdomen' is told in words" in course.notes and "write bodySite" in course.notes, course.notes
    assert "volume PTV: 'Bladder' (SRT T-74000)" in course.notes and "volumes.PTV.location" in course.notes
    course.details["bodySite"] = [{"code": "113345001", "display": "Abdomen"}]
    course.details["volumes"] = {"PTV": {"location": {"code": "89837001", "display": "Urinary bladder"}}}
    made = course.made(run)
    assert "bodySite[0] 113345001" in course.notes and "volumes.PTV.location" not in course.notes
    assert made.codes(made.of["volume"][0]["location"]) == ["89837001"]
    course.details["bodySite"] = [{"code": "12738006", "display": "Brain structure (body structure)"}]
    course.made(run)
    assert "bodySite" not in course.notes


# Other proofs than beams records.


@pytest.mark.parametrize("listed", [True, False])
def test_a_course_that_only_a_treatment_summary_record_tells(course, run, listed):
    plan = course.plan("A", 10, PTV=20)
    dates = days("2024-01-08", 10)
    record = course.summary_record(plan, 10, dates[0], dates[-1], gray=20.02, listed=dates if listed else ())
    made = course.made(run)
    [treated] = made.of["treated-plan"]
    assert made.fractions(treated) == 10 and made.dose(treated)[0] == 2002
    assert [p["valueId"] for e in made.values(treated, CX + "codexrt-dicom-reference") for p in e
            if p["url"] == "instanceUid"] == [record.SOPInstanceUID]
    [summary] = made.of["course-summary"]
    assert summary["performedPeriod"] == {"start": "2024-01-08", "end": "2024-01-17"}
    # Where no days are listed nobody knows in how many sessions.
    assert made.values(summary, MC + "mcode-radiotherapy-sessions") == ([10] if listed else [])


@pytest.mark.parametrize("status, said", [("COMPLETED", None), ("ON_TREATMENT", "ON_TREATMENT"), ("STOPPED", "STOPPED")])
def test_a_treatment_summary_record_that_says_otherwise(course, run, status, said):
    plan = course.plan("A", 10, PTV=20)
    course.summary_record(plan, 10, "20240108", "20240117", status=status)
    done = course.run(run)
    assert (done.code == 0) == (said is None), done.err
    assert said is None or said in done.err


def test_a_course_without_any_record(course, run):
    """What a machine that writes none has given: from the details, and a note says so."""
    course.plan("GK", 1, GTV=18)
    done = course.run(run)
    assert done.code == 65 and "0 of 1 fractions of plan GK" in done.err, done.err
    course.details["plans"] = {"GK": {"delivered": {"fractions": 1, "first": "2020-04-23", "last": "2020-04-23"},
                                      "isotope": "cobalt-60"}}
    made = course.made(run)
    [summary] = made.of["course-summary"]
    assert made.dose(summary) == (1800, None, 1)
    assert summary["performedPeriod"] == {"start": "2020-04-23", "end": "2020-04-23"}
    assert "those of the details" in course.notes
    [nested] = made.values(made.of["treated-plan"][0], MC + "mcode-radiotherapy-modality-and-technique")
    energies = [p for p in nested if p["url"] == CX + "codexrt-radiotherapy-energy-or-isotope"]
    assert [made.codes(p["valueCodeableConcept"]) for p in energies] == [["5405008"]]
    # Records, where there are some, are not talked over.
    [plan] = [d for d in course.folder.iterdir() if d.suffix == ".dcm"]
    import pydicom
    course.treat(pydicom.dcmread(plan), ["20200423"])
    done = course.run(run)
    assert done.code == 65 and "plans.GK.delivered" in done.err, done.err


# Ions and brachytherapy.


def ion(course, plan, radiation, energies, number=None, mode="MODULATED"):
    """The plan as an RT Ion Plan of one beam, with a record of its kind."""
    d = copy.deepcopy(plan)
    (course.folder / f"{plan.SOPInstanceUID}.dcm").unlink()
    d.SOPClassUID = ION_PLAN
    beam = copy.deepcopy(d.BeamSequence[-1])
    del d.BeamSequence
    points = beam.ControlPointSequence
    del beam.ControlPointSequence
    beam.RadiationType, beam.ScanMode, beam.TreatmentDeliveryType = radiation, mode, "TREATMENT"
    if number:
        beam.RadiationAtomicNumber, beam.RadiationMassNumber, beam.RadiationChargeState = number, 2 * number, number
    layers = []
    for n, energy in enumerate(energies):
        point = copy.deepcopy(points[0])
        point.ControlPointIndex, point.NominalBeamEnergy = n, energy
        layers.append(point)
    beam.IonControlPointSequence = Sequence(layers)
    d.IonBeamSequence = Sequence([beam])
    group = d.FractionGroupSequence[0]
    group.ReferencedBeamSequence = Sequence(
        [r for r in group.ReferencedBeamSequence if r.ReferencedBeamNumber == beam.BeamNumber])
    group.NumberOfBeams = 1
    group.ReferencedBeamSequence[0].BeamMeterset = "100"
    course.save(d)
    return d, beam


def treat_ions(course, plan, beam, dates):
    for number, date in enumerate(dates, 1):
        d = copy.deepcopy(course.record_base)
        d.SOPClassUID, d.SOPInstanceUID, d.TreatmentDate = ION_RECORD, uid(), date
        d.ReferencedRTPlanSequence = Sequence([item(
            ReferencedSOPClassUID=ION_PLAN, ReferencedSOPInstanceUID=plan.SOPInstanceUID)])
        del d.TreatmentSessionBeamSequence
        d.TreatmentSessionIonBeamSequence = Sequence([item(
            ReferencedBeamNumber=beam.BeamNumber, BeamName="P", RadiationType=beam.RadiationType,
            TreatmentDeliveryType="TREATMENT", CurrentFractionNumber=number, TreatmentTerminationStatus="NORMAL",
            IonControlPointDeliverySequence=Sequence([
                item(TreatmentControlPointDate=date, TreatmentControlPointTime="100000", DeliveredMeterset="0"),
                item(TreatmentControlPointDate=date, TreatmentControlPointTime="100500", DeliveredMeterset="100")]))])
        course.save(d)


@pytest.mark.parametrize("radiation, number, modality, technique, mode, energies", [
    ("PROTON", 1, "10611004", "1156528007", "MODULATED", [70, 101.5, 230]),
    ("PROTON", None, "10611004", "1204242009", "UNIFORM", [150]),
    ("ION", 6, "1156505006", "1156528007", "MODULATED", []),
    ("ION", 6, "1156505006", "1156529004", "NONE", []),
    ("ION", 2, "UNC", "1156528007", "MODULATED", []),
])
def test_ions(course, run, radiation, number, modality, technique, mode, energies):
    """Protons with every layer's energy; heavier ions' are per nucleon, for which the profile has no unit."""
    del course.details["technique"]
    plan, beam = ion(course, course.plan("ION", 3, PTV=9), radiation, energies or [120, 400], number, mode)
    treat_ions(course, plan, beam, days("2024-01-08", 3))
    made = course.made(run)
    [nested] = made.values(made.of["treated-plan"][0], MC + "mcode-radiotherapy-modality-and-technique")
    parts = {}
    for part in nested:
        parts.setdefault(part["url"].rsplit("-", 1)[-1], []).append(part)
    assert made.codes(parts["modality"][0]["valueCodeableConcept"]) == [modality]
    assert [made.codes(p["valueCodeableConcept"]) for p in parts["technique"]] == [[technique]]
    quantities = [p["valueQuantity"] for p in parts.get("isotope", [])]
    assert [(q["value"], q["code"]) for q in quantities] == [(e, "MeV") for e in energies]
    assert ("per nucleon" in course.notes) == (not energies)
    [order] = made.of["treatment-plan"]
    sop_class = [p["valueCoding"]["code"] for e in made.values(order, CX + "codexrt-dicom-reference") for p in e
                 if p["url"] == "sopClass"]
    assert sop_class == [f"urn:oid:{ION_PLAN}"]
    assert made.dose(made.of["course-summary"][0]) == (900, None, 3)


@pytest.mark.parametrize("how", ["count", "setups"])
def test_a_brachytherapy_plan_is_refused_by_name(course, run, how):
    plan = course.plan("AFTERLOADER", 3, PTV=21)
    if how == "count":
        plan.FractionGroupSequence[0].NumberOfBrachyApplicationSetups = 1
    else:
        plan.ApplicationSetupSequence = Sequence([item(ApplicationSetupNumber=1)])
    course.save(plan)
    done = course.run(run)
    assert done.code == 65 and "plan AFTERLOADER: brachytherapy is not supported" in done.err, done.err


def test_a_rejected_plan_that_was_treated_is_not_left_out(course, run):
    course.treat(course.plan("A", 2, PTV=4), days("2024-01-08", 2))
    rejected = course.plan("B", 2, PTV=4)
    rejected.ApprovalStatus = "REJECTED"
    course.save(rejected)
    assert course.run(run).code == 0
    course.treat(rejected, days("2024-01-15", 1))
    done = course.run(run)
    assert done.code == 65 and "plan B: it is REJECTED" in done.err, done.err


# What the profiles want to be told where it is known.


def test_what_dicom_codes_of_body_machine_and_breathing(course, run):
    plan = course.plan("A", 2, PTV_brain=4)
    plan.TreatmentSiteCodeSequence = Sequence([code("12738006", "SCT", "Brain")])
    plan.TreatmentSiteCodeSequence[0].TreatmentSiteModifierCodeSequence = Sequence([code("G-A101", "SRT", "Left")])
    plan.PatientSetupSequence[0].MotionSynchronizationSequence = Sequence([
        item(RespiratoryMotionCompensationTechnique="GATING")])
    region = code("T-A0100", "SRT", "Brain")
    region.SegmentedPropertyTypeModifierCodeSequence = Sequence([code("24028007", "SCT", "Right")])
    course.structures(plan, ["PTV_brain"], PTV_brain=Sequence([code("GTV", "99LOCAL", "x"), region]))
    course.treat(plan, days("2024-01-08", 2))
    course.details["identifierSystems"]["device"] = "https://hospital.example/ids/device"
    made = course.made(run)
    [volume] = made.of["volume"]
    assert made.codes(volume["location"]) == ["12738006"] and volume["description"] == "what PTV_brain is"
    assert [made.codes(q) for q in volume["locationQualifier"]] == [["24028007"]]
    [summary] = made.of["course-summary"]
    assert [made.codes(s) for s in summary["bodySite"]] == [["12738006"]]
    [side] = summary["bodySite"][0]["extension"]
    assert side["url"] == MC + "mcode-laterality-qualifier" and made.codes(side["valueCodeableConcept"]) == ["7771000"]
    machine = course.record_base.TreatmentMachineSequence[0]
    for profile in ("course-summary", "treated-phase", "treated-plan"):
        [used] = made.of[profile][0]["usedReference"]
        device = made.url[used["reference"]]
        assert device["resourceType"] == "Device" and device["manufacturer"] == machine.Manufacturer
        assert device["serialNumber"] == machine.DeviceSerialNumber
        assert device["deviceName"][0] == {"name": machine.ManufacturerModelName, "type": "manufacturer-name"}
    assert made.of["treatment-plan"][0]["performer"] == made.of["treated-plan"][0]["usedReference"]
    for profile in ("treated-plan", "planned-phase", "course-summary"):
        [motion] = made.values(made.of[profile][0], CX + "codexrt-radiotherapy-respiratory-motion-management")
        [how] = made.values(made.of[profile][0], CX + "codexrt-radiotherapy-free-breathing-motion-mgmt-technique")
        assert made.codes(motion) == ["721071000124104"] and made.codes(how) == ["721061000124106"]
    # Without a system of identifiers the machine is named and has no resource.
    del course.details["identifierSystems"]["device"]
    made = course.made(run)
    [used] = made.of["treated-plan"][0]["usedReference"]
    assert "reference" not in used and machine.DeviceSerialNumber in used["display"]


def test_what_the_details_add(course, run):
    course.treat(course.plan("A", 2, PTV=4), days("2024-01-08", 2))
    course.details["course"].update(scheduled={"start": "2024-01-08", "end": "2024-01-20"}, reirradiation=True)
    course.details["diagnosis"][0]["condition"] = "Condition/4711"
    course.details["bodySite"] = [{"code": "39607008", "laterality": "left", "qualifiers": ["upper", "partial"]}]
    course.details["location"] = "Example Hospital"
    course.details["volumes"] = {"PTV": {"metrics": {"EQD2Gy(a/b = 10)": 4}, "morphology": "PTV"}}
    course.details["guidance"] = {
        "motion": "breath-hold", "imaging": ["surface", {"modality": "cone-beam-CT", "energy": "kV"}],
        "verification": ["surface", {"procedure": "X-ray", "qualifier": "multiple"}]}
    made = course.made(run)
    [planned] = made.of["planned-course"]
    assert planned["occurrencePeriod"] == {"start": "2024-01-08", "end": "2024-01-20"}
    for profile in ("course-prescription", "treatment-plan", "course-summary", "treated-plan"):
        resource = made.of[profile][0]
        assert resource["reasonReference"] == [{"reference": "Condition/4711"}]
        site = resource["bodySite"][0]["extension"]
        assert [e["url"].rsplit("/", 1)[-1] for e in site] == [
            "mcode-body-location-qualifier", "mcode-body-location-qualifier", "mcode-laterality-qualifier"]
    assert planned["locationReference"] == [{"display": "Example Hospital"}]
    [summary] = made.of["course-summary"]
    assert summary["location"] == {"display": "Example Hospital"}
    [dose] = made.values(summary, MC + "mcode-radiotherapy-dose-delivered-to-volume")
    [metric] = [p["valueQuantity"] for p in dose if p["url"] == CX + "codexrt-radiobiologic-metric"]
    assert metric == {"value": 4, "unit": "EQD2Gy(a/b = 10)"}
    images = made.values(summary, CX + "codexrt-image-guided-radiotherapy-modality")
    assert [[made.codes(p["valueCodeableConcept"]) for p in image] for image in images] == [
        [["1297350006"]], [["717193008"], ["kV"]]]
    checks = made.values(summary, CX + "codexrt-intrafraction-verification")
    assert [[made.codes(p["valueCodeableConcept"]) for p in check] for check in checks] == [
        [["1297350006"]], [["168537006"], ["255204007"]]]
    # What nobody prescribed is in no prescription.
    text = str(made.of["course-prescription"] + made.of["plan-prescription"])
    assert "motion-management" not in text and "image-guided" not in text


@pytest.mark.parametrize("key, value, said", [
    ("guidance", {"motion": "breath-hold", "techniques": ["gating"]}, "guidance.techniques"),
    ("guidance", {"imaging": [{"modality": "MRI", "energy": "kV"}]}, "guidance.imaging[0].energy"),
    ("guidance", {"verification": [{"procedure": "CT", "qualifier": "single"}]}, "guidance.verification[0].qualifier"),
    ("guidance", {"motion": "sometimes"}, "guidance.motion"),
    ("isotope", "kryptonite", "isotope"),
    ("diagnosis", [{"condition": "4711"}], "diagnosis[0].condition"),
    ("plans", {"A": {"fractions": 0}}, "plans.A.fractions"),
    ("plans", {"A": {"delivered": {"fractions": 1, "first": "2024-01-09", "last": "2024-01-08"}}}, "plans.A.delivered.last"),
    ("plans", {"A": {"delivered": {"fractions": 1, "first": "yesterday", "last": "2024-01-08"}}}, "plans.A.delivered.first"),
    ("volumes", {"PTV": {"metrics": {"Gy": 3}}}, "volumes.PTV.metrics.Gy"),
    ("course", {"id": "1", "name": "1", "status": "completed", "scheduled": {"start": "2024-02-01", "end": "2024-01-01"}},
     "course.scheduled.end"),
])
def test_a_key_that_cannot_be_is_named(course, run, key, value, said):
    course.treat(course.plan("A", 2, PTV=4), days("2024-01-08", 2))
    course.details[key] = value
    done = course.run(run)
    assert done.code == 65 and said in done.err and len(done.error_lines) == 1, done.err


def test_the_template_has_every_key(course, run):
    """Filled in as it stands, but for the plan's and the volume's names, it makes a summary."""
    import json

    course.treat(course.plan("PLAN LABEL", 1, PTV=18), days("2020-04-23", 1))
    course.treat(course.plan("OLD LABEL", 1, PTV=18), [])
    done = run("summary", "--template")
    course.details = json.loads(done.out)
    course.details["phases"][0]["plans"] = ["OLD LABEL", "PLAN LABEL"]
    course.details["phases"][0]["sum"] = "sequential"
    course.details["plans"]["PLAN LABEL"].pop("delivered", None)
    made = course.made(run)
    assert made.of["course-summary"][0]["status"] == "completed"
    for key in course.details:
        assert key in done.err, key
