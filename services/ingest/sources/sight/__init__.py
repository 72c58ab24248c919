"""What of a page a reader sees: what is hidden, struck out, or is no part of the article is taken out of its tree."""

from services.ingest.sources.sight.furniture import take_out_furniture
from services.ingest.sources.sight.stylesheets import StyledToStall
from services.ingest.sources.sight.unseen import GAP, NEVER_READ, take_out_unseen

__all__ = ["GAP", "NEVER_READ", "StyledToStall", "take_out_furniture", "take_out_unseen"]
