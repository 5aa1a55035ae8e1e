import pytest

from bough_components.local.definers import with_definer

OLD, OWNER = "env-main.db.web.abcdefgh@%", "env-main.db"
SHOWN = [
    (
        "CREATE DEFINER=`env-main.db.web.abcdefgh`@`%` TRIGGER t BEFORE INSERT ON a FOR EACH ROW"
        " SET NEW.x = 'CREATE DEFINER=`env-main.db.web.abcdefgh`@`%`'",
        "CREATE OR REPLACE DEFINER=`env-main.db`@`%` TRIGGER t BEFORE INSERT ON a FOR EACH ROW"
        " SET NEW.x = 'CREATE DEFINER=`env-main.db.web.abcdefgh`@`%`'",
    ),
    (
        "CREATE ALGORITHM=UNDEFINED DEFINER=`env-main.db.web.abcdefgh`@`%` SQL SECURITY DEFINER"
        " VIEW `v` AS select 1 AS `1`",
        "CREATE OR REPLACE ALGORITHM=UNDEFINED DEFINER=`env-main.db`@`%` SQL SECURITY DEFINER"
        " VIEW `v` AS select 1 AS `1`",
    ),
]


@pytest.mark.parametrize(("shown", "expected"), SHOWN)
def test_only_the_clause_changes(shown: str, expected: str) -> None:
    assert with_definer(shown, OLD, OWNER) == expected
