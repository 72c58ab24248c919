"""How visibly somebody wants to be told, as a form shows and reads it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from services.portal.signup.choice_form import ChoiceProblem
from services.subscribers.habits import COVERS, Cover, code_word_of
from services.subscribers.signups import Choices
from services.subscribers.subscriber import Subscriber

_NO_FORM_OF_OURS: Final = ChoiceProblem("cover", "form")
_SHOWN: Final = 100
"""Signs of what was typed that are shown again; a word that is longer is refused."""


@dataclass(frozen=True, slots=True)
class CoverForm:
    """As it was typed, to be shown again; whoever prints it escapes it."""

    cover: str = "fold"
    code_word: str = field(default="", repr=False)
    silent: bool = False


_AS_IT_BEGINS: Final = CoverForm()


@dataclass(frozen=True, slots=True)
class ReadCover:
    form: CoverForm
    problems: tuple[ChoiceProblem, ...] = ()
    _cover: Cover = "fold"
    _word: str | None = field(default=None, repr=False)

    def onto(self, choices: Choices) -> Choices:
        """The choices with this in them."""
        return msgspec.structs.replace(choices, cover=self._cover, code_word=self._word, silent=self.form.silent)


def cover_form_of(subscriber: Subscriber) -> CoverForm:
    return CoverForm(subscriber.cover, subscriber.code_word or "", subscriber.silent)


def read_cover(fields: Mapping[str, tuple[str, ...]], known: CoverForm = _AS_IT_BEGINS) -> ReadCover:
    """`known`: what stays where a page does not ask for it. A word that was given stays known while it is not used."""
    if "cover" not in fields:
        return _read(known)
    if len(fields["cover"]) != 1 or not set(fields.get("silent", ())) <= {"yes"}:
        return ReadCover(known, (_NO_FORM_OF_OURS,))
    typed = " ".join(fields.get("code_word", ("",))[-1].split())
    return _read(CoverForm(fields["cover"][0], typed[:_SHOWN], "silent" in fields))


def _read(form: CoverForm) -> ReadCover:
    cover = next((one for one in COVERS if one == form.cover), None)
    if cover is None:
        return ReadCover(form, (_NO_FORM_OF_OURS,))
    if not form.code_word and cover == "fold":
        return ReadCover(form, (), cover)
    try:
        return ReadCover(form, (), cover, code_word_of(form.code_word))
    except ValueError:
        return ReadCover(form, (ChoiceProblem("code_word", "code_word"),))
