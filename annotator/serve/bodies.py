"""JSON -> the articles of a request; anything else is refused with a word."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Annotated, Any, Final, Self

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import from_json

from annotator.ingest.dates import iso_date
from annotator.serve.limits import CHARACTERS_BESIDE, MOST_ARTICLES

UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
"""What a database or UTF-8 cannot hold: NUL, half of a surrogate pair."""


def storable(text: str) -> str:
    """Refuse text that no database takes."""
    if UNSTORABLE.search(text):
        raise ValueError("holds a NUL character or half of a surrogate pair")
    return text


def dated(written: str) -> str:
    """Write a date as ISO 8601."""
    date = iso_date(written)
    if date is None:
        raise ValueError("is no full date; expected ISO 8601, such as 2024-05-21")
    return date


Storable = AfterValidator(storable)
Line = Annotated[str, StringConstraints(max_length=500), Storable]
Long = Annotated[str, StringConstraints(max_length=2_000), Storable]
Body = Annotated[str, StringConstraints(min_length=1), Storable]


class ArticleBody(BaseModel):
    """One article: its `text`, or the `html` of the page it stands on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"oneOf": [{"required": ["text"]}, {"required": ["html"]}]},
    )

    text: Annotated[
        Body | None,
        Field(
            description="Plain text of the body, taken as it is: offsets point into "
            "it. A line break ends a sentence, a blank line a paragraph."
        ),
    ] = None
    html: Annotated[
        Body | None,
        Field(
            description="A page. Its article is taken out of it, and what the page "
            "says of title, outlet, author and date where the request does not."
        ),
    ] = None
    id: Annotated[Line | None, Field(description="Your own; given back.")] = None
    title: Annotated[
        Long | None, Field(description="Labelled too, and context for the body.")
    ] = None
    outlet: Line | None = None
    author: Line | None = None
    published: Annotated[
        Line | None, AfterValidator(lambda date: date and dated(date))
    ] = None
    url: Long | None = None
    language: Annotated[
        Annotated[str, StringConstraints(pattern="^[a-z]{2}$")] | None,
        Field(description="ISO 639-1; told from the text unless given."),
    ] = None

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        """Refuse both, and neither."""
        if (self.text is None) == (self.html is None):
            raise ValueError("expected either `text` or `html`")
        return self

    @property
    def characters(self) -> int:
        """What is to be scored, as far as is known before a page is read."""
        return len(self.text or "") + len(self.title or "")

    @property
    def weight(self) -> int:
        """What it counts for in the queue, in characters."""
        return self.characters + len(self.html or "") + CHARACTERS_BESIDE

    @property
    def article_id(self) -> str:
        """The same for the same article, whenever it is sent."""
        return blake2b(self.model_dump_json().encode(), digest_size=8).hexdigest()


class Unfit(BaseModel):
    """An article of a batch that is none, and why."""

    detail: str


def article_or_unfit(value: Any) -> ArticleBody | Unfit:
    """Read one article of a batch; one that is malformed does not cost the others."""
    try:
        return ArticleBody.model_validate(value)
    except ValidationError as fault:
        return Unfit(detail=in_a_line(fault.errors(include_url=False)[0]))


BatchItem = Annotated[
    ArticleBody | Unfit,
    PlainValidator(article_or_unfit, json_schema_input_type=ArticleBody),
]


class BatchBody(BaseModel):
    """Articles, answered in their order."""

    model_config = ConfigDict(extra="forbid")

    articles: Annotated[list[BatchItem], Field(min_length=1, max_length=MOST_ARTICLES)]


_FIELDS: Final = {*ArticleBody.model_fields, *BatchBody.model_fields}


def in_a_line(fault: Any) -> str:
    """Say what is wrong with a request, without saying back what it held."""
    # A key is the sender's own text; the fields that can be at fault are ours.
    known = [part for part in fault["loc"] if isinstance(part, int) or part in _FIELDS]
    place = ".".join(str(part) for part in known) or "body"
    return f"{place}: {fault['msg']}"


class JsonRoute(APIRoute):
    """A route that reads JSON by a parser which bounds its nesting (200 levels)."""

    def get_route_handler(self) -> Any:
        """Give the handler, with a request that reads JSON so."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            return await handle(_Bounded(request.scope, request.receive))

        return handled


class _Bounded(Request):
    async def json(self) -> Any:
        try:
            return from_json(await self.body(), allow_inf_nan=False)
        except ValueError as fault:
            raise HTTPException(422, f"the body is no JSON: {fault}") from fault
