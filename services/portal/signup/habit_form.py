"""How often and when somebody wants to be told, as a form shows and reads it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from babel import Locale

from services.portal.signup.choice_form import ChoiceProblem
from services.portal.signup.zones import ZONES, zones_by_city
from services.subscribers.habits import FREQUENCIES, MINSK, Frequency, Quiet, quiet_of, quiet_text
from services.subscribers.interests import Interest
from services.subscribers.signups import Choices
from services.subscribers.subscriber import Subscriber

AS_IT_IS: Final = "mixed"
"""In place of a frequency, where somebody has several: each interest keeps its own."""
_SHOWN: Final = 5
"""Signs of a typed time that are shown again."""
_NO_FORM_OF_OURS: Final = ChoiceProblem("frequency", "form")


@dataclass(frozen=True, slots=True)
class HabitForm:
    """As it was typed, to be shown again; whoever prints it escapes it."""

    frequency: str = "at_once"
    quiet_from: str = ""
    quiet_until: str = ""
    zone: str = MINSK
    urgent: bool = False


_AS_IT_BEGINS: Final = HabitForm()


@dataclass(frozen=True, slots=True)
class ReadHabits:
    form: HabitForm
    problems: tuple[ChoiceProblem, ...] = ()
    _quiet: Quiet | None = None
    _before: tuple[Interest, ...] = ()

    def onto(self, choices: Choices) -> Choices:
        """The choices with this in them; one frequency for all that was asked for."""
        interests = tuple(_told(one, self._frequency_of(one)) for one in choices.interests)
        zone = None if self.form.zone == MINSK else self.form.zone
        return msgspec.structs.replace(
            choices, interests=interests, zone=zone, quiet=self._quiet, urgent=self.form.urgent
        )

    def _frequency_of(self, interest: Interest) -> Frequency:
        chosen = next((one for one in FREQUENCIES if one == self.form.frequency), None)
        if chosen is not None:
            return chosen
        had = {_told(one, "at_once"): one.frequency for one in self._before}
        return had.get(_told(interest, "at_once"), interest.frequency)


def habit_form_of(known: Subscriber | Choices) -> HabitForm:
    quiet = quiet_text(known.quiet).split("-") if known.quiet else ("", "")
    frequencies = {one.frequency for one in known.interests} or {"at_once"}
    frequency = AS_IT_IS if len(frequencies) > 1 else min(frequencies)
    return HabitForm(frequency, quiet[0], quiet[1], known.zone or MINSK, known.urgent)


def shown_habits(locale: Locale, form: HabitForm, known: HabitForm | None = None) -> dict[str, object]:
    """What the fields are filled with. `known`: what they have, where that is not what was typed."""
    had = known or form
    return {"habits": form, "mixed": had.frequency == AS_IT_IS, "zones": zones_by_city(locale, had.zone)}


def read_habits(
    fields: Mapping[str, tuple[str, ...]], known: HabitForm = _AS_IT_BEGINS, before: Sequence[Interest] = ()
) -> ReadHabits:
    """`known`, `before`: what they have, which stays where a page does not ask for it."""
    if "frequency" not in fields:
        return _read(known, before)
    if list(_foreign(fields, known)):
        return ReadHabits(known, (_NO_FORM_OF_OURS,))
    last = {name: fields.get(name, ("",))[-1].strip() for name in ("quiet_from", "quiet_until", "zone")}
    typed = HabitForm(
        fields["frequency"][0],
        last["quiet_from"][:_SHOWN],
        last["quiet_until"][:_SHOWN],
        last["zone"] or MINSK,
        "urgent" in fields,
    )
    return _read(typed, before)


def _foreign(fields: Mapping[str, tuple[str, ...]], known: HabitForm) -> Iterator[str]:
    """What nobody can have chosen on a page of ours."""
    frequencies = {*FREQUENCIES, *({AS_IT_IS} if known.frequency == AS_IT_IS else ())}
    possible = {"frequency": frequencies, "urgent": {"yes"}, "zone": {*ZONES, known.zone}}
    for name, values in possible.items():
        if len(fields.get(name, ())) > 1 or not set(fields.get(name, ())) <= values:
            yield name


def _read(form: HabitForm, before: Sequence[Interest]) -> ReadHabits:
    if not form.quiet_from and not form.quiet_until:
        return ReadHabits(form, (), None, tuple(before))
    try:
        return ReadHabits(form, (), quiet_of(f"{form.quiet_from}-{form.quiet_until}"), tuple(before))
    except ValueError:
        return ReadHabits(form, (ChoiceProblem("quiet_from", "quiet"),))


def _told(interest: Interest, frequency: Frequency) -> Interest:
    return msgspec.structs.replace(interest, frequency=frequency)
