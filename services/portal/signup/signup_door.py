"""`/join`: what to know before, the form, and the link in the letter. Nothing is done by looking; one button confirms.

The answer to a form says the same, whoever's the address is, and is as long and as quick: whether it is known is asked
by whoever sends the letter, later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.contract import PartyClass
from services.fact_table import Region
from services.notify.channels.email.mail_addresses import read_mail_address
from services.notify.letters.letter_request import LetterBox, LetterKind, LetterRequest
from services.portal.frame.asked import Asked
from services.portal.frame.door_pages import DoorPages
from services.portal.frame.form_fields import fields_of, one_of
from services.portal.frame.page_refused import PageRefused
from services.portal.signup.asked_interests import parted
from services.portal.signup.choice_form import KINDS, ChoiceForm, ChoiceProblem, read_choices
from services.portal.signup.chosen_words import chosen_words, marked_name
from services.portal.signup.cover_form import CoverForm, read_cover
from services.portal.signup.form_seal import SEAL_FIELD, FormSeal
from services.portal.signup.habit_form import HabitForm, read_habits, shown_habits
from services.portal.signup.sign_up_limits import SignUpLimits, one_mailbox
from services.portal.signup.towns import names_of_towns
from services.subscribers.address import InvalidAddress
from services.subscribers.signups import Signup, Signups, Ticket
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import Vault

log = structlog.get_logger(__name__)

EMAIL = "email"
_AS_IT_BEGINS = CoverForm()
_AT_ONCE = HabitForm()


@dataclass(frozen=True, slots=True)
class SignupDoor:
    pages: DoorPages
    vault: Vault
    signups: Signups
    letters: LetterBox
    seal: FormSeal
    limits: SignUpLimits

    async def before(self, request: Request) -> Response:
        """What to know before the choice of a channel."""
        return self.pages.page(self.pages.asked(request), "door/join")

    async def form(self, request: Request) -> Response:
        """One route for both, so that a 405 names all that is allowed."""
        asked = self.pages.asked(request)
        if request.method == "POST":
            return await self._sent(request, asked)
        return self._form(asked, ChoiceForm(language=asked.language))

    async def link(self, request: Request) -> Response:
        """`/join/{token}`: shows what was chosen, and on POST joins."""
        token = str(request.path_params["token"])
        ticket = self.signups.ticket(token)
        if ticket is None:
            raise PageRefused(HTTPStatus.NOT_FOUND, "door.join.refused.link")
        signup = await self.signups.get(ticket)
        if signup is None:
            return await self._used(request, ticket)
        asked = speaking(self.pages.asked(request), signup.choices.language)
        if request.method != "POST":
            return self._confirm(asked, signup, token)
        self.seal.check(await fields_of(request), "confirm", token)
        await self.vault.join(signup)
        await self.signups.drop(ticket)
        log.info("subscriber_joined")
        return self.pages.page(asked, "door/joined", state="joined")

    async def write(self, kind: LetterKind, target: str, language: str, token: str = "") -> None:
        """A letter to the address, if it is not one too many: then something of the same length is written."""
        digest = await self.vault.digest_of(EMAIL, one_mailbox(target))
        may = await self.limits.may_write_to(digest)
        await self.letters.ask_for(LetterRequest(kind if may else "none", target, language, token))

    async def _sent(self, request: Request, asked: Asked) -> Response:
        self.limits.check(request)
        fields = await fields_of(request)
        self.seal.check(fields, "join")
        read, typed = read_choices(fields, self.pages.languages), one_of(fields, EMAIL)
        cover, habits = read_cover(fields), read_habits(fields)
        problems = (*read.problems, *habits.problems, *cover.problems)
        try:
            target = read_mail_address(typed).text
        except InvalidAddress:
            target, problems = "", (ChoiceProblem(EMAIL, "address"), *problems)
        if problems or read.choices is None:
            return self._form(asked, read.form, typed, problems, cover.form, habits.form)
        choices = habits.onto(cover.onto(read.choices))
        signup = Signup(EMAIL, target, choices, tuple(read.form.names))
        token = await self.signups.put(signup, await self.vault.digest_of(EMAIL, target))
        await self.write("join", target, choices.language, token)
        words = chosen_words(choices, self.pages.words(asked), read.form.names)
        return self.pages.page(asked, "door/join_sent", chosen=words, choices=choices, notices=read.notices)

    def _form(
        self,
        asked: Asked,
        form: ChoiceForm,
        email: str = "",
        problems: tuple[ChoiceProblem, ...] = (),
        cover: CoverForm = _AS_IT_BEGINS,
        habits: HabitForm = _AT_ONCE,
    ) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
        values = {**shown_form(self.pages, asked, form, problems), "email": email, "cover": cover}
        values |= shown_habits(self.pages.words(asked).locale, habits)
        values["form_seal"] = self.seal.close("join")
        return self.pages.page(asked, "door/join_form", status, **values)

    def _confirm(self, asked: Asked, signup: Signup, token: str) -> Response:
        words = chosen_words(signup.choices, self.pages.words(asked), signup.names)
        seal = self.seal.close("confirm", token)
        return self.pages.page(asked, "door/confirm", chosen=words, choices=signup.choices, form_seal=seal)

    async def _used(self, request: Request, ticket: Ticket) -> Response:
        """Whoever has the link has the mailbox, and may know whether it is in use."""
        known = await self.vault.by_digest(ticket.digest)
        if known is None or not known.is_reached:
            raise PageRefused(HTTPStatus.GONE, "door.join.refused.over")
        return self.pages.page(speaking(self.pages.asked(request), known.language), "door/joined", state="already")


def shown_form(
    pages: DoorPages,
    asked: Asked,
    form: ChoiceForm,
    problems: tuple[ChoiceProblem, ...],
    known: Subscriber | None = None,
) -> dict[str, Any]:
    """What the fields of a choice are filled with."""
    found = parted(() if known is None else known.interests)
    return {
        "form": form,
        "problems": problems,
        "wrong": {problem.field for problem in problems},
        "kinds": [str(kind) for kind in KINDS],
        "regions": [region.value for region in Region],
        "region_name": lambda region: pages.words(asked).entry("regions", region) or region,
        "towns": names_of_towns(asked.language),
        "classes": [str(one) for one in PartyClass],
        "keys": {key: marked_name(mark, asked.language) for key, mark in found.marks.items()},
        "others": len(found.others),
        "seal_field": SEAL_FIELD,
    }


def speaking(asked: Asked, language: str) -> Asked:
    """In the reader's own language, unless the address names another."""
    return asked if asked.chosen or language not in asked.languages else replace(asked, language=language, chosen=True)


def signup_routes(door: SignupDoor) -> list[BaseRoute]:
    both = ["GET", "HEAD", "POST"]
    return [
        Route("/join", door.before, methods=["GET", "HEAD"]),
        Route("/join/email", door.form, methods=both),
        Route("/join/{token}", door.link, methods=both),
    ]
