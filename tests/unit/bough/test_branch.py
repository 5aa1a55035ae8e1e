"""The name function is a promise; this file is where it is written down."""

import os
import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bough.branch import RESERVED, Branch, slug
from bough.gitref import why_refused
from bough_components.errors import UsageError

# Never change a line of this table: environments that exist are found by these names.
GOLDEN = [
    ("main", "main"),
    ("release-1-2", "release-1-2"),
    ("refs/heads/main", "main"),
    ("refs/heads/refs/heads/main", "refs-heads-main-41wpxwz"),
    ("feature/42-login", "feature-42-login-8plcp7t"),
    ("feat/a", "feat-a-9hry0wa"),
    ("feat-a", "feat-a"),
    ("feat_a", "feat-a-2krol1n"),
    ("feat.a", "feat-a-99butwr"),
    ("Feat-A", "feat-a-59yavs7"),
    ("Main", "main-07gyu66"),
    ("42-login", "b-42-login-8vnmviq"),
    ("a", "a"),
    ("A", "a-2cnlqf1"),
    ("1", "b-1-1x3mbm3"),
    ("_", "b-6vrabj2"),
    ("x--y", "x-y-2krurt5"),
    ("x-", "x-003kbr6"),
    ("x-1234567", "x-1234567-610c88z"),
    ("x-abcdefg", "x-abcdefg"),
    ("\xdcn\xefc\xf6d\xe9", "unicode-3ij0zpk"),
    ("cafe\u0301", "cafe-12zqjbi"),
    ("caf\xe9", "cafe-12zqjbi"),
    ("\ufb01x", "fix-77qs8f4"),
    ("stra\xdfe", "stra-e-5jxzbcw"),
    ("\u65e5\u672c", "b-483n8nm"),
    ("emoji-\U0001f680", "emoji-8nxjjn8"),
    ("\U0001ccd6", "b-6dv53uo"),  # a letter since Unicode 16: newer tables would read it as "A"
    ("\udcff", "b-91wvmq3"),  # how Python shows a byte that is not UTF-8
    ("internal", "b-internal-3e56zbj"),
    ("internal-api", "b-internal-api-5na1ddi"),
    ("Internal/api", "b-internal-api-6p6tow7"),
    ("internals", "internals"),
    ("platform", "platform-5rvfagl"),
    ("localhost", "localhost-6f5ws4j"),
    ("golden", "golden-8nntdul"),
    ("a" * 32, "a" * 32),
    ("a" * 33, "a" * 24 + "-4qs286i"),
    ("a" * 24 + "/b", "a" * 24 + "-0u5ohkq"),
    ("feature/" + "very-long-" * 24, "feature-very-long-very-l-7e93bwh"),
    ("dependabot/npm_and_yarn/lodash-4.17.21", "dependabot-npm-and-yarn-95xg89f"),
    ("@", "b-4j97xda"),
]

REFUSED = [
    ("", "'' is not a branch name: it is empty."),
    ("refs/heads/", "'' is not a branch name: it is empty."),
    ("a b", "'a b' is not a branch name: it has a space."),
    ("a..b", "'a..b' is not a branch name: it has \"..\"."),
    ("a\tb", r"'a\tb' is not a branch name: it has a control character."),
    ("a\x7f", r"'a\x7f' is not a branch name: it has a control character."),
    ("a~1", r"'a~1' is not a branch name: it has one of ~ ^ : ? * [ \."),
    ("a\\b", r"'a\\b' is not a branch name: it has one of ~ ^ : ? * [ \."),
    ("a@{1}", "'a@{1}' is not a branch name: it has \"@{\"."),
    ("-a", "'-a' is not a branch name: it starts with \"-\"."),
    ("/a", "'/a' is not a branch name: it has a \"/\" with nothing before or after it."),
    ("a//b", "'a//b' is not a branch name: it has a \"/\" with nothing before or after it."),
    ("a/", "'a/' is not a branch name: it has a \"/\" with nothing before or after it."),
    ("a/.b", "'a/.b' is not a branch name: it has a part that starts with \".\"."),
    ("a.", "'a.' is not a branch name: it ends with \".\"."),
    ("a.lock", "'a.lock' is not a branch name: it has a part that ends with \".lock\"."),
    ("a.lock/b", "'a.lock/b' is not a branch name: it has a part that ends with \".lock\"."),
    ("HEAD", "'HEAD' is not a branch name: HEAD is not a branch."),
]

ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=250)
BRANCHY = st.text(st.sampled_from("abAB01-_/.é日 @{~"), min_size=1, max_size=40)
NEAR_SLUGS = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,4}", fullmatch=True)
WORDS = st.sampled_from(sorted(RESERVED)).flatmap(
    lambda word: st.sampled_from(
        [word, word.upper(), f"{word}/x", f"{word}-x", f"refs/heads/{word}"]
    )
)
REFS = st.one_of(ANY_TEXT, BRANCHY, NEAR_SLUGS, WORDS).filter(
    lambda ref: why_refused(ref.removeprefix("refs/heads/")) is None
)


@pytest.mark.parametrize(("ref", "expected"), GOLDEN)
def test_names_are_stable_for_ever(ref: str, expected: str) -> None:
    assert slug(ref) == expected


@pytest.mark.parametrize(("ref", "message"), REFUSED)
def test_what_git_refuses_is_refused(ref: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        slug(ref)
    assert str(caught.value) == message


@given(REFS)
@settings(max_examples=500)
def test_every_targets_limit_is_kept(ref: str) -> None:
    name = slug(ref)
    assert len(name) <= 32
    assert re.fullmatch(r"[a-z]([a-z0-9-]*[a-z0-9])?", name)
    assert "--" not in name
    assert not name.startswith("internal-")
    assert name not in RESERVED


@given(REFS)
def test_the_ref_s_prefix_does_not_matter(ref: str) -> None:
    assume(not ref.startswith("refs/heads/"))
    assert slug(f"refs/heads/{ref}") == slug(ref)
    assert Branch.of(f"refs/heads/{ref}") == Branch(ref, slug(ref))


@given(REFS)
def test_a_name_that_was_hashed_never_comes_out_of_a_literal_one(ref: str) -> None:
    name = slug(ref)
    if name != ref.removeprefix("refs/heads/"):
        assert slug(name) != name
    else:
        assert slug(name) == name


@given(st.sets(REFS, min_size=2, max_size=200))
@settings(max_examples=60, deadline=None)
def test_generated_branches_do_not_collide(refs: set[str]) -> None:
    branches = {unicodedata.normalize("NFC", ref.removeprefix("refs/heads/")) for ref in refs}
    assert len({slug(ref) for ref in refs}) == len(branches)


def test_fifty_thousand_alike_branches_do_not_collide() -> None:
    parts = ("feat", "Feat", "FEAT", "feat.", "feat_")
    refs = {f"{part}{sep}{number}" for part in parts for sep in "/-._" for number in range(2500)}
    refs = {ref for ref in refs if why_refused(ref) is None}
    assert len(refs) > 45_000
    assert len({slug(ref) for ref in refs}) == len(refs)


def test_git_accepts_what_we_accept(tmp_path: Path) -> None:
    refs = _sample()
    assert {why_refused(ref) is None for ref in refs} == {True, False}
    for ref in refs:
        assert (why_refused(ref) is None) == _git_accepts(ref, tmp_path), ascii(ref)


def _sample() -> list[str]:
    odd = [*" ~^:?*[\\.@{/-é日a", "\x01", "\x7f", "..", "@{", "//", ".lock", "/.", "HEAD", "@"]
    return [
        ref for each in odd for ref in (each, f"{each}a", f"a{each}", f"a{each}b", f"a/{each}/b")
    ]


def _git_accepts(ref: str, folder: Path) -> bool:
    # Outside any repository, so that "@{-1}" and the like cannot be looked up.
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    command = ["git", "check-ref-format", "--branch", ref]
    return not subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=False
    ).returncode
