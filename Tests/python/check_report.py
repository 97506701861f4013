#!/usr/bin/env python3
"""Recomputes the headline figures of a report from the telemetry file with h5py alone, and compares.

usage: check_report.py EVTWIN RUN...

RUN is the output directory of a whole run. The report's figures come from `evtwin report --json`, and must also stand in
the page. Prints one line a run. Exit status 1 if a figure differs, 2 on wrong usage.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

import h5py
import numpy

RELATIVE = 2e-6  # series are float32


def text(values):
    return [value.decode() if isinstance(value, bytes) else value for value in values]


def union(intervals):
    covered, reached = 0.0, -numpy.inf
    for start, end in sorted(intervals):
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def availability(file, end, evses_of_station, site_of_station):
    """Mean over the EVSEs of the share of the run in which no outage with the effect `service` or `power` was open."""
    first = numpy.concatenate([[0], numpy.cumsum(evses_of_station)])
    down = [[] for _ in range(int(first[-1]))]
    outages = file["outages"]
    count = 0
    effect = outages["effect"]
    words = effect.attrs["flag_meanings"]
    words = (words.decode() if isinstance(words, bytes) else words).split()
    takes_out = {code for code, word in zip(effect.attrs["flag_values"], words) if word in ("service", "power")}
    columns = [outages[name][()] for name in ["start_time", "end_time", "site", "station", "evse", "effect"]]
    for start, stop, site, station, evse, code in zip(*columns):
        count += 1
        if code not in takes_out:
            continue
        if evse >= 0:
            affected = [evse]
        elif station >= 0:
            affected = range(first[station], first[station + 1])
        else:
            stations = numpy.flatnonzero(site_of_station == site)
            affected = [e for s in stations for e in range(first[s], first[s + 1])]
        stop = end if stop < start else min(stop, end)
        for one in affected:
            down[one].append((max(0, min(start, end)), stop))
    return float(numpy.mean([1 - union(intervals) / end for intervals in down])), count


def recompute(path):
    with h5py.File(path, "r") as file:
        meta, series, sessions = file["meta"].attrs, file["series"], file["sessions"]
        interval_s = int(meta["interval_s"])
        hours = interval_s / 3600
        values = {name: series[name][()].astype(float) for name in series if series[name].ndim == 2}
        samples = values["ev_power_w"].shape[0]
        end = samples * interval_s * 1e6
        evses_of_station = file["stations/evse_count"][()]
        evses = int(evses_of_station.sum())
        ev = numpy.nansum(values["ev_power_w"], axis=1)
        found = {
            "days": end / 86400e6,
            "sites": len(file["sites/id"]),
            "evses": evses,
            "delivered_kwh": numpy.nansum(values["delivered_w"]) * hours / 1e3,
            "grid_energy_kwh": ev.sum() * hours / 1e3,
            "standby_kwh": file["stations/standby_w"][()].sum() * samples * hours / 1e3,
            "peak_kw": ev.max() / 1e3,
            "peak_start_s": int(ev.argmax()) * interval_s,
            "site_peak_kw": numpy.nansum(values["site_power_w"], axis=1).max() / 1e3,
            "occupied_share": numpy.nansum(values["occupied"]) / samples / evses,
            "charging_share": numpy.nansum(values["charging"]) / samples / evses,
        }
        found["efficiency"] = found["delivered_kwh"] / found["grid_energy_kwh"]

        kept = sessions["unplug_time"][()] <= end
        column = {name: sessions[name][()][kept] for name in sessions if sessions[name].shape == kept.shape}
        queued = column["queued_s"].astype(float)
        waited = (column["plug_in_time"] - column["arrival_time"]) / 1e6
        started = column["start_s"].astype(float)
        found |= {
            "sessions": int(kept.sum()),
            "session_energy_kwh": column["energy_wh"].sum() / 1e3,
            "conversion_efficiency": column["energy_wh"].sum() / column["grid_energy_wh"].sum(),
            "queued_drivers": int((queued >= 1).sum()),
            "queued_share": (queued >= 1).mean(),
            "parking_mean_s": numpy.maximum(0, waited - queued).mean(),
            "start_mean_s": numpy.nanmean(started),
        }
        long = queued[queued >= 1]
        found["queue_mean_s"] = long.mean() if long.size else None
        found["queue_median_s"] = numpy.quantile(long, 0.5) if long.size else None
        found["queue_p95_s"] = numpy.quantile(long, 0.95) if long.size else None

        lost = file["lost_drivers"]
        gone = lost["time"][()] <= end
        found["lost_drivers"] = int((gone & (lost["drove_on"][()] == 0)).sum())
        found["drove_on"] = int((gone & (lost["drove_on"][()] != 0)).sum())
        demand = found["sessions"] + found["lost_drivers"]
        found["lost_share"] = found["lost_drivers"] / demand if demand else None
        found["availability"], found["outages"] = availability(
            file, end, evses_of_station, file["stations/site"][()])

        hot = values["hot_spot_c"]
        found["hot_spot_c"] = float(numpy.nanmax(hot)) if not numpy.isnan(hot).all() else None
        nameplate = file["sites/transformer_kva"][()] * 1e3 * file["sites/power_factor"][()]
        load = values["site_power_w"] / nameplate
        modelled = not numpy.isnan(load).all()
        found["transformer_peak_load"] = float(numpy.nanmax(load)) if modelled else None
        found["transformer_hours_over_nameplate"] = float((load > 1 + 1e-6).sum()) * hours

        ambient = file["climate/ambient_c"][()].astype(float)
        day = numpy.datetime64(meta["start"][:10])
        start = (day - day.astype("datetime64[Y]")).astype(int) * 24 + int(meta["start"][11:13])
        used = ambient[(start + numpy.arange(int(numpy.ceil(end / 3600e6)))) % len(ambient)]
        found |= {"ambient_min_c": used.min(), "ambient_mean_c": used.mean(), "ambient_max_c": used.max()}
        if "audit" in file and len(file["audit/site"]):
            found["transactions"] = int(file["audit/sessions_true"][()].sum())

        # What must hold whatever the report says.
        problems = []
        if (queued > waited + 1e-3).any():
            problems.append("time in the queue exceeds the time from arrival to plug-in")
        if not numpy.isclose(found["delivered_kwh"], float(meta["energy_kwh"]), rtol=1e-5):
            problems.append(f"delivered_w sums to {found['delivered_kwh']}, /meta says {meta['energy_kwh']} kWh")
        if (numpy.isnan(started) != (column["energy_wh"] == 0)).any() or (started < 0).any():
            problems.append("start_s is not there for exactly the sessions with energy")
        names = text(file["vehicles/name"][()])
        # -1 stands for a replayed session.
        if len(names) != sum(code >= 0 for code in sessions["vehicle"].attrs["flag_values"]):
            problems.append("/vehicles does not match the codes of sessions/vehicle")
        return found, problems


def compare(run, evtwin):
    found, problems = recompute(os.path.join(run, "telemetry.h5"))
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "report.html")
        output = subprocess.run(
            [evtwin, "report", "--json", run, "-o", page], check=True, capture_output=True, text=True).stdout
        with open(page, encoding="utf-8") as file:
            embedded = re.search(r'id="summary">(.*?)</script>', file.read()).group(1)
    told = json.loads(output)
    if json.loads(embedded) != told:
        problems.append("the page holds other figures than --json prints")
    if list(told) != sorted(told):
        problems.append("keys are not sorted")
    for key, value in found.items():
        if key not in told:
            problems.append(f"{key}: not in the report")
        elif value is None or told[key] is None:
            if value is not None or told[key] is not None:
                problems.append(f"{key}: {told[key]} in the report, {value} from the file")
        elif not numpy.isclose(told[key], float(value), rtol=RELATIVE, atol=1e-9):
            problems.append(f"{key}: {told[key]} in the report, {value} from the file")
    return found, problems


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    status = 0
    for run in arguments[1:]:
        found, problems = compare(run, arguments[0])
        for problem in problems:
            print(f"{run}: {problem}")
        if problems:
            status = 1
        else:
            print(f"{run}: {len(found)} figures agree")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
