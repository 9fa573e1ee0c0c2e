"""The primary is killed, frozen and cut off while eight write and sixteen read."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.measure import Result, at_most
from tests.chaos.replica_set import Member, ReplicaSet
from tests.chaos.service import manage, server, unreachable_bytes
from tests.chaos.witness import Witness

WRITERS, READERS = 8, 16
KILLS = 10
CALM_SECONDS = 3
BACK_SECONDS = 15


def results(directory: Path) -> Iterator[Result]:
    with ReplicaSet(directory) as replicas, server(replicas.uri, WEB_THREADS="16") as running:
        with Witness(running, WRITERS, READERS) as witness:
            for name, times, strike, mend in (
                ("killed", KILLS, _kill, Member.start),
                ("frozen", 1, _freeze, _thaw),
                ("cut off", 1, _cut, _join),
            ):
                back = [_strike(replicas, witness, strike, mend) for _ in range(times)]
                what = f"seconds from the election to service, the primary {name}"
                yield at_most(f"{what} {times} ×" if times > 1 else what, max(back), BACK_SECONDS)
        print(f"answers: {dict(witness.counts)}", file=sys.stderr)
        witness.check_all()
        yield from verdict(witness, replicas.uri)


def verdict(witness: Witness, uri: str) -> Iterator[Result]:
    """What holds after a storm, whatever it was."""
    for violation in witness.violations[:20]:
        print(violation, file=sys.stderr)
    count = len(witness.acknowledged)
    what = f"answers that were neither right nor a clean 503, {count} uploads acknowledged"
    yield at_most(what, len(witness.violations), 0)
    # The writers have come to their end; what they left is not waited for.
    manage("doctor", "--fix", "--idle")
    manage("doctor")
    witness.violations.clear()
    witness.check_all()
    yield at_most("acknowledged uploads lost or changed", len(witness.violations), 0)
    yield at_most("unreachable bytes after doctor --fix", unreachable_bytes(uri), 0)


def _strike(
    replicas: ReplicaSet,
    witness: Witness,
    strike: Callable[[Member], None],
    mend: Callable[[Member], None],
) -> float:
    """Take the primary away and bring it back; the seconds from the election to service."""
    replicas.wait_until_whole()
    time.sleep(CALM_SECONDS)
    victim, struck = replicas.wait_for_primary(), time.monotonic()
    strike(victim)
    replicas.wait_for_primary(other_than=victim)
    elected = time.monotonic()
    back = witness.seconds_until_back(struck, elected, most=4 * BACK_SECONDS)
    print(f"elected {elected - struck:.1f} s, back {back:.1f} s later", file=sys.stderr)
    mend(victim)
    return back


def _kill(member: Member) -> None:
    member.process.kill()
    member.process.wait()


def _freeze(member: Member) -> None:
    member.process.send_signal(signal.SIGSTOP)


def _thaw(member: Member) -> None:
    member.process.send_signal(signal.SIGCONT)


def _cut(member: Member) -> None:
    member.door.send_signal(signal.SIGSTOP)


def _join(member: Member) -> None:
    member.door.send_signal(signal.SIGCONT)
