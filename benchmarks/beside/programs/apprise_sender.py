"""Apprise: one object with all receivers, told once an event. Each line that it is given is the text of one.

python apprise_sender.py RECEIVERS_FILE
"""

from __future__ import annotations

import sys
from pathlib import Path

import apprise
from apprise.plugins.email import NotifyEmail

NotifyEmail.request_rate_per_sec = 0  # as it comes, it waits 5.5 s between two letters
everybody = apprise.Apprise()
for url in Path(sys.argv[1]).read_text().split():
    if not everybody.add(url):
        raise SystemExit("a receiver was not understood")
print("ready", flush=True)
for line in sys.stdin:
    everybody.notify(title="alert", body=line)
    print("submitted", flush=True)
