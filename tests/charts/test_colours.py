"""The looks of statuses."""

import itertools
from dataclasses import replace

import pytest

from factdesk.charts.colours import THEMES, ink_on, looks
from factdesk.schema import VOCABULARY, Status


def own(*ratings):
    """A vocabulary of one's own, without looks: a first open status, then one for each rating."""
    first = Status("unrated", "unrated", "", "", "", settled=False)
    return first, *(Status(f"s{n}", f"s{n}", "", "", "", rating=rating) for n, rating in enumerate(ratings))


def lightness(colour):
    return sum(int(colour[at : at + 2], 16) * weight for at, weight in ((1, 0.3), (3, 0.59), (5, 0.11)))


def test_the_default_seven_keep_their_colours_and_signs():
    for theme, field in (("light", "colour"), ("dark", "dark")):
        found = looks(VOCABULARY, theme)
        assert {name: (one.colour, one.sign) for name, one in found.items()} == {
            status.name: (getattr(status, field).lower(), status.sign) for status in VOCABULARY
        }


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "ratings",
    [
        (5, 4, 3, 2, 1, 1),
        (5, 3, 1),
        (None,) * 15,
        (5, 5, 4, 4, 3, 3, 2, 1, 1),
        (5, None, 3, None, 1),
        (1, 1, 2, 3, 4, 5),
    ],
)
def test_no_two_of_up_to_sixteen_statuses_share_colour_and_sign(ratings, theme):
    found = looks(own(*ratings), theme)
    assert len({(one.colour, one.sign) for one in found.values()}) == len(found)


def test_six_ratings_are_a_scale_on_paper_and_from_green_to_red_in_colour():
    greys = [lightness(one.colour) for one in looks(own(5, 4, 3, 2, 1, 1), "print").values()]
    assert all(a > b for a, b in itertools.pairwise(greys))
    colours = [one.colour for one in looks(own(5, 4, 3, 2, 1, 1)).values()][1:]
    assert colours == list(THEMES["light"].ramp)


def test_a_vocabulary_that_begins_with_the_worst_gives_the_same_scale():
    down = [one.colour for one in looks(own(5, 4, 3, 2, 1, 1)).values()][1:]
    up = [one.colour for one in looks(own(1, 1, 2, 3, 4, 5)).values()][1:]
    assert down == up[::-1]


def of_best(best, *ratings):
    """A vocabulary of one's own on another scale than 1 to 5."""
    return tuple(replace(one, best_rating=best) for one in own(*ratings))


def test_a_scale_of_six_runs_over_the_whole_ramp():
    colours = [one.colour for one in looks(of_best(6, 6, 5, 4, 3, 2, 1)).values()][1:]
    assert colours == list(THEMES["light"].ramp)
    signs = [one.sign for one in looks(of_best(6, 6, 5, 4, 3, 2, 1)).values()]
    assert signs == ["○", "●", "◕", "◐", "◔", "⊖", "✕"]


@pytest.mark.parametrize("best", [2, 3, 4, 7, 10, 100])
@pytest.mark.parametrize("theme", THEMES)
def test_every_scale_begins_with_the_best_and_ends_with_the_worst(best, theme):
    found = list(looks(of_best(best, best, 1, 1), theme).values())[1:]
    assert [one.sign for one in found] == ["●", "✕", "⊖"]
    if ramp := THEMES[theme].ramp:
        assert [one.colour for one in found] == [ramp[0], *ramp[-2:]]


def test_a_rating_in_the_middle_is_never_drawn_as_the_worst():
    kept, half = list(looks(own(5, 3)).values())[1:]
    assert (kept.colour, half.colour) == (THEMES["light"].ramp[0], THEMES["light"].ramp[2])


def test_an_unrated_status_takes_no_colour_of_a_rating():
    unrated = {one.colour for one in looks(own(*(None,) * 15)).values()}
    assert unrated <= set(THEMES["light"].neutral)


def test_what_the_settings_give_wins():
    mine = replace(own(1)[1], colour="#0000FF", dark="#00FFFF", sign="ß")
    assert looks((*own(), mine))["s0"].colour == "#0000ff"
    assert looks((*own(), mine), "dark")["s0"].colour == "#00ffff"
    assert looks((*own(), mine))["s0"].sign == "ß" and looks((*own(), mine))["s0"].path


def test_a_sign_that_our_typeface_lacks_is_drawn_as_the_number_of_its_status():
    star = replace(own(1)[1], sign="★")
    assert looks((*own(), star))["s0"].path == looks(own(*(None,) * 16))["s0"].path


def test_a_longer_vocabulary_is_numbered():
    signs = [one.sign for one in looks(own(*(None,) * 19)).values()]
    assert signs == [str(number) for number in range(1, 21)]


@pytest.mark.parametrize("colour", ["#dcb33a", "#3d4248", "#85a4db", "#ffffff", "#767676"])
def test_ink_on_a_colour_has_the_greater_contrast(colour):
    from colorspacious import cspace_convert

    def contrast(a, b):
        lum = []
        for one in (a, b):
            rgb = cspace_convert([int(one[k : k + 2], 16) for k in (1, 3, 5)], "sRGB255", "sRGB1-linear")
            lum.append(rgb @ [0.2126, 0.7152, 0.0722] + 0.05)
        return max(lum) / min(lum)

    assert contrast(ink_on(colour), colour) >= 4.5
