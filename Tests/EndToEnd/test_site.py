"""What a site may set, and how it shows."""

import json

import pytest

from test_transfer import the_stage


@pytest.fixture
def site(tmp_path):
    def write(**document):
        path = tmp_path / "site.json"
        path.write_text(json.dumps(document))
        return path

    return write


@pytest.mark.parametrize("scheme, names", [
    ({"levels": ["18 Gy", "a lot"]}, "isodoses.own.levels[1]"),
    ({"levels": ["-3"]}, "isodoses.own.levels[0]"),
    ({"levels": ["0 Gy"]}, "isodoses.own.levels[0]"),
    ({"levels": ["1e3"]}, "isodoses.own.levels[0]"),
    ({"levels": ["18,12"]}, "isodoses.own.levels[0]"),
    ({"levels": ["18 Gy", "18Gy"]}, "isodoses.own.levels[1]"),
    ({"levels": [18]}, "isodoses.own.levels[0]"),
    ({"levels": [f"{n} Gy" for n in range(1, 8)]}, "isodoses.own.levels"),
    ({"levels": "18 Gy"}, "isodoses.own.levels"),
    ({"colors": ["red"]}, "isodoses.own.colors[0]"),
    ({"colors": ["#ff0000", "#FF0000"]}, "isodoses.own.colors[1]"),
    ({"levels": ["18 Gy", "9 Gy"], "colors": ["#ff0000"]}, "isodoses.own.colors"),
    ({}, "isodoses.own"),
    ({"levels": ["18 Gy"], "widths": [1]}, "isodoses.own.widths"),
])
@pytest.mark.parametrize("command", ["inspect", "export"])
def test_a_scheme_that_cannot_be_drawn_is_found_when_it_is_read(command, scheme, names, site, run, brain, tmp_path):
    """Whether it is asked for or not."""
    more = ["--output", tmp_path / "out"] if command == "export" else []
    done = run(command, brain.folder, "--config", site(isodoses={"own": scheme}), *more)
    assert done.code == 78, done.err
    assert len(done.error_lines) == 1 and names in done.err, done.err
    assert not (tmp_path / "out").exists()


def test_a_name_that_is_built_in(site, run, brain):
    done = run("inspect", brain.folder, "--config", site(isodoses={"standard": {"levels": ["1 Gy"]}}))
    assert done.code == 78 and "isodoses.standard" in done.err, done.err


def test_a_scheme_is_drawn(site, run, brain, tmp_path):
    path = site(isodoses={"own": {"levels": ["18 Gy", "50%"], "colors": ["#ff0000", "#00ff00"]}})
    done = run("export", brain.folder, "--levels", "own", "--scheme", "own", "--config", path, "--output", tmp_path / "out")
    assert done.code == 0, done.err
    _, manifest = the_stage(tmp_path / "out")
    assert [(i["doseGy"], i["color"]) for i in manifest["isodoses"]] == [(18, "#ff0000"), (9, "#00ff00")]


@pytest.mark.parametrize("limit, shown", [(None, False), (2.5, False), (3.0, False), (3.5, True)])
def test_what_a_site_has_loosened_stands_on_the_review_page(limit, shown, site, run, brain, tmp_path):
    path = site(**({} if limit is None else {"limits": {"dose.plausible": {"max": limit}}}))
    assert run("export", brain.folder, "--config", path, "--output", tmp_path / "out").code == 0
    stage, _ = the_stage(tmp_path / "out")
    page = (stage / "review" / "index.html").read_text()
    assert ("Loosened by this site: dose.plausible: up to 3.5 times" in page) == shown


@pytest.mark.parametrize("limits, names", [
    ({"dose.units": {"max": 1}}, "limits.dose.units"),
    ({"dose.plausible": {"min": 0}}, "limits.dose.plausible.min"),
    ({"dose.plausible": {"max": "much"}}, "limits.dose.plausible.max"),
])
def test_no_other_limit_can_be_loosened(limits, names, site, run, brain):
    done = run("inspect", brain.folder, "--config", site(limits=limits))
    assert done.code == 78 and names in done.err, done.err


def test_a_label_of_the_sites_own(site, run, brain, tmp_path):
    path = site(label={"template": "DOSE_{dose}{unit}_{fractions}Fx_{date}_RT", "date": "yyyy-MM-dd"})
    done = run("export", brain.folder, "--config", path, "--output", tmp_path / "out")
    assert done.code == 0, done.err
    stage, manifest = the_stage(tmp_path / "out")
    assert stage.name == manifest["label"] == manifest["series"]["description"] == "DOSE_18Gy_1Fx_2020-04-23_RT"


@pytest.mark.parametrize("template", [
    "RT_{dose}_{fractions}Fx_{date}", "RT_{dose}{unit}_{fractions}Fx", "{dose}{unit}{fractions}{date}", "",
    "RT/{dose}{unit}{fractions}{date}", "../{dose}{unit}{fractions}{date}", "RT_{dose}{dose}{unit}{fractions}{date}",
    # A number of its own would be read with the computed one: 118 Gy, 1.18 Gy, 1 Gy, 185 Gy.
    "RT_1{dose}{unit}_{fractions}Fx_{date}", "RT_{fractions}{dose}{unit}_{date}", "RT_{fractions}.{dose}{unit}_{date}",
    "RT_{dose}_{fractions}{unit}_{date}", "RT_{dose}5{unit}_{fractions}Fx_{date}", "RT_{dose}{unit}_{fractions}Gy_{date}",
    "RT_{dose}{unit}_{fractions}{date}", "RT_{dose}{unit}_{fractions}0Fx_{date}", "RT_-{dose}{unit}_{fractions}Fx_{date}",
    "PRIOR_RT_{dose}{unit}_{fractions}Fx_{date}", "RT_{dose}.{unit}_{fractions}Fx_{date}",
    "RT {dose}{unit}{fractions}{date}", "RT_{dose}{unit}_{name}_{fractions}{date}", "Rücken{dose}{unit}{fractions}{date}",
])
def test_a_template_that_makes_no_label(template, site, run, brain):
    done = run("inspect", brain.folder, "--config", site(label={"template": template}))
    assert done.code == 78 and "label.template" in done.err, done.err


@pytest.mark.parametrize("date", ["yyyy", "MM.dd", "MM.dd.yy", "ddMMyyyyMM", "MM/dd/yyyy", "dd.MM.yyyy.yyyy", "yMd", ""])
def test_a_date_that_is_no_day(date, site, run, brain):
    done = run("inspect", brain.folder, "--config", site(label={"date": date}))
    assert done.code == 78 and "label.date" in done.err, done.err


@pytest.mark.parametrize("filler, code", [(12, 0), (40, 65), (70, 65)])
def test_a_label_that_nobody_could_read_is_refused(filler, code, site, run, brain, tmp_path):
    """Dose and fractions stand within the first 28 characters, and nothing is cut off at 64."""
    path = site(label={"template": "R" * filler + "{dose}{unit}_{fractions}Fx_{date}"})
    done = run("export", brain.folder, "--config", path, "--output", tmp_path / "out")
    assert done.code == code, done.err
    assert code == 0 or "label.form" in done.err
