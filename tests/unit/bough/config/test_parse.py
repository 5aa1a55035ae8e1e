"""One row for each wrong bough.yaml, with the exact line that it gets."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bough.config import parse
from bough_components.errors import ConfigurationError

SERVICE = "application: notes\nservices: {{web: {{port: 80, {}}}}}"
BUILD = SERVICE.replace("{}", "build: {{{}}}")
NEED = "application: notes\nservices: {{web: {{needs: [db]}}}}\nneeds: {{db: {{{}}}}}"
TASK = NEED.replace("{}", "kind: postgres, migrations: {{{}}}")
GATE = (
    "application: notes\nservices: {{web: {{needs: [db, plain]}}}}\n"
    "needs: {{db: {{kind: postgres, migrations: {{service: web, command: [x]}}}}, "
    "plain: {{kind: postgres}}}}\ngates: {{g: {{{}}}}}"
)
STAGES = GATE.replace("gates: {{g: {{{}}}}}", "gates: {{g: {{kind: isolation}}}}\nstages: {{{}}}")
NOTICE = "application: notes\nservices: {{web: {{port: 80}}}}\nnotices: [{{{}}}]"
REST = "application: notes\nservices: {{web: {{port: 80}}}}\n{}"
WINDOW = REST.replace("{}", "stages: {{t: {{windows: [{{{}}}]}}}}")

NAME_16 = (
    "at most 16 of a-z, 0-9 and single '-', starting with a letter and not ending with '-', got"
)
NAME_31 = "at most 31 of a-z, 0-9 and '-', starting with a letter and not ending with '-'"
WORDS = 'should be a list of words such as ["python", "-m", "notes"]'
INSIDE = "should be a relative path that stays inside the repository, got"
MEMORY = "services.web.memory: should be memory such as 64M or 1G, at least 16M, got"
PORT = "services.web.port: should be a whole number from 1 to 65535, got"
REPLICAS = "services.web.replicas: should be a whole number from 1 to 10, got"
SECONDS = "should be a whole number of seconds from 1 to 3600, got"
DURATION = "environments.ttl: should be a duration such as 30m, 72h or 14d, got"
AT = "stages.t.windows[0]"
RULE = f"{AT}.rrule: should be a rule of RFC 5545 such as FREQ=WEEKLY;BYDAY=MO,TU"
START = f"{AT}.start: should be a time such as 08:00, or with the first day: 2026-11-23T08:00, got"
BERLIN = "Europe/Berlin"
WINDOWS = [
    ("8:00", "FREQ=DAILY", BERLIN, f'{START} "8:00"'),
    ("24:00", "FREQ=DAILY", BERLIN, f'{START} "24:00"'),
    ("2026-02-30T08:00", "FREQ=DAILY", BERLIN, f'{START} "2026-02-30T08:00"'),
    ("2026-11-23T08:00Z", "FREQ=DAILY", BERLIN, f'{START} "2026-11-23T08:00Z"'),
    (
        "08:00",
        "FREQ=DAILY",
        "Europe/Berlim",
        f"{AT}.timezone: should be a time zone such as Europe/Berlin or UTC; did you mean "
        '"Europe/Berlin"?, got "Europe/Berlim"',
    ),
    (
        "08:00",
        "FREQ=DAILY",
        "../etc/passwd",
        f'{AT}.timezone: should be a time zone such as Europe/Berlin or UTC, got "../etc/passwd"',
    ),
    ("08:00", "every day", BERLIN, f'{RULE}, got "every day"'),
    (
        "08:00",
        "FREQ=DAILY;FREQ=DAILY",
        BERLIN,
        f'{RULE}, with each part once, got "FREQ=DAILY;FREQ=DAILY"',
    ),
    (
        "08:00",
        "FREQ=HOURLY",
        BERLIN,
        f'{AT}.rrule: should have a FREQ of DAILY, WEEKLY, MONTHLY, YEARLY, got "FREQ=HOURLY"',
    ),
    (
        "08:00",
        "FREQ=DAILY;INTERVAL=0",
        BERLIN,
        f'{AT}.rrule: should have INTERVAL from 1 to 9999, got "FREQ=DAILY;INTERVAL=0"',
    ),
    ("08:00", "FREQ=WEEKLY;BYDAY=XX", BERLIN, f"{RULE} (invalid 'BYDAY': XX)"),
    ("08:00", "FREQ=DAILY;BYDAI=MO", BERLIN, f"{RULE} (unknown parameter 'BYDAI')"),
    (
        "08:00",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        BERLIN,
        f"{AT}.rrule: comes never, or not within 28 years; check its days",
    ),
    (
        "08:00",
        "FREQ=WEEKLY",
        BERLIN,
        f"{AT}.rrule: should say which days; add BYDAY, BYMONTHDAY, BYYEARDAY",
    ),
    (
        "08:00",
        "FREQ=WEEKLY;BYDAY=MO;INTERVAL=2",
        BERLIN,
        f"{AT}.start: should have the first day too, because rrule has INTERVAL",
    ),
]

ONE_PROBLEM = [
    ("services: {web: {}}", f"application: is missing; should be {NAME_31}"),
    ("application: Notes\nservices: {web: {}}", f'application: should be {NAME_31}, got "Notes"'),
    ("application: 12\nservices: {web: {}}", f"application: should be {NAME_31}, got 12"),
    ("application: n-\nservices: {web: {}}", f'application: should be {NAME_31}, got "n-"'),
    ("application: notes", "services: is missing"),
    ("application: notes\nservices:", "services: is missing"),
    ("application: notes\nservices: {}", "services: should not be empty"),
    ("application: notes\nservices: [web]", "services: should be a mapping of names, got a list"),
    (
        "application: notes\nservices: {web: }",
        "services.web: should be a mapping of keys, got nothing",
    ),
    ("application: notes\nservices: {Web: {}}", f'services.Web: name should be {NAME_16} "Web"'),
    ("application: notes\nservices: {a--b: {}}", f'services.a--b: name should be {NAME_16} "a--b"'),
    (REST.format("service: {}"), 'service: unknown key; did you mean "services"?'),
    (
        REST.format("x: 1"),
        "x: unknown key; known: application, services, needs, config, secrets, rollout, gates, "
        "stages, environments, notices, route",
    ),
    (SERVICE.format("replcas: 2"), 'services.web.replcas: unknown key; did you mean "replicas"?'),
    (SERVICE.format("replcas:"), 'services.web.replcas: unknown key; did you mean "replicas"?'),
    (SERVICE.replace("80", "http").format(""), f'{PORT} "http"'),
    (SERVICE.replace("80", "'80'").format(""), f'{PORT} "80"'),
    (SERVICE.replace("80", "0").format(""), f"{PORT} 0"),
    (SERVICE.replace("80", "65536").format(""), f"{PORT} 65536"),
    (SERVICE.replace("80", "80.0").format(""), f'{PORT} "80.0"'),
    (SERVICE.replace("80", "22:30").format(""), f'{PORT} "22:30"'),
    (SERVICE.replace("80", "true").format(""), f"{PORT} true"),
    (SERVICE.format("replicas: 0"), f"{REPLICAS} 0"),
    (SERVICE.format("replicas: 11"), f"{REPLICAS} 11"),
    (SERVICE.format("memory: 64"), f"{MEMORY} 64"),
    (SERVICE.format("memory: 15M"), f'{MEMORY} "15M"'),
    (SERVICE.format("memory: 64m"), f'{MEMORY} "64m"'),
    (SERVICE.format("memory: 1.5G"), f'{MEMORY} "1.5G"'),
    (SERVICE.format("start_timeout: 60s"), f'services.web.start_timeout: {SECONDS} "60s"'),
    (SERVICE.format("stop_timeout: 0"), f"services.web.stop_timeout: {SECONDS} 0"),
    (
        REST.format("rollout: {strategy: rolling}"),
        'rollout.strategy: should be all-at-once or one-by-one, got "rolling"',
    ),
    (REST.format("rollout: {drain_timeout: 0}"), f"rollout.drain_timeout: {SECONDS} 0"),
    (
        SERVICE.format("health: health"),
        'services.web.health: should be a URL\'s path that starts with "/", such as '
        '/health/ready, got "health"',
    ),
    (
        SERVICE.replace("port: 80, ", "").format("health: /"),
        "services.web.health: needs a port; give the service one, or remove this line",
    ),
    (SERVICE.format("command: python -m x"), f'services.web.command: {WORDS}, got "python -m x"'),
    (SERVICE.format("command: []"), f"services.web.command: {WORDS}, got an empty list"),
    (SERVICE.format("needs: db"), 'services.web.needs: should be a list, got "db"'),
    (SERVICE.format("needs: [db]"), 'services.web.needs[0]: there is no need "db"'),
    (
        NEED.replace("[db]", "[dbs]").format("kind: postgres"),
        'services.web.needs[0]: there is no need "dbs"; did you mean "db"?',
    ),
    (
        NEED.replace("[db]", "[db, db]").format("kind: postgres"),
        'services.web.needs[1]: "db" is already in the list',
    ),
    (BUILD.format("context: /src"), f'services.web.build.context: {INSIDE} "/src"'),
    (BUILD.format("context: ../a"), f'services.web.build.context: {INSIDE} "../a"'),
    (BUILD.format("dockerfile: a/../../b"), f'services.web.build.dockerfile: {INSIDE} "a/../../b"'),
    (BUILD.format("dockerfile: ''"), f'services.web.build.dockerfile: {INSIDE} ""'),
    (BUILD.format("args: {A: [x]}"), "services.web.build.args.A: should be text, got a list"),
    (
        BUILD.format("args: {a-b: x}"),
        "services.web.build.args.a-b: name should be the name of a build argument, "
        'such as BASE_IMAGE, got "a-b"',
    ),
    (
        BUILD.format("bases: {BASE: 'a b'}"),
        "services.web.build.bases.BASE: should be an image reference such as python:3.13-slim, "
        'got "a b"',
    ),
    (
        BUILD.format("args: {BASE: x}, bases: {BASE: y}"),
        "services.web.build.bases.BASE: is in args too; keep one",
    ),
    (
        NEED.format(""),
        "needs.db.kind: should be a known kind: postgres, mariadb or rabbitmq",
    ),
    (
        NOTICE.format("kind: mail, secret: a"),
        "notices[0].kind: should be a known kind: sentry, rollbar, slack or webhook",
    ),
    (
        NOTICE.format("kind: slack, secret: a, evnts: [deployed]"),
        'notices[0].evnts: unknown key; did you mean "events"?',
    ),
    (
        NOTICE.format("kind: sentry, secret: a, organization: a, projects: []"),
        "notices[0].projects: should name one at least, got an empty list",
    ),
    (
        NOTICE.format("kind: sentry, secret: a, organization: A B, projects: [b]"),
        'notices[0].organization: should be a slug as Sentry shows it, such as my-team, got "A B"',
    ),
    (
        NOTICE.format(
            "kind: sentry, secret: a, organization: a, projects: [b], events: [approval wanted]"
        ),
        'notices[0].events[0]: should be one of: deployed, rolled back, got "approval wanted"',
    ),
    (
        NOTICE.format("kind: rollbar, secret: a, events: [broke glass]"),
        "notices[0].events[0]: should be one of: deployed, rolled back, deployment failed, "
        'got "broke glass"',
    ),
    (
        NOTICE.format("kind: rollbar, secret: a, environment: a/b"),
        "notices[0].environment: should be an environment's name: at most 64 letters, digits, "
        "'_', '.', ':' or '-', got \"a/b\"",
    ),
    (
        REST.format("notices: [{kind: slack, secret: a}, {kind: slack, secret: a}]"),
        "notices[1]: is already in the list",
    ),
    (
        REST.format("stages: {live: {}}\nnotices: [{kind: slack, secret: a, stages: [life]}]"),
        'notices[0].stages[0]: there is no stage "life"; did you mean "live"?',
    ),
    (REST.format("notices: slack"), 'notices: should be a list, got "slack"'),
    (
        NEED.format("kind: mysql"),
        "needs.db.kind: should be a known kind: postgres, mariadb or rabbitmq",
    ),
    (
        NEED.format("kind: [postgres]"),
        "needs.db.kind: should be a known kind: postgres, mariadb or rabbitmq",
    ),
    (
        NEED.format("kind: rabbitmq, migrations: x"),
        "needs.db.migrations: unknown key; known: kind",
    ),
    (
        NEED.format("kind: postgres, seeds: x"),
        'needs.db.seeds: unknown key; did you mean "seed"?',
    ),
    (
        NEED.format("kind: mariadb, seeds: x"),
        'needs.db.seeds: unknown key; did you mean "seed"?',
    ),
    (NEED.format("kind: postgres, seed: x"), 'needs.db.seed: should be a mapping of keys, got "x"'),
    (
        "application: notes\nservices: {web: {needs: [db]}}\nneeds: {db: x}",
        "needs.db.kind: should be a known kind: postgres, mariadb or rabbitmq",
    ),
    (
        REST.format("needs: {vault: {kind: postgres}}"),
        "needs.vault: the name is reserved; choose another",
    ),
    (
        TASK.format("command: [x]"),
        f"needs.db.migrations.service: is missing; should be {NAME_16[:-5]}",
    ),
    (TASK.format("service: web"), f"needs.db.migrations.command: is missing; {WORDS}"),
    (
        TASK.format("service: wab, command: [x]"),
        'needs.db.migrations.service: there is no service "wab"; did you mean "web"?',
    ),
    (
        TASK.replace("[db]", "[]").format("service: web, command: [x]"),
        'needs.db.migrations.service: service "web" does not have this need; add it to its needs',
    ),
    (
        TASK.replace("migrations", "seed").format("service: x, command: [x]"),
        'needs.db.seed.service: there is no service "x"; known: web',
    ),
    (
        TASK.format("service: web, command: [x], paths: []"),
        "needs.db.migrations.paths: should not be empty",
    ),
    (
        TASK.format("service: web, command: [x], paths: [a, ../b]"),
        f'needs.db.migrations.paths[1]: {INSIDE} "../b"',
    ),
    (
        GATE.format("kind: lint"),
        "gates.g.kind: should be a known kind: checks, integration, isolation, migration or "
        "command",
    ),
    (
        GATE.format("kind: checks, service: wob, command: [x]"),
        'gates.g.service: there is no service "wob"; did you mean "web"?',
    ),
    (
        GATE.format("kind: checks, service: web, command: [x], coverage: 101"),
        "gates.g.coverage: should be a whole number of per cent from 1 to 100, got 101",
    ),
    (GATE.format("kind: integration, service: web"), f"gates.g.command: is missing; {WORDS}"),
    (GATE.format("kind: isolation, timeout: 0"), f"gates.g.timeout: {SECONDS} 0"),
    (
        GATE.format("kind: migration, need: dbs, command: [x]"),
        'gates.g.need: there is no need "dbs"; did you mean "db"?',
    ),
    (
        GATE.format("kind: migration, need: plain, command: [x]"),
        'gates.g.need: need "plain" has no migrations; add them, or choose another',
    ),
    (
        GATE.format("kind: command, command: [x], service: web"),
        "gates.g.service: unknown key; known: kind, command, verdict, timeout",
    ),
    (STAGES.format("Test: {}"), f'stages.Test: name should be {NAME_16} "Test"'),
    (STAGES.format("branch: {}"), "stages.branch: the name is reserved; choose another"),
    (STAGES.format("preview: {}"), "stages.preview: the name is reserved; choose another"),
    (STAGES.format("t: {from: []}"), "stages.t.from: should not be empty"),
    (
        STAGES.format("t: {form: [branch]}"),
        'stages.t.form: unknown key; did you mean "from"?',
    ),
    (STAGES.format("t: {from: branch}"), 'stages.t.from: should be a list, got "branch"'),
    (
        STAGES.format("test: {}, prod: {from: [tset]}"),
        'stages.prod.from[0]: there is no stage "tset"; did you mean "test"?',
    ),
    (
        STAGES.format("a: {}, b: {from: [a, a]}"),
        'stages.b.from[1]: "a" is already in the list',
    ),
    (
        STAGES.format("a: {from: [a]}"),
        "stages: a → a is a circle: no release gets in; change the `from` of one of them",
    ),
    (
        STAGES.format("a: {from: [c]}, b: {}, c: {}"),
        "stages: a → b → c → a is a circle: no release gets in; change the `from` of one of them",
    ),
    (
        STAGES.format("a: {}, b: {branches: [main]}"),
        "stages.b.branches: is only for `from: [branch]`; add it there, or remove this line",
    ),
    (
        STAGES.format("a: {branches: [a b]}"),
        "stages.a.branches[0]: should be a branch's name without refs/heads/ (it has a space), "
        'got "a b"',
    ),
    (STAGES.format("a: {require: both}"), 'stages.a.require: should be "any" or "all", got "both"'),
    (STAGES.format("a: {gates: [h]}"), 'stages.a.gates[0]: there is no gate "h"; known: g'),
    (STAGES.format("a: {gates: [g, g]}"), 'stages.a.gates[1]: "g" is already in the list'),
    (
        STAGES.format("a: {soak: 30}"),
        "stages.a.soak: should be a duration such as 30m, 72h or 14d, got 30",
    ),
    (
        STAGES.format("a: {approvals: -1}"),
        "stages.a.approvals: should be a whole number of people from 0 to 10, got -1",
    ),
    (
        STAGES.format("a: {approvals: 1, approvers: [ada]}"),
        'stages.a.approvers[0]: should be an e-mail address such as ada@example.org, got "ada"',
    ),
    (
        STAGES.format("a: {approvals: 2, approvers: [a@x.org]}"),
        "stages.a.approvers: names 1 of 2 who must approve; add people, or lower approvals",
    ),
    (
        STAGES.format("a: {approvals: 1, approvers: [a@x.org, A@x.org]}"),
        "stages.a.approvers: names somebody twice; keep one",
    ),
    (
        STAGES.format("a: {approvers: [a@x.org]}"),
        "stages.a.approvers: is of no use while approvals is 0; say how many must approve",
    ),
    (
        STAGES.format("a: {replicas: {wob: 2}}"),
        'stages.a.replicas.wob: there is no service "wob"; did you mean "web"?',
    ),
    (
        STAGES.format("a: {replicas: {web: 0}}"),
        "stages.a.replicas.web: should be a whole number from 1 to 10, got 0",
    ),
    (
        STAGES.format("a: {auto: maybe}"),
        'stages.a.auto: should be true or false, got "maybe"',
    ),
    *(
        (WINDOW.format(f"start: '{start}', rrule: '{rule}', duration: 1h, timezone: {zone}"), line)
        for start, rule, zone, line in WINDOWS
    ),
    (
        GATE.format("kind: command, command: [x], verdict: stdout"),
        'gates.g.verdict: should be "json" or "exit-status", got "stdout"',
    ),
    (
        REST.format("environments: {names: '('}"),
        "environments.names: should be a regular expression "
        '(missing ), unterminated subpattern at position 0), got "("',
    ),
    (
        REST.format("environments: {protected: [release/*]}"),
        "environments.protected[0]: should be a branch's name without refs/heads/ "
        r'(it has one of ~ ^ : ? * [ \), got "release/*"',
    ),
    (REST.format("environments: {ttl: 72}"), f"{DURATION} 72"),
    (REST.format("environments: {ttl: 3 days}"), f'{DURATION} "3 days"'),
    (REST.format("route: wob"), 'route: there is no service "wob"; did you mean "web"?'),
    (
        "application: notes\nservices: {web: {}, api: {port: 80}}\nroute: web",
        'route: service "web" has no port; give it one, or choose another',
    ),
    (
        "application: notes\nservices: {a: {port: 80}, b: {port: 80}}",
        "route: is missing; should be one of the services with a port: a, b",
    ),
    (
        "application: notes\nservices:\n  web: {}\n  web: {}",
        "services.web: is written twice, in lines 3 and 4",
    ),
]

NOT_EVEN_YAML = [
    ("a: b: c", "bough.yaml is not YAML: line 1, column 5: mapping values are not allowed here."),
    (
        "a: 1\nb: [",
        "bough.yaml is not YAML: line 2, column 5: "
        "expected the node content, but found '<stream end>'.",
    ),
    (
        "a:\n\tb: 1",
        "bough.yaml is not YAML: line 2, column 1: "
        r"found character '\t' that cannot start any token.",
    ),
    ("a: 1\nb: \x00", "bough.yaml is not YAML: line 2: special characters are not allowed."),
    ("a: *b", "bough.yaml is not YAML: line 1, column 4: found undefined alias 'b'."),
    ("? [a]\n: b", "bough.yaml is not YAML: line 1, column 3: found unhashable key."),
    (
        "a: !!bool x",
        "bough.yaml is not YAML: a value does not fit its tag: 'x'.",
    ),
    ("[" * 3000, "bough.yaml is not YAML: nested too deeply."),
    (
        "- a",
        "bough.yaml should have the keys application and services, got a list. "
        "`bough config docs` shows one with every key.",
    ),
    (
        "# nothing",
        "bough.yaml should have the keys application and services, got nothing. "
        "`bough config docs` shows one with every key.",
    ),
]


def refused(text: str) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        parse(text, "bough.yaml")
    return caught.value


@pytest.mark.parametrize(("text", "line"), ONE_PROBLEM)
def test_the_line_names_the_path_and_the_mend(text: str, line: str) -> None:
    error = refused(text)
    assert error.problems == (line,)
    assert str(error) == f"bough.yaml cannot be used:\n  {line}"


@pytest.mark.parametrize(("text", "message"), NOT_EVEN_YAML)
def test_text_that_is_no_mapping(text: str, message: str) -> None:
    assert str(refused(text)) == message


def test_all_problems_are_told_at_once() -> None:
    text = """
        application: notes
        services: {web: {port: http, prot: 80, needs: [cache], needs: [db]}, build: {contxt: .}}
        needs: {db: {kind: postgres, seed: {service: build, command: [x]}}}
    """
    assert refused(text).problems == (
        "services.web.needs: is written twice, in lines 3 and 3",
        f'{PORT} "http"',
        'services.web.prot: unknown key; did you mean "port"?',
        "services.build.contxt: unknown key; known: build, command, port, health, liveness, "
        "replicas, memory, needs, secrets, start_timeout, stop_timeout",
        'needs.db.seed.service: service "build" does not have this need; add it to its needs',
    )


def test_a_tree_of_aliases_is_read_once() -> None:
    bomb = "a0: &a0 [x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 40)
    )
    assert len(refused(bomb).problems) == 42


# fmt: off
KEYS = st.sampled_from([
    "application", "services", "web", "needs", "db", "kind", "port", "health", "build", "args",
    "migrations", "seed", "service", "command", "paths", "environments", "names", "protected",
    "ttl", "route", "gates", "timeout", "coverage", "need", "stages", "from",
    "windows", "start", "rrule", "duration", "timezone", "approvals", "approvers", "x",
])
# fmt: on
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=9), st.just("web"), st.floats()
)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)


@given(st.dictionaries(KEYS, TREES))
def test_any_data_is_read_or_refused_in_our_words(data: dict[str, object]) -> None:
    with suppress(ConfigurationError):
        parse(json.dumps(data), "bough.yaml")


@given(st.text(st.sampled_from("ab:- \n\t[]{}&*!|>#%@`'\"?,<~0\\\x00\x85")))
def test_any_text_is_read_or_refused_in_our_words(text: str) -> None:
    with pytest.raises(ConfigurationError):
        parse(text, "bough.yaml")
