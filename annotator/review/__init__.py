"""A results folder and what people say of it -> the review page on this machine."""

from annotator.review.app import create_app
from annotator.review.bench import Options
from annotator.review.desk import Desk
from annotator.review.server import serve

__all__ = ["Desk", "Options", "create_app", "serve"]
