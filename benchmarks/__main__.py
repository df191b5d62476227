"""python -m benchmarks [NAME …] [--json FILE]: the groups of ``ALL``, or some of them."""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks import (
    dynamodb,
    execution,
    fan_out,
    functions,
    mutations,
    s3,
    scenarios,
    signatures,
    simulator,
    state,
    transformer,
)
from benchmarks.target import echo, emulator

#: What needs no running emulator.
ALONE = {
    "start-up": scenarios.start_up,
    "transformer": transformer.measure,
    "execution": execution.measure,
    "mutations": mutations.measure,
    "s3": s3.measure,
    "state": state.measure,
    "simulator": simulator.measure,
}
BESIDE = ("habits", "sign-ins", "votes", "fan-out", "dynamodb", "signatures", "functions")
ALL = (*ALONE, *BESIDE)


def main() -> None:
    """Run the named groups, or all."""
    arguments = sys.argv[1:]
    target_file = Path(arguments[arguments.index("--json") + 1]) if "--json" in arguments else None
    wanted = [name for name in ALL if name in arguments] or list(ALL)
    rows = [row for name in wanted if name in ALONE for row in ALONE[name]()]
    if not ALONE.keys() >= set(wanted):
        with emulator() as target, echo() as raw:
            names, token = scenarios.people(target)
            if "habits" in wanted:
                rows += asyncio.run(scenarios.habits(target, raw, token))
            if "sign-ins" in wanted:
                rows += asyncio.run(scenarios.sign_ins(target, raw, names))
            if "votes" in wanted:
                rows += asyncio.run(scenarios.votes(target, raw, token))
            if "fan-out" in wanted:
                rows += asyncio.run(fan_out.fan_out(target, raw))
            if "dynamodb" in wanted:
                rows += dynamodb.measure(target)
            if "signatures" in wanted:
                rows += asyncio.run(signatures.signatures(target, raw))
            if "functions" in wanted:
                rows += functions.measure(target)
            rows.append(scenarios.Row("memory after it all", target.memory(), "MB"))
    head = ("figure", "", "ratio", "p50 ms", "p99 ms", "CPU us", "ratio")
    print(f"{'':48} {head[0]:>12} {head[1]:4} " + " ".join(f"{each:>8}" for each in head[2:]) + "  aim")
    for row in rows:
        more = zip((row.ratio, row.p50, row.p99, row.worked, row.worked_ratio), (3, 2, 2, 0, 3), strict=True)
        shown = " ".join(f"{'' if value is None else f'{value:.{digits}f}':>8}" for value, digits in more)
        print(f"{row.name:48} {row.figure:12.1f} {row.unit:4} {shown}  {row.aim}")
    if target_file:
        target_file.write_text(json.dumps([asdict(row) for row in rows], indent=1))


main()
