"""Reading in a process of its own, with a deadline: a text that never ends costs its own reading and nothing else."""

from services.ingest.reading.stopped import ReadingStopped
from services.ingest.reading.worker import REPORT_OF, ReadingWorker

__all__ = ["REPORT_OF", "ReadingStopped", "ReadingWorker"]
