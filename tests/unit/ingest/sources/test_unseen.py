"""What stands in the HTML and no reader sees is not read; what only looks like it is."""

from __future__ import annotations

import pytest

from services.ingest.sources.html_text import open_html, open_source, text_of_fragment

FALSE = "77 people were pardoned"


def read(html: str) -> list[str]:
    return [paragraph.strip() for paragraph in text_of_fragment(html).split("\n\n") if paragraph.strip()]


STYLES = [
    "display:none",
    "DISPLAY : NONE ! important",
    "display:/* seen? */none",
    "d\\69 splay:none",
    "&#100;isplay&colon;none",
    "color:red;;display:none;",
    "background:url(a;b.png);display:none",
    "display:block;display:none",
    "visibility:hidden",
    "visibility:collapse",
    "opacity:0",
    "opacity:0.01",
    "opacity: .0",
    "opacity:0%",
    "filter:opacity(0)",
    "content-visibility:hidden",
    "font-size:0",
    "font-size:0px",
    "font:0/0 a",
    "font-size:1px",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "color:#0000",
    "-webkit-text-fill-color:transparent",
    "color:#fff",
    "color:white;background:#FFFFFF",
    "color:rgb(250,250,250)",
    "color:hsl(0,0%,99%)",
    "background-color:black;color:#010101",
    "position:absolute;left:-9999px",
    "position:fixed; top:-200em",
    "position:absolute;left:-100vw",
    "margin-left:-9999px",
    "text-indent:-9999px",
    "transform:translateX(-9999px)",
    "transform:scale(0)",
    "position:absolute;clip:rect(0,0,0,0)",
    "position:absolute;clip:rect(1px 1px 1px 1px)",
    "clip-path:inset(50%)",
    "height:0;overflow:hidden",
    "max-height:0px;overflow:hidden",
    "width:1px;height:1px;overflow:hidden",
    "text-decoration:line-through",
    "text-decoration: underline line-through red",
    "text-decoration-line:line-through",
    "unicode-bidi:bidi-override;direction:rtl",
    "translate:-9999px",
    "translate:0 -500em",
    "zoom:0",
    "transform:rotateY(90deg)",
    "rotate:x 90deg",
    "-webkit-text-decoration:line-through",
    "block-size:0;overflow:clip",
    "line-height:0;overflow:hidden",
    "opacity:calc(0)",
]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("element", ["p", "span", "section", "h2"])
def test_a_style_that_hides_or_strikes_out_takes_the_words_with_it(style: str, element: str) -> None:
    assert read(f"<p>Seen.</p><{element} style='{style}'>{FALSE} <b>today</b></{element}>") == ["Seen."]


@pytest.mark.parametrize(
    "style",
    [
        "color:#333",
        "color:white;background:#000",
        "color:#fff;background:url(night.jpg)",
        "color:#fff;background:linear-gradient(red,blue)",
        "color:var(--ink)",
        "display:block",
        "display:none-such;opacity:1",
        "display:none;display:block",
        "opacity:0.8",
        "font-size:12px",
        "font-size:0.9em",
        "position:relative;left:-10px",
        "margin-left:-20px",
        "text-indent:2em",
        "height:0",
        "max-height:400px;overflow:hidden",
        "visibility:visible",
        "content:'display:none'",
        "--x:display:none",
        "text-decoration:underline",
        "transform:translate(-50%,-50%)",
        "clip-path:inset(0)",
        "background:linear-gradient(red,blue);-webkit-background-clip:text;-webkit-text-fill-color:transparent",
    ],
)
def test_a_style_that_hides_nothing_costs_no_word(style: str) -> None:
    assert read(f'<p style="{style}">Seen.</p>') == ["Seen."]


def test_what_is_shown_again_within_what_is_hidden_is_seen_where_css_says_so() -> None:
    assert read("<ul style='font-size:0'>no<li style='font-size:16px'>Seen.</li></ul>") == ["Seen."]
    assert read("<div style='visibility:hidden'>no<p style='visibility:visible'>Seen.</p></div>") == ["Seen."]
    assert read("<div style='background:#000'><p style='color:#fff'>Seen.</p></div>") == ["Seen."]
    assert read("<table bgcolor=black><td><font color=white>Seen.</font></table>") == ["Seen."]
    assert read("<div style='display:none'>no<p style='display:block'>no</p></div><p>Seen.</p>") == ["Seen."]
    assert read("<div style='font-size:0'>no<p style='font-size:2em'>no</p></div><p>Seen.</p>") == ["Seen."]


def test_white_letters_are_seen_where_a_stylesheet_that_nobody_gave_us_may_have_laid_a_ground() -> None:
    page = "<link rel=stylesheet href=/a.css><p style='color:#fff'>Seen.</p>"
    assert read(page) == ["Seen."]


@pytest.mark.parametrize(
    "unseen",
    [
        f"<p hidden>{FALSE}</p>",
        f"<p HIDDEN=until-found>{FALSE}</p>",
        f"<p aria-hidden=TRUE>{FALSE}</p>",
        f"<div inert><p>{FALSE}</p></div>",
        f"<ruby><rp>(</rp><rt>{FALSE}</rt></ruby>",
        f"<div popover>{FALSE}</div>",
        f"<dialog>{FALSE}</dialog>",
        f"<del>{FALSE}</del>",
        f"<s>{FALSE}</s>",
        f"<strike><b>{FALSE}</b></strike>",
        f"<bdo dir=rtl>{FALSE}</bdo>",
        f"<!-- {FALSE} -->",
        f"<!--[if IE]><p>{FALSE}</p><![endif]-->",
        f"<template><p>{FALSE}</p></template>",
        f"<noscript>{FALSE}</noscript>",
        f"<noframes>{FALSE}</noframes>",
        f"<iframe>{FALSE}</iframe>",
        f"<object><p>{FALSE}</p></object>",
        f"<video><p>{FALSE}</p></video>",
        f"<audio>{FALSE}</audio>",
        f"<canvas>{FALSE}</canvas>",
        f"<svg><title>{FALSE}</title><desc>{FALSE}</desc></svg>",
        f"<img alt='{FALSE}' title='{FALSE}'>",
        f"<input type=hidden value='{FALSE}'>",
        f"<textarea>{FALSE}</textarea>",
        f"<select><option>{FALSE}</select>",
        f"<datalist><option>{FALSE}</option></datalist>",
        f"<button>{FALSE}</button>",
        f"<progress>{FALSE}</progress>",
        f"<map name=x>{FALSE}</map>",
        f"<script>document.write('{FALSE}')</script>",
        f"<style>p::after {{content: '{FALSE}'}}</style>",
        *(
            f"<p class='lead {name}'>{FALSE}</p>"
            for name in (
                "hidden", "is-hidden", "d-none", "sr-only", "screen-reader-text", "visually-hidden", "ng-hide",
                "line-through",
            )
        ),
    ],
)  # fmt: skip
def test_what_html_itself_keeps_from_the_eye_is_not_read(unseen: str) -> None:
    assert read(f"<p>Seen.</p>{unseen}") == ["Seen."]


@pytest.mark.parametrize(
    "seen",
    [
        "<p aria-hidden=false>Seen.</p>",
        "<dialog open>Seen.</dialog>",
        "<ins>Seen.</ins>",
        "<details><summary>Seen.</summary></details>",
        "<blockquote>Seen.</blockquote>",
        "<figure><figcaption>Seen.</figcaption></figure>",
        "<p class='hidden-gems not-hidden hiddenness'>Seen.</p>",
        "<p class='d-none d-md-block'>Seen.</p>",
        "<p class='hidden lg:block'>Seen.</p>",
        "<![if !IE]><p>Seen.</p><![endif]>",
    ],
)
def test_what_a_reader_sees_or_opens_is_read(seen: str) -> None:
    assert read(seen) == ["Seen."]


@pytest.mark.parametrize("root", ["html", "body", "main"])
@pytest.mark.parametrize("how", ["hidden", "style='opacity:0'", "style='display:none'", "class=hidden"])
def test_a_page_that_waits_for_a_script_to_show_it_is_read(root: str, how: str) -> None:
    tags = {name: f"<{name} {how if name == root else ''}>" for name in ("html", "body", "main")}
    tree = open_html(f"{tags['html']}{tags['body']}{tags['main']}<p>Seen.</p>")
    assert tree.body is not None
    assert "Seen." in tree.body.text()


RULES = [
    ".draft{display:none}",
    ".DRAFT-no{x:y} p.draft {display : none !important}",
    "#d{opacity:0}",
    "p.draft#d[data-x]{visibility:hidden}",
    "p[data-x=y]{display:none}",
    "[data-x^='y']{display:none}",
    "h1,.other,.draft{display:none}",
    ".box .draft{display:none}",
    ".box > .draft{display:none}",
    "body .box>p{text-decoration:line-through}",
    ":root .draft{display:none}",
    "@media screen{.draft{display:none}}",
    "@media only screen and (min-width:1px){.draft{display:none}}",
    "@media (max-width:9999px){.draft{display:none}}",
    "@supports (display:grid){.draft{display:none}}",
    "@layer a{.draft{display:none}}",
    ".box{color:red;.draft{display:none}}",
    ".box{& .draft{display:none}}",
    "/* } */.draft{/* } */display:none}",
    ".dr\\61 ft{display:none}",
    "a{content:'}'} .draft{position:absolute;left:-99999px}",
    ".draft{color:#fff}",
    ".draft{display:none",
    "p:hover{display:block}.draft{display:none}",
    ".draft{display:block}.box .draft{display:none}",
    ".draft{display:none!important}.box .draft{display:block}",
]


@pytest.mark.parametrize("rule", RULES)
def test_a_style_of_the_page_that_hides_takes_the_words_with_it(rule: str) -> None:
    page = f"<style>{rule}</style><div class=box><p>Seen.</p>".replace("body .box>p", "body .box>p.draft")
    assert read(f"{page}<p class=draft id=d data-x=y>{FALSE}</p></div>") == ["Seen."]


@pytest.mark.parametrize(
    "rule",
    [
        "@media print{.text{display:none}}",
        "@media (max-width:600px){.text{display:none}}",
        "@media (min-width:1000px){.text{display:none}}",
        "@media (prefers-color-scheme:dark){.text{color:#fff}}",
        "@supports not (display:grid){.text{display:none}}",
        "@keyframes in{from{opacity:0}to{opacity:1}}",
        "@font-face{display:none}",
        ".text:empty{display:none}",
        ".text::before{display:none}",
        ".js .text{display:none}",
        ".other > .text{display:none}",
        ".text.draft{display:none}",
        "section .text{display:none}",
        ".text{display:none}.text{display:block}",
        "#t{display:block}.text{display:none}",
        ".text{display:none}.text{display:block!important}",
        ".text{display}{:}none}}}{",
        "<!-- .text{display:none} -->",
        "/* .text{display:none}",
        "body{visibility:hidden}html{opacity:0}",
    ],
)
def test_a_style_of_the_page_that_does_not_hide_it_costs_no_word(rule: str) -> None:
    assert read(f"<style>{rule}</style><div class=box><p class=text id=t>Seen.</p></div>") == ["Seen."]


def test_styles_for_printers_and_for_those_without_scripts_hide_nothing() -> None:
    assert read("<style media=print>p{display:none}</style><p>Seen.</p>") == ["Seen."]
    assert read("<noscript><style>p{display:none}</style></noscript><p>Seen.</p>") == ["Seen."]


def test_what_an_element_says_of_itself_wins_over_the_page_save_what_is_important() -> None:
    assert read("<style>p{display:none}</style><p style='display:block'>Seen.</p>") == ["Seen."]
    assert read("<style>p{display:none!important}</style><p style='display:block'>No.</p>") == []


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("pardoned <del>16</del><ins>18</ins> people", "pardoned 18 people"),
        ("pardoned <s>16</s>18 people", "pardoned 18 people"),
        ("pardoned 18<s>16</s> people", "pardoned 18 people"),
        ("said<s>, perhaps, </s>people", "said people"),
        ("said<s> so</s>, people", "said, people"),
        ("18<span hidden>x</span>people", "18 people"),
        ("18 <s>a</s> <s>b</s> people", "18 people"),
    ],
)
def test_what_is_taken_out_glues_no_words_together(html: str, words: str) -> None:
    assert [" ".join(line.split()) for line in read(f"<p>{html}</p>")] == [words]


def test_a_listing_gives_its_links_whether_they_are_shown_yet_or_not() -> None:
    assert open_source("<div hidden><a href=/1>x</a></div>").css_first("a") is not None
