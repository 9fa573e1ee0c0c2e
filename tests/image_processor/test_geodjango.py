import subprocess
import sys

from tests.server import ROOT

STARTED = """
import sys
import django
from django.conf import settings
settings.DATABASES  # reading the settings is not what is listened to
started = []
sys.addaudithook(lambda event, args: event == "subprocess.Popen" and started.append(args[1]))
django.setup()
print(started)
"""


def test_django_starts_without_running_other_programs_to_find_gdal():
    command = [sys.executable, "-c", STARTED]
    assert subprocess.check_output(command, cwd=ROOT, text=True) == "[]\n"
