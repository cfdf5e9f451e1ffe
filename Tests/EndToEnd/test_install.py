"""Scripts/install into a prefix of its own, and away again.

With the dynamic runtime, which uses the objects that are there; PUSH2PACS_TEST_STATIC=1 builds the file
that can be carried away, which takes as long as a whole build.
"""

import os
import pathlib
import re
import shutil
import subprocess
import time

import pytest

from course import ROOT
from reviewer import environment
from stow import Stow

FILES = {
    "bin/push2pacs", "share/man/man1/push2pacs.1", "share/bash-completion/completions/push2pacs",
    "share/zsh/site-functions/_push2pacs", "share/fish/vendor_completions.d/push2pacs.fish", "share/push2pacs/installed",
}
LINKING = [] if os.environ.get("PUSH2PACS_TEST_STATIC") else ["--dynamic"]


def install(*arguments):
    return subprocess.run(
        [str(ROOT / "Scripts" / "install"), *map(str, arguments)], capture_output=True, text=True, timeout=3000)


def files(prefix):
    return {str(p.relative_to(prefix)) for p in pathlib.Path(prefix).rglob("*") if not p.is_dir()}


# Of the system, all of them in Debian's libc6, libstdc++6, libgcc-s1, zlib1g; libcurl4 is loaded when it is called.
OF_THE_SYSTEM = {
    "libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libstdc++.so.6", "libgcc_s.so.1", "libz.so.1"}


def stands_alone(carried, tmp_path):
    """It names no library of Swift's, and a whole export and a web request go well where there is no Swift."""
    dynamic = subprocess.run(["readelf", "-d", carried], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[(.+?)\]", dynamic))
    assert needed <= OF_THE_SYSTEM, needed - OF_THE_SYSTEM
    # It looks for libraries beside itself and where the system has them, not where it was built.
    assert set(re.findall(r"\(R(?:UN)?PATH\).*\[(.+?)\]", dynamic)) <= {"$ORIGIN"}
    assert all(name in (ROOT / "README.md").read_text() for name in ("libstdc++6", "zlib1g", "libcurl4"))
    home = tmp_path / "home"
    home.mkdir()
    swift = pathlib.Path(shutil.which("swift")).resolve().parents[2]
    hidden = ["unshare", "--map-root-user", "--mount", "sh", "-c", f'mount -t tmpfs none "{swift}" && exec "$0" "$@"']
    if subprocess.run([*hidden, "true"], capture_output=True).returncode != 0:
        hidden = ["env"]

    def run(*arguments):
        return subprocess.run(
            [*hidden, str(carried), *map(str, arguments)], capture_output=True, text=True, env=environment(home), cwd="/",
            stdin=subprocess.DEVNULL, timeout=300)

    done = run("export", ROOT / "Fixtures" / "courses" / "brain-srs", "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "RT_18Gy_1Fx_04.23.2020" / "manifest.json").is_file()
    with Stow() as service:
        done = run("doctor", "--pacs", service.address)
        assert done.returncode == 0, done.stderr
    times, before = [], os.times()
    for _ in range(20):
        start = time.perf_counter()
        subprocess.run([carried, "--help"], capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    after = os.times()
    spent = (after.children_user + after.children_system - before.children_user - before.children_system) / 20
    print(f"--help of the file that is carried: {sorted(times)[10] * 1000:.1f} ms, of them {spent * 1000:.1f} ms of a core, "
          f"{carried.stat().st_size / 1e6:.0f} MB")
    loaded = subprocess.run([carried, "--help"], capture_output=True, text=True, env={"LD_DEBUG": "files"}).stderr
    assert "libz.so.1" in loaded and "libcurl" not in loaded


@pytest.fixture
def prefix(tmp_path):
    folder = tmp_path / "a prefix"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "other").write_text("somebody else's")
    return folder


def test_in_and_out_again(prefix, tmp_path):
    done = install("--prefix", prefix, *LINKING)
    assert done.returncode == 0, done.stderr
    assert "push2pacs setup" in done.stderr
    assert files(prefix) == FILES | {"bin/other"}
    # Away from where it was built, and with nothing around it.
    carried = tmp_path / "carried"
    carried.write_bytes((prefix / "bin" / "push2pacs").read_bytes())
    carried.chmod(0o755)
    version = subprocess.run([carried, "--version"], capture_output=True, text=True, env={}, cwd="/").stdout
    commit = re.fullmatch(r"push2pacs [0-9.]+ \(([0-9a-f]{40})(\+?)\)\n", version)
    assert commit, version
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--", "Package.swift", "Sources"], cwd=ROOT, capture_output=True, text=True).stdout
    assert commit.groups() == (head, "+" if changed else "")
    if not LINKING:
        stands_alone(carried, tmp_path)
    page = (prefix / "share/man/man1/push2pacs.1").read_text()
    assert page.splitlines()[1].startswith(".TH") and ".SH" in page and "setup" in page
    for shell, script in (("bash", "share/bash-completion/completions/push2pacs"),
                          ("zsh", "share/zsh/site-functions/_push2pacs"),
                          ("fish", "share/fish/vendor_completions.d/push2pacs.fish")):
        checked = subprocess.run([shell, "-n", prefix / script], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
    gone = install("--prefix", prefix, "--uninstall")
    assert gone.returncode == 0, gone.stderr
    assert files(prefix) == {"bin/other"} and not (prefix / "share").exists()
    again = install("--prefix", prefix, "--uninstall")
    assert again.returncode == 66 and "nothing is installed" in again.stderr


def test_curl_is_loaded_when_it_is_called(tmp_path):
    """Scripts/curl-at-need.c stands for all of libcurl that Foundation calls, and hands on to the real one."""
    swift = pathlib.Path(shutil.which("swift")).resolve().parents[1]
    loading = swift / "lib" / "swift_static" / "linux" / "lib_CFURLSessionInterface.a"
    if not loading.exists():
        # A wrapper stands before the toolchain.
        target = subprocess.run(["swift", "-print-target-info"], capture_output=True, text=True, check=True).stdout
        loading = pathlib.Path(re.search(r'"runtimeResourcePath": "(.+?)"', target)[1] + "_static/linux") / loading.name
    called = set(re.findall(r" U (curl_\w+)", subprocess.run(["nm", loading], capture_output=True, text=True).stdout))
    source = ROOT / "Scripts" / "curl-at-need.c"
    assert called and called <= set(re.findall(r"^HAND_ON\((\w+)\)", source.read_text(), re.M))
    program = tmp_path / "program.c"
    program.write_text(
        '#include <stdio.h>\nchar *curl_version(void); void *curl_easy_init(void); int curl_easy_setopt(void *, int, ...);\n'
        "int main(int count, char **words) { if (count < 2) return 0;\n"
        '  puts(curl_version()); return curl_easy_setopt(curl_easy_init(), 41 /* CURLOPT_VERBOSE */, 1L); }\n')
    subprocess.run(["cc", program, source, "-o", tmp_path / "program"], check=True)

    def loaded(*words):
        done = subprocess.run([tmp_path / "program", *words], capture_output=True, text=True, env={"LD_DEBUG": "files"})
        assert done.returncode == 0, done.stderr
        return done.stdout, "libcurl" in done.stderr

    assert loaded() == ("", False)
    version, isLoaded = loaded("now")
    assert version.startswith("libcurl/") and isLoaded


def test_a_list_that_names_files_elsewhere_takes_nothing_away(prefix, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("kept")
    (prefix / "share" / "push2pacs").mkdir(parents=True)
    (prefix / "share" / "push2pacs" / "installed").write_text(f"../precious\n{precious}\nbin/push2pacs\n")
    done = install("--prefix", prefix, "--uninstall")
    assert done.returncode == 0 and precious.read_text() == "kept"
    assert (prefix / "bin" / "other").exists()


@pytest.mark.parametrize("arguments", [["--prefx", "x"], ["--prefix"], ["somewhere"]])
def test_a_wrong_argument(arguments):
    done = install(*arguments)
    assert done.returncode == 64 and "usage" in done.stderr
