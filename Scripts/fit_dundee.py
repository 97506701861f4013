#!/usr/bin/env python3
"""Fits the tables of worlds/dundee.yaml to the charging transactions of Dundee City Council.

usage: Scripts/fit_dundee.py uk_dundee_201709_201809.csv.gz uk_chargepoints.csv OUTPUT_DIRECTORY

Writes dundee_sites.csv, dundee_stations.csv and dundee_real_hourly.csv. Standard library only.

Method
- Only clean transactions count (empty flags): 62,372 of 67,112; of these the year 1 September 2017 to 31 August 2018.
- A site is a place and a class of charging stations: rapid (50 kW) or slow (7 and 22 kW), because drivers choose the
  class before they choose the outlet. Arrivals of its charge points are added up.
- Hourly shares are counts by local start hour, Monday to Friday and weekend; one count is spread evenly over the
  24 hours so that no hour is impossible. Month factors are the month's mean daily count over the year's, so that
  places which open or close within the year do so in the twin.
- Dispersion is the mean square deviation of daily counts from the mean of their month and kind of day, over the mean.
- Energy and stay are empirical quantiles of the site's transactions.
- A rapid charge point is a DC EVSE (CCS2 and CHAdeMO) and an AC outlet (Type 2, 43 kW, tethered). The data do not say
  which connector number is which; number 2 has 97 % of the rapid transactions and is taken as the DC one.
"""
import collections
import csv
import datetime
import gzip
import pathlib
import re
import sys

FIRST = datetime.date(2017, 9, 1)
DAYS = 365
MISSING = {datetime.date(2018, 3, 3), datetime.date(2018, 3, 4)}  # between two quarterly files
PROBABILITIES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]
RAPID_KW = 50
DC_CONNECTOR = "2"
DATES = [d for d in (FIRST + datetime.timedelta(n) for n in range(DAYS)) if d not in MISSING]


def quantile(ordered, p):
    """Hyndman-Fan 7."""
    at = p * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def slug(text):
    return re.sub("-+", "-", re.sub("[^a-z0-9]", "-", text.lower())).strip("-")


def place(site):
    return re.sub(", Dundee$|\\. Dundee$", "", site)


def short(number, digits=4):
    return f"{number:.{digits}f}".rstrip("0").rstrip(".") or "0"


def read(sessions_path, points_path):
    points = {p["cp_id"]: p for p in csv.DictReader(open(points_path, encoding="utf-8")) if p["area"] == "Dundee"}
    groups = collections.defaultdict(list)
    for point in points.values():
        rapid = float(point["rated_kw_from_model"]) >= RAPID_KW
        groups[(place(point["site"]), rapid)].append(point)
    sessions = []
    for row in csv.DictReader(gzip.open(sessions_path, "rt", encoding="utf-8")):
        start = datetime.datetime.fromisoformat(row["start_local"])
        if row["flags"] or start.date() in MISSING or not FIRST <= start.date() < FIRST + datetime.timedelta(DAYS):
            continue
        end = datetime.datetime.fromisoformat(row["end_local"])
        sessions.append((row["cp_id"], start, end, float(row["energy_kwh"]), row["connector"] == DC_CONNECTOR))
    return groups, sessions


def fit(sessions, evses, rapid):
    """Columns of the sites table for one site."""
    daily = collections.Counter(start.date() for _, start, _, _, _ in sessions)
    rate = len(sessions) / len(DATES)
    by_kind = {False: [1 / 24] * 24, True: [1 / 24] * 24}
    for _, start, _, _, _ in sessions:
        by_kind[start.weekday() >= 5][start.hour] += 1
    days_of_kind = {w: sum((d.weekday() >= 5) == w for d in DATES) for w in (False, True)}
    per_day = {w: sum(daily[d] for d in DATES if (d.weekday() >= 5) == w) / days_of_kind[w] for w in (False, True)}
    month_days = collections.Counter(d.month for d in DATES)
    month_count = collections.Counter()
    cell_days, cell_count = collections.Counter(), collections.Counter()
    for d in DATES:
        month_count[d.month] += daily[d]
        cell_days[(d.month, d.weekday() >= 5)] += 1
        cell_count[(d.month, d.weekday() >= 5)] += daily[d]
    square = freedom = 0
    for d in DATES:
        cell = (d.month, d.weekday() >= 5)
        square += (daily[d] - cell_count[cell] / cell_days[cell]) ** 2
    freedom = len(DATES) - len(cell_days)
    dispersion = min(10, max(1, square / freedom / rate))
    energies = sorted(e for _, _, _, e, _ in sessions)
    stays = sorted((end - start).total_seconds() / 3600 for _, start, end, _, _ in sessions)

    def shares(values):
        return "|".join(short(v / sum(values), 5) for v in values)

    def table(ordered):
        return "|".join(f"{p}:{short(quantile(ordered, p), 3)}" for p in PROBABILITIES)

    return [
        short(rate / evses), shares(by_kind[False]), shares(by_kind[True]),
        short(per_day[True] / per_day[False] if per_day[False] else 1), short(dispersion, 3),
        "|".join(short(month_count[m] / month_days[m] / rate, 3) for m in range(1, 13)),
        short(sum(s[4] for s in sessions) / len(sessions), 3) if rapid else "",
        table(energies), table(stays),
    ]


def stations(point):
    """Rows of the stations table for one charge point: id, kind, kW each, EVSEs, connectors."""
    rated = float(point["rated_kw_from_model"])
    if rated >= RAPID_KW:
        return [
            (point["cp_id"] + "-dc", "dc", rated, 1, "CCS2|CHAdeMO"),
            (point["cp_id"] + "-ac", "ac", 43, 1, "Type2"),
        ]
    return [(point["cp_id"], "ac", rated, 2, "Type2")]


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def real_hours(sessions):
    starts, energy, occupied = collections.Counter(), collections.Counter(), collections.Counter()
    hour = datetime.timedelta(hours=1)
    for _, start, end, kwh, _ in sessions:
        key = start.replace(minute=0, second=0)
        starts[key] += 1
        energy[key] += kwh
        while key < end:
            overlap = (min(end, key + hour) - max(start, key)).total_seconds() / 3600
            occupied[key] += max(0, overlap)
            key += hour
    for day in DATES:
        for h in range(24):
            at = datetime.datetime(day.year, day.month, day.day, h)
            yield [day.isoformat(), h, starts[at], short(energy[at], 2), short(occupied[at], 3)]


def main():
    sessions_path, points_path, output = sys.argv[1:]
    output = pathlib.Path(output)
    groups, sessions = read(sessions_path, points_path)
    by_point = collections.defaultdict(list)
    for session in sessions:
        by_point[session[0]].append(session)
    site_rows, station_rows = [], []
    for (name, rapid), points in sorted(groups.items()):
        own = [s for p in points for s in by_point[p["cp_id"]]]
        if not own:
            continue
        site = slug(name) + ("-rapid" if rapid else "")
        rows = [row for p in points for row in stations(p)]
        located = next((p for p in points if p["lat"]), {"lat": "", "lon": ""})
        site_rows.append(
            [site, name + (" rapid" if rapid else ""), "rapid" if rapid else "slow", located["lat"], located["lon"]]
            + fit(own, sum(row[3] for row in rows), rapid))
        for ident, kind, kw, evses, plugs in rows:
            station_rows.append([site, ident, kind, short(kw), evses, plugs])
    write(
        output / "dundee_sites.csv",
        ["id", "name", "template", "latitude", "longitude", "arrivals.sessions_per_connector_day",
         "arrivals.weekday_share", "arrivals.weekend_share", "arrivals.weekend_ratio", "arrivals.dispersion",
         "arrivals.month_factor", "arrivals.dc_share", "arrivals.energy_kwh", "arrivals.dwell_h"], site_rows)
    write(
        output / "dundee_stations.csv", ["site", "id", "kind", "evse_power_kw", "evses", "connectors"], station_rows)
    write(
        output / "dundee_real_hourly.csv", ["date", "hour", "sessions", "energy_kwh", "occupied_h"],
        real_hours(sessions))
    print(f"{len(sessions)} transactions, {len(site_rows)} sites, {len(station_rows)} stations")


if __name__ == "__main__":
    main()
