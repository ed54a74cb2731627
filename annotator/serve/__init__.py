"""Articles over HTTP -> what is found in them, as JSON.

request ─ bodies ─ reading ─► room ─► line ─► scorer ─► answers ─ response
                              429             one thread owns the model
"""

from annotator.serve.app import create_app
from annotator.serve.limits import Limits
from annotator.serve.scorer import Model, Scorer
from annotator.serve.server import serve

__all__ = ["Limits", "Model", "Scorer", "create_app", "serve"]
