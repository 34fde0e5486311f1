"""What a server lets robots fetch: the examples of RFC 9309, and what a hostile one costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factdesk.articles.robots import NOTHING, allows

LONGEST = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n"


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        (LONGEST, "/example/page/disallowed.gif", False),
        (LONGEST, "/example/page/a.gif", True),
        (
            "User-agent: *\nDisallow: /\nAllow: /news",
            "/news/a",
            True,
        ),  # the first that matches would refuse it
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /\nUser-agent: FooBot/1.0\nDisallow: /b", "/a", True),
        ("User-agent: foobotnews\nDisallow: /", "/a", True),
        ("User-agent: foobot\nUser-agent: bar\nDisallow: /a", "/a", False),
        ("User-agent: foobot\nDisallow: /a\n\nUser-agent: foobot\nDisallow: /b", "/b", False),
        ("User-agent: foobot\nSitemap: x\nDisallow: /a # private", "/a", False),
        ("user-agent : foobot\nDISALLOW : /*.php$", "/x/a.php", False),
        ("user-agent: foobot\ndisallow: /*.php$", "/x/a.php?b", True),
        ("user-agent: foobot\ndisallow: /a$", "/ab", True),
        ("user-agent: foobot\ndisallow: /a*b*c", "/a-b-", True),
        ("user-agent: foobot\ndisallow: /é%7e", "/%C3%A9~", False),
        ("user-agent: foobot\ndisallow: /a%2fb", "/a/b", True),
        (NOTHING, "/robots.txt", True),
        (NOTHING, "/", False),
        ("", "/", True),
        ("Disallow: /", "/", True),
    ],
)
def test_the_longest_rule_of_the_robots_own_group_holds(rules, path, expected):
    assert allows(rules, "FooBot", path) is expected


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_rules_and_any_path_have_an_answer(rules, path):
    assert allows(f"user-agent: *\n{rules}", "foobot", f"/{path}") in (True, False)


def test_many_wildcards_cost_little():
    assert allows("user-agent: *\ndisallow: /" + "*a" * 100_000 + "b", "foobot", "/" + "a" * 20_000)
