"""Export, push and verify over DICOMweb: Orthanc with its plugin, and a service that lies, fails and breaks."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time

import pydicom
import pytest

import reviewer
import servers
from conftest import Finished
from stow import Stow
from test_tls import certificates  # noqa: F401
from test_transfer import confirmed, events, the_stage


@pytest.fixture
def orthanc_web(tmp_path):
    with servers.OrthancWeb(tmp_path / "orthanc") as server:
        yield server


@pytest.fixture(scope="module")
def confirmed_stage(binary, brain, tmp_path_factory):
    """A confirmed stage with its home, to be copied by each test."""
    folder = tmp_path_factory.mktemp("confirmed")
    (folder / "home").mkdir()
    talk = reviewer.play([binary, "export", brain.folder, "--output", folder / "out"], {}, folder / "home")
    assert talk.code == 0, talk.text
    stage, _ = the_stage(folder / "out")
    assert reviewer.play([binary, "confirm", stage], reviewer.answers(brain), folder / "home").code == 0
    return stage, folder / "home"


@pytest.fixture
def stage(confirmed_stage, tmp_path, home):
    """A stage of its own, confirmed, and the home with the key that its confirmation is sealed with."""
    source, key = confirmed_stage
    shutil.copytree(key, home, dirs_exist_ok=True)
    return pathlib.Path(shutil.copytree(source, tmp_path / "out" / source.name))


def manifest(stage):
    return json.loads((stage / "manifest.json").read_text())


def uids(stage):
    return sorted(i["sopInstanceUID"] for i in manifest(stage)["instances"])


def kinds(stage):
    return [e["event"] for e in events(stage)]


@pytest.fixture
def service(brain):
    """A service that holds the scan, as it should be."""

    def service(**how):
        stow = Stow(**how)
        stow.store(brain.slices())
        return stow

    return service


def ours(stow, stage):
    m = manifest(stage)
    return stow.instances(m["study"]["instanceUID"], m["series"]["instanceUID"])


@pytest.mark.parametrize("options", [(), ("--multiframe",), ("--compress",)])
def test_export_asks_sends_and_verifies(orthanc_web, brain, play, run, tmp_path, options):
    orthanc_web.store(brain.slices())
    talk = play(reviewer.answers(brain), "export", brain.folder, "--pacs", orthanc_web.web, "--output",
                tmp_path / "out", *options)
    assert talk.code == 0, talk.text
    stage, m = the_stage(tmp_path / "out")
    held = {}
    for i in m["instances"]:
        held[i["sopInstanceUID"]] = pydicom.dcmread(orthanc_web.file(i["sopInstanceUID"]))
    # An independent client sees the series over DIMSE, pixel for pixel.
    assert orthanc_web.instances(m["study"]["instanceUID"], m["series"]["instanceUID"]) == uids(stage)
    for i in m["instances"]:
        staged = pydicom.dcmread(stage / i["file"])
        back = held[i["sopInstanceUID"]]
        assert (back.pixel_array == staged.pixel_array).all()
        assert back.get("ImagePositionPatient") == staged.get("ImagePositionPatient")
    assert kinds(stage).count("sent") == kinds(stage).count("verified") == len(m["instances"])
    assert {e["pacs"] for e in events(stage)} == {orthanc_web.web}
    assert not [p for p in stage.parent.iterdir() if p != stage], "something was left beside the stage"
    done = run("verify", stage, "--pacs", orthanc_web.web, "--json")
    assert done.code == 0 and json.loads(done.out)["verified"] is True, done.err
    # A second push sends nothing.
    assert run("push", stage, "--pacs", orthanc_web.web).code == 0
    assert kinds(stage).count("sent") == len(m["instances"])


def test_what_is_missing_at_orthanc_is_found_and_sent(orthanc_web, brain, stage, run):
    orthanc_web.store(brain.slices())
    assert run("push", stage, "--pacs", orthanc_web.web).code == 0
    lost = uids(stage)[7]
    orthanc_web.delete(lost)
    done = run("verify", stage, "--pacs", orthanc_web.web)
    assert done.code == 65 and lost in done.err
    assert run("push", stage, "--pacs", orthanc_web.web).code == 0
    assert kinds(stage).count("sent") == len(uids(stage)) + 1
    assert run("verify", stage, "--pacs", orthanc_web.web).code == 0


def test_a_study_that_orthanc_does_not_hold_needs_a_person(orthanc_web, stage, run):
    done = run("push", stage, "--pacs", orthanc_web.web)
    assert done.code == 77 and "identity.pacs" in done.err, done.err
    assert "sent" not in kinds(stage)


def test_another_series_of_that_name_needs_a_person(service, stage, run):
    with service() as stow:
        other = stow.datasets()[next(iter(stow.held))]
        other.SeriesInstanceUID += ".9"
        other.SOPInstanceUID += ".9"
        other.file_meta.MediaStorageSOPInstanceUID = other.SOPInstanceUID
        other.SeriesDescription = manifest(stage)["label"]
        stow.store([other])
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == 77 and "label.unique" in done.err, done.err
        assert not stow.stores


def test_another_patient_blocks(service, stage, run):
    with service() as stow:
        for d in list(stow.datasets().values()):
            d.PatientID = "SOMEBODY ELSE"
            stow.store([d])
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == 65 and "identity.pacs" in done.err, done.err
        assert not stow.stores


def test_empty_lists_acknowledge_nothing(service, stage, run):
    with service(empty_lists=True) as stow:
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == 69, done.err
        assert len(done.error_lines) == 1 and "not acknowledged" in done.err
        assert "sent" not in kinds(stage) and kinds(stage).count("refused") == len(uids(stage))
        stow.behaviour.empty_lists = False
        assert run("push", stage, "--pacs", stow.address).code == 0
        assert ours(stow, stage) == uids(stage)


def test_what_was_said_to_be_stored_and_was_not_is_found_out(service, stage, run):
    lost = uids(stage)[3]
    with service(pretends={lost}) as stow:
        assert run("push", stage, "--pacs", stow.address).code == 0
        done = run("verify", stage, "--pacs", stow.address)
        assert done.code == 65 and lost in done.err and "missing" in done.err
        stow.behaviour.pretends = set()
        assert run("push", stage, "--pacs", stow.address).code == 0
        assert run("verify", stage, "--pacs", stow.address).code == 0
        assert ours(stow, stage) == uids(stage)


@pytest.mark.parametrize("reason, code, words", [
    (0x0110, 69, "processing failure (0110)"), (0x0122, 69, "SOP class not supported (0122)"),
    (0xA700, 75, "out of resources (A700)"), (0xA900, 69, "does not match its SOP class (A900)"),
    (0xC000, 69, "not understood (C000)"), (0xC122, 69, "transfer syntax is not supported (C122)"),
    (0x0124, 69, "not authorised (0124)"),
])
def test_a_failure_is_told_for_each_instance_in_words(service, stage, run, reason, code, words):
    bad = uids(stage)[5:7]
    with service(failures=dict.fromkeys(bad, reason)) as stow:
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == code, done.err
        assert len(done.error_lines) == 1 and words in done.err
        assert all(uid in done.err for uid in bad)
        assert ours(stow, stage) == sorted(set(uids(stage)) - set(bad))
        assert kinds(stage).count("refused") == 2
        stow.behaviour.failures = {}
        assert run("push", stage, "--pacs", stow.address).code == 0
        assert run("verify", stage, "--pacs", stow.address).code == 0


def test_a_duplicate_counts_once_it_was_found_identical(service, stage, run):
    bad = uids(stage)[5]
    with service(failures={bad: 0x0111}) as stow:
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == 69 and "holds an instance of this UID already" in done.err, done.err


@pytest.mark.parametrize("altered", [False, True])
def test_a_duplicate_is_fetched_and_compared(altered, service, stage, run):
    """Another run has stored it between our question and our sending: the same, or something else."""
    twice = uids(stage)[5]
    own = next(stage / i["file"] for i in manifest(stage)["instances"] if i["sopInstanceUID"] == twice)
    with service(failures={twice: 0x0111}, hides={twice}, altered={twice} if altered else set()) as stow:
        stow.store([pydicom.dcmread(own)])
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == (69 if altered else 0), done.err
        assert ours(stow, stage) == uids(stage)
        if altered:
            assert twice in done.err


def test_a_warning_is_listed_and_is_no_failure(service, stage, run):
    coerced = uids(stage)[5]
    with service(warnings={coerced: 0xB000}) as stow:
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == 0 and "B000" in done.err, done.err
        assert kinds(stage).count("warning") == 1


def test_a_packed_series_is_unpacked_where_packing_is_refused(service, brain, play, tmp_path):
    with service(no_packed=True) as stow:
        talk = play(reviewer.answers(brain), "export", brain.folder, "--compress", "--pacs", stow.address,
                    "--output", tmp_path / "out")
        assert talk.code == 0, talk.text
        stage, m = the_stage(tmp_path / "out")
        for i in m["instances"]:
            d = stow.datasets()[i["sopInstanceUID"]]
            assert d.file_meta.TransferSyntaxUID == pydicom.uid.ExplicitVRLittleEndian
            assert (d.pixel_array == pydicom.dcmread(stage / i["file"]).pixel_array).all()


@pytest.mark.parametrize("stores", [True, False])
def test_a_connection_that_breaks_is_made_good_in_the_same_run(service, stage, run, stores):
    with service(drop_after=1, drop_stores=stores) as stow:
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == 0, done.err
        assert len(stow.stores) >= 3 and stow.stores[1] == stow.stores[2]
        assert ours(stow, stage) == uids(stage)
        assert sorted(e["sopInstanceUID"] for e in events(stage) if e["event"] == "sent") == uids(stage)


def test_a_busy_service_is_waited_for(service, stage, run):
    with service(busy=2) as stow:
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == 0, done.err
        stow.behaviour.busy = 100
        assert ours(stow, stage) == uids(stage)


def test_a_service_that_stays_busy_is_tried_again_later(service, stage, run):
    with service(busy=100) as stow:
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == 75 and "busy (503), it asks to wait 1 s" in done.err, done.err
        assert len(done.error_lines) == 1
        stow.behaviour.busy = 0
        assert run("push", stage, "--pacs", stow.address).code == 0
        assert ours(stow, stage) == uids(stage)


@pytest.mark.parametrize("how, code, words", [
    ({"xml": True}, 76, "what is stored is not known"), ({"status": 500}, 69, "fault of its own (500)"),
    ({"status": 413}, 69, "too large (413)"), ({"status": 409}, 69, "(409)"), ({"status": 415}, 69, "(415)"),
    ({"garbage": True}, 76, "text/html"), ({"forbidden": True}, 69, "does not allow this (403)"),
    ({"token": "x"}, 69, "wants to know who asks (401)"),
    ({"redirect": "https://elsewhere.example/studies"}, 69, "sends on to https://elsewhere.example"),
])
def test_a_refusal_is_one_line_and_leaves_a_stage_that_goes_on(service, stage, run, how, code, words):
    with service(**how) as stow:
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == code and words in done.err, done.err
        assert len(done.error_lines) == 1
    with service() as stow:
        assert run("push", stage, "--pacs", stow.address).code == 0
        assert ours(stow, stage) == uids(stage)


def test_the_token_comes_from_a_variable_and_is_nowhere_else(service, stage, run, tmp_path, monkeypatch):
    secret = "c2VjcmV0LXRva2Vu.abc"
    with service(token=secret) as stow:
        config = tmp_path / "config.json"
        config.write_text(json.dumps({"pacs": {"web": {"url": stow.address + "/", "tokenVariable": "PACS_TOKEN"}}}))
        done = run("push", stage, "--pacs", "web", "--config", config)
        assert done.code == 78 and "PACS_TOKEN" in done.err and len(done.error_lines) == 1, done.err
        done = run("push", stage, "--pacs", "web", "--config", config, PACS_TOKEN="wrong-one")
        assert done.code == 69 and "the token in PACS_TOKEN (401)" in done.err and "wrong-one" not in done.err
        done = run("push", stage, "--pacs", "web", "--config", config, PACS_TOKEN=secret)
        assert done.code == 0, done.err
        # The address that push names for verify finds the token as well.
        checked = run("verify", stage, "--pacs", stow.address, "--config", config, PACS_TOKEN=secret)
        assert checked.code == 0, checked.err
        assert {a for _, _, a in stow.seen} == {"Bearer wrong-one", f"Bearer {secret}"}
        said = done.out + done.err + checked.out + checked.err
        files = [p for p in stage.rglob("*") if p.is_file()] + [p for p in tmp_path.glob("home/**/*") if p.is_file()]
        assert secret not in said and not any(secret.encode() in p.read_bytes() for p in files)


def test_a_token_does_not_follow_a_redirection(service, stage, run, tmp_path):
    with service() as other, service(redirect=other.address + "/studies") as stow:
        config = tmp_path / "config.json"
        config.write_text(json.dumps({"pacs": {"web": {"url": stow.address, "tokenVariable": "T"}}}))
        done = run("push", stage, "--pacs", "web", "--config", config, T="hush")
        assert done.code == 69 and "sends on to" in done.err, done.err
        assert other.seen == []


@pytest.mark.parametrize("how", [{"page": 5}, {"all_at_once": True}, {"bare": True}])
def test_services_of_other_habits_work_as_well(service, stage, run, how):
    with service(**how) as stow:
        assert run("push", stage, "--pacs", stow.address).code == 0
        done = run("verify", stage, "--pacs", stow.address)
        assert done.code == 0, done.err
        assert run("push", stage, "--pacs", stow.address).code == 0
        assert kinds(stage).count("sent") == len(uids(stage))


@pytest.mark.parametrize("what, words", [
    ("altered", "Pixel Data"), ("lost", "listed, but not returned"), ("other", "SOP Instance UID"),
])
def test_verify_finds_what_is_fetched_and_is_not_the_same(service, stage, run, what, words):
    bad, another = uids(stage)[11], uids(stage)[12]
    with service() as stow:
        assert run("push", stage, "--pacs", stow.address).code == 0
        setattr(stow.behaviour, what, {bad: another} if what == "other" else {bad})
        done = run("verify", stage, "--pacs", stow.address)
        assert done.code == 65 and bad in done.err and words in done.err, done.err
        assert f"{len(uids(stage)) - 1} of {len(uids(stage))} instances" in done.err


def test_an_answer_that_is_cut_off_is_asked_for_again(service, stage, run):
    with service() as stow:
        assert run("push", stage, "--pacs", stow.address).code == 0
        stow.behaviour.cut_off = 2
        assert run("verify", stage, "--pacs", stow.address).code == 0
        stow.behaviour.cut_off = 1000
        done = run("verify", stage, "--pacs", stow.address)
        assert done.code == 75 and "broke off in the middle" in done.err, done.err


def test_nobody_there_and_no_address(stage, run):
    port = servers.free_port()
    done = run("push", stage, "--pacs", f"http://127.0.0.1:{port}/dicom-web")
    assert done.code == 69 and "no connection" in done.err and len(done.error_lines) == 1, done.err
    done = run("push", stage, "--pacs", "https://no-such-host.invalid/dicom-web")
    assert done.code == 69 and "not known" in done.err, done.err
    for address, words in (("http://pacs.example/dicom-web", "not encrypted"),
                           ("https://me:secret@pacs.example/", "user name or password")):
        done = run("push", stage, "--pacs", address)
        assert done.code == 78 and words in done.err and "secret" not in done.err, done.err


def test_retrieve_web_of_a_dimse_pacs(orthanc_web, brain, stage, run, tmp_path):
    """Sent and asked over DIMSE, fetched back over WADO-RS."""
    orthanc_web.store(brain.slices())
    config = tmp_path / "config.json"
    node = {"host": servers.HERE, "port": orthanc_web.port, "aeTitle": orthanc_web.title, "retrieve": "web",
            "url": orthanc_web.web}
    config.write_text(json.dumps({"pacs": {"main": node}}))
    assert run("push", stage, "--pacs", "main", "--config", config).code == 0
    done = run("verify", stage, "--pacs", "main", "--config", config)
    assert done.code == 0, done.err
    node["url"] = f"http://127.0.0.1:{servers.free_port()}/dicom-web"
    config.write_text(json.dumps({"pacs": {"main": node}}))
    assert run("verify", stage, "--pacs", "main", "--config", config).code == 69
    del node["url"]
    config.write_text(json.dumps({"pacs": {"main": node}}))
    done = run("verify", stage, "--pacs", "main", "--config", config)
    assert done.code == 78 and "retrieve" in done.err, done.err


def test_doctor_tries_search_store_and_retrieval(orthanc_web, brain, run):
    done = run("doctor", "--pacs", orthanc_web.web)
    assert done.code == 0, done.err + done.out
    assert all(word in done.out for word in ("QIDO-RS", "STOW-RS", "WADO-RS", "nothing to try it on"))
    orthanc_web.store(brain.slices()[:1])
    done = run("doctor", "--pacs", orthanc_web.web, "--json")
    assert done.code == 0, done.err
    steps = json.loads(done.out)["steps"]
    assert all(step["ok"] for step in steps) and len(steps) == 3, steps
    assert orthanc_web.rest("/statistics")["CountInstances"] == 1, "doctor stores nothing"


@pytest.mark.parametrize("how, code, words", [
    ({"token": "x"}, 69, "401"), ({"forbidden": True}, 69, "403"), ({"garbage": True}, 76, "text/html"),
    ({"status": 405}, 69, "STOW-RS"),
])
def test_doctor_says_what_is_wrong(service, run, how, code, words):
    with service(**how) as stow:
        done = run("doctor", "--pacs", stow.address)
        assert done.code == code and words in done.err and len(done.error_lines) == 1, done.err
        assert "FAILED" in done.out


def test_a_map_is_withdrawn_over_the_web(orthanc_web, brain, stage, run, play):
    orthanc_web.store(brain.slices())
    assert run("push", stage, "--pacs", orthanc_web.web).code == 0
    talk = play(reviewer.answers(brain), "retract", stage, "--pacs", orthanc_web.web)
    assert talk.code == 0, talk.text
    notes = [d for d in orthanc_web.find("SERIES", StudyInstanceUID=manifest(stage)["study"]["instanceUID"],
                                         SeriesInstanceUID="", Modality="") if d.Modality == "KO"]
    assert len(notes) == 1


def test_a_scan_is_found_and_fetched_over_the_web(orthanc_web, brain, run, tmp_path):
    slices = brain.slices()
    orthanc_web.store(slices)
    first = slices[0]
    done = run("find", "--pacs", orthanc_web.web, "--patient-id", first.PatientID, "--modality", "MR", "--json")
    assert done.code == 0, done.err
    assert [m["studyInstanceUID"] for m in json.loads(done.out)["matches"]] == [first.StudyInstanceUID]
    where = tmp_path / "scan"
    done = run("fetch", "--pacs", orthanc_web.web, "--patient-id", first.PatientID, "--modality", "MR", "-o", where)
    assert done.code == 0, done.err
    got = {d.SOPInstanceUID: d for d in map(pydicom.dcmread, where.rglob("*.dcm"))}
    assert sorted(got) == sorted(d.SOPInstanceUID for d in slices)
    assert all(got[d.SOPInstanceUID].PixelData == d.PixelData for d in slices)


def test_a_promise_that_the_web_does_not_give_is_not_taken_for_granted(service, stage, run, tmp_path):
    with service() as stow:
        config = tmp_path / "config.json"
        config.write_text(json.dumps({"pacs": {"web": {"url": stow.address, "commit": "required"}}}))
        assert run("push", stage, "--pacs", "web", "--config", config).code == 0
        done = run("verify", stage, "--pacs", "web", "--config", config)
        assert done.code == 69 and "commitment" in done.err, done.err
        assert run("verify", stage, "--pacs", stow.address.replace("/dicom-web", "/dicom-web/"), "--config",
                   config).code == 69


class Struck:
    """A push whose process gets a signal at a point of its talk with the service."""

    def __init__(self, binary, home, stage, stow, number, when, request):
        self.began, stow.behaviour.strike = [], self.strike
        self.number, self.when, self.request = number, when, request
        self.done, self.answered = False, threading.Event()
        self.process = subprocess.Popen(
            [binary, "push", stage, "--pacs", stow.address], env=reviewer.environment(home), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def strike(self, when, request):
        if when == "after" and self.done:
            self.answered.set()
        if (when, request) == (self.when, self.request) and not self.done:
            self.done = True
            os.kill(self.process.pid, self.number)
            # It has ended, or seen the signal, before anything is answered.
            end = time.monotonic() + 20
            while self.process.poll() is None and time.monotonic() < end:
                time.sleep(0.01)
            if when == "after":
                self.answered.set()

    def ended(self):
        """Its end, and that of the request that was under way at the service."""
        out, err = self.process.communicate(timeout=60)
        assert self.answered.wait(20)
        return self.process.returncode, err


@pytest.mark.parametrize("when, request_number", [("before", 0), ("after", 0), ("before", 1), ("after", 1)])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_broken_off_in_the_middle_and_run_again(number, when, request_number, binary, home, service, stage, run):
    with service() as stow:
        struck = Struck(binary, home, stage, stow, number, when, request_number)
        code, err = struck.ended()
        assert code == (-number if number == signal.SIGKILL else 75), err
        if number == signal.SIGINT:
            assert len([line for line in err.splitlines() if line.startswith("push2pacs: ")]) == 1, err
        stow.behaviour.strike = None
        stored = ours(stow, stage)
        before = len(stow.stores)
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == 0, done.err
        assert ours(stow, stage) == uids(stage)
        again = [uid for uids in stow.stores[before:] for uid in uids]
        assert not set(again) & set(stored), "what is held already is not sent again"
        assert run("verify", stage, "--pacs", stow.address).code == 0


@pytest.fixture
def trusting(certificates, binary, home):  # noqa: F811
    """Runs push2pacs on a machine whose trusted certificates are the hospital's authority alone."""
    store = "/etc/ssl/certs/ca-certificates.crt"
    inside = ["unshare", "--map-root-user", "--mount", "sh", "-c",
              f'mount --bind "$0" {store} && exec "$@"', certificates.certificate("hospital")]
    if subprocess.run([*inside, "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody have a view of the file system of their own")

    def run(*arguments):
        done = subprocess.run(
            [*inside, str(binary), *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env=reviewer.environment(home), timeout=120)
        return Finished(done.returncode, done.stdout, done.stderr)

    return run


def test_https_with_an_authority_of_the_hospitals_own(certificates, service, stage, run, trusting):  # noqa: F811
    own = (certificates.certificate("pacs"), certificates.key("pacs"))
    with service(certificate=own) as stow:
        # Nobody has told us of that authority.
        done = run("push", stage, "--pacs", stow.address)
        assert done.code == 69 and "not trusted" in done.err, done.err
        assert ours(stow, stage) == []
        done = run("push", stage, "--pacs", stow.address, URLSessionCertificateAuthorityInfoFile="INSECURE_SSL_NO_VERIFY")
        assert done.code == 78 and "certificates" in done.err
        done = trusting("push", stage, "--pacs", stow.address)
        assert done.code == 0, done.err
        assert ours(stow, stage) == uids(stage)
        assert trusting("verify", stage, "--pacs", stow.address).code == 0
        assert trusting("doctor", "--pacs", stow.address).code == 0


@pytest.mark.parametrize("name", ["elsewhere", "false-pacs"])
def test_a_certificate_of_somebody_else_gets_nothing(name, certificates, service, stage, trusting):  # noqa: F811
    """Of another host, or of an authority that nobody trusts."""
    with service(certificate=(certificates.certificate(name), certificates.key(name))) as stow:
        done = trusting("push", stage, "--pacs", stow.address)
        assert done.code == 69 and len(done.error_lines) == 1, done.err
        assert ours(stow, stage) == [] and stow.seen == []


def test_a_service_that_never_takes_the_connection(stage, run, tmp_path):
    """A queue that is full: the system drops what else comes, as a firewall does."""
    with socket.socket() as listener:
        listener.bind((servers.HERE, 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex((servers.HERE, port))
        config = tmp_path / "config.json"
        config.write_text(json.dumps({"pacs": {"web": {
            "url": f"http://{servers.HERE}:{port}/dicom-web", "timeouts": {"connect": 1}}}}))
        start = time.monotonic()
        done = run("push", stage, "--pacs", "web", "--config", config)
        assert done.code == 69 and "within 1 s" in done.err, done.err
        assert time.monotonic() - start < 15
        for filler in fillers:
            filler.close()
