#!/usr/bin/env python3
"""Holds a simulated US metro beside published figures of public charging.

usage: Scripts/metro_check.py TELEMETRY.h5 [--markdown]

Reads the telemetry of a run (worlds/seattle.yaml, a year for the rows about days) and prints one line for each figure:
simulated value, published range, whether it lies within, where the range comes from. The ranges are `metro_checks` of
reference/arrivals_by_market.json. Exits 1 when a figure is outside. Needs h5py and numpy (Scripts/python-test-env.sh).
Rows about first attempts and availability are printed where the file has what they need; they have no part in the result.
"""
import datetime
import sys

import h5py
import numpy as np

HOUR = 3_600_000_000
DAY = 24 * HOUR
WAYS = {"l2_retail", "l2_destination"}
SOURCES = {
    "dc_sessions": "Paren 2025: 141 million sessions on 61,000 ports",
    "dc_use": "Paren 2024 Q4 to 2025 Q2: 16.1 to 16.6 %",
    "dc_kwh": "Tesla 35.5, Electrify America 37.5, US DOE 22 to 40.7 kWh",
    "dc_minutes": "US DOE 42 min; Tesla, Electrify America by energy and power",
    "dc_peak": "measured port, simulated site and county mixed [E]",
    "dc_prime": "Paren 2025 Q1: metros 40 % at 12-18 h against 24 to 28 %",
    "l2_sessions": "NYSERDA 2012-2022: 0.3 to 0.6, more since [E]",
    "l2_use": "industry index 2024-2025: 10.7 to 14.9 %",
    "l2_kwh": "NYSERDA 2022: 12.9, Palo Alto 8.9 kWh",
    "l2_night": "Palo Alto garages: 2.2 % of 248,579 sessions",
    "work": "New York workplaces 2018-19: 21 % at 9 h, 10 % at 15 h",
    "gini_l2": "NYSERDA 22-03: 0.64; Boulder 0.45",
    "gini_dc": "Dundee rapid 0.50 [E]",
    "busiest": "Paren: Saturday after Thanksgiving 1.24",
    "site_day": "Santa Barbara County 2.0 to 2.6, one 50 kW port 1.9",
    "days": "Santa Barbara County 0.19 to 0.30 and 0.20 to 0.36; UK and Boulder from 0.08 and 0.13",
}


def gini(x):
    x = np.sort(x)
    n = len(x)
    return float(2 * (np.arange(1, n + 1) * x).sum() / (n * x.sum()) - (n + 1) / n)


def names(dataset):
    return np.array([x.decode() if isinstance(x, bytes) else x for x in dataset[:]])


class Run:
    def __init__(self, path):
        with h5py.File(path) as f:
            meta = dict(f["meta"].attrs)
            start = datetime.datetime.fromisoformat(meta["start"])
            self.offset = (start.hour * 3600 + start.minute * 60 + start.second) * 1_000_000
            self.weekday0 = start.weekday()
            self.days = float(meta["days"])
            stations, sites, sessions = f["stations"], f["sites"], f["sessions"]
            self.station_dc = names(stations["kind"]) == "dc"
            self.station_site = stations["site"][:]
            self.station_ports = stations["evse_count"][:]
            self.profile = {"ac": names(sites["ac_profile"]), "dc": names(sites["dc_profile"])}
            self.s = {k: sessions[k][:] for k in ("arrival_time", "plug_in_time", "charge_end_time", "unplug_time",
                                                  "site", "station", "energy_wh", "wanted_wh")}
            self.attempts = sessions["attempts"][:] if "attempts" in sessions else None
            self.failed_first = np.zeros(0, np.int64)
            if "failed_attempts" in f and len(f["failed_attempts/time"]):
                failed = f["failed_attempts"]
                self.failed_first = failed["station"][:][failed["number"][:] == 1]
            # Mean EVSEs out of service: one definition in series, table and report (docs/models.md).
            self.out_of_service = f["series/out_of_service"][:].sum(axis=1).mean() if "series" in f else None
        self.dc = self.station_dc[self.s["station"]]
        self.local = self.s["arrival_time"] + self.offset
        self.hour = (self.local // HOUR) % 24
        self.day = self.local // DAY
        self.weekend = (self.day + self.weekday0) % 7 >= 5
        self.session_profile = np.where(self.dc, self.profile["dc"][self.s["site"]], self.profile["ac"][self.s["site"]])

    def ports(self, kind, profile=None):
        dc = kind == "dc"
        mine = self.station_dc == dc
        if profile is not None:
            mine = mine & (self.profile[kind][self.station_site] == profile)
        return int(self.station_ports[mine].sum())

    def busy_by_hour(self, mask, begin, end, days=None):
        """Mean number of sessions under way in each hour of the day."""
        minutes = int(self.days * 1440) + 1
        change = np.zeros(minutes + 1)
        a = np.clip(((begin[mask] + self.offset) // 60_000_000), 0, minutes)
        b = np.clip(((end[mask] + self.offset) // 60_000_000), 0, minutes)
        np.add.at(change, a, 1)
        np.add.at(change, b, -1)
        course = np.cumsum(change)[: int(self.days) * 1440].reshape(int(self.days), 24, 60).mean(axis=2)
        if days is not None:
            course = course[days]
        return course.mean(axis=0)

    def site_levels(self, kind):
        """Sessions per port and day of each site that has ports of a kind."""
        dc = kind == "dc"
        ports = np.zeros(len(self.profile["ac"]))
        np.add.at(ports, self.station_site[self.station_dc == dc], self.station_ports[self.station_dc == dc])
        count = np.bincount(self.s["site"][self.dc == dc], minlength=len(ports))
        keep = ports > 0
        return count[keep] / ports[keep] / self.days

    def daily(self, mask):
        return np.bincount(self.day[mask], minlength=int(self.days))[: int(self.days)].astype(float)


def local_mean(x, width=61):
    half = width // 2
    total = np.concatenate([[0], np.cumsum(x)])
    i = np.arange(len(x))
    low, high = np.maximum(0, i - half), np.minimum(len(x), i + half + 1)
    return (total[high] - total[low]) / (high - low)


def day_factor(counts, weekday0):
    """CV beyond Poisson and lag-1 correlation of daily counts over their 61-day mean and weekday."""
    base = local_mean(counts)
    weekday = (np.arange(len(counts)) + weekday0) % 7
    ratio = counts / base
    factor = np.array([ratio[weekday == d].mean() for d in range(7)])
    expected = base * factor[weekday]
    r = counts / expected - 1
    extra = r.var() - (1 / expected).mean()
    lag = float((r[1:] * r[:-1]).mean() / r.var())
    return float(np.sqrt(max(0, extra))), lag * float(r.var() / extra) if extra > 0 else 0.0


def rows(run):
    s, dc = run.s, run.dc
    stay_h = (s["unplug_time"] - s["plug_in_time"]) / HOUR
    kwh = s["energy_wh"] / 1000
    dc_ports = run.ports("dc")
    ac = ~dc & (run.session_profile != "fleet")
    ac_ports = run.ports("ac") - run.ports("ac", "fleet")
    yield "DC sessions per port and day", dc.sum() / dc_ports / run.days, 5.6, 7.0, "dc_sessions"
    for profile in ("dc_urban_hub", "dc_highway", "dc_tesla_supercharger", "dc_community"):
        n = run.ports("dc", profile)
        if n:
            yield f"– {profile}", (run.session_profile == profile).sum() / n / run.days, None, None, f"{n} ports"
    yield "DC plugged in, share of time", stay_h[dc].sum() / dc_ports / run.days / 24, 0.14, 0.18, "dc_use"
    yield "DC energy, kWh a session", kwh[dc].mean(), 30, 37, "dc_kwh"
    for profile, low, high in (("dc_urban_hub", 27, 33), ("dc_highway", 33, 40), ("dc_tesla_supercharger", 33, 37),
                               ("dc_community", 19, 26)):
        mine = run.session_profile == profile
        if mine.any():
            yield f"– {profile}", kwh[mine].mean(), low, high, "dc_kwh"
    yield "DC time plugged in, min a session", 60 * stay_h[dc].mean(), 33, 42, "dc_minutes"
    for name, days in (("weekday", ~run.weekend), ("weekend", run.weekend)):
        share = np.bincount(run.hour[dc & days], minlength=24) / (dc & days).sum()
        yield f"DC busiest hour, {name}", float(share.argmax()), 12, 18, "dc_peak"
        yield f"– its share of the day, {name}", share.max(), 0.06, 0.085, "dc_peak"
    course = run.busy_by_hour(dc, s["plug_in_time"], s["unplug_time"])
    yield "DC use 12-18 h over the day's mean", course[12:19].mean() / course.mean(), 1.4, 1.75, "dc_prime"
    yield "DC arrivals 00-05 h", (run.hour[dc] < 6).mean(), 0.03, 0.09, "dc_peak"
    yield "L2 sessions per port and day", ac.sum() / ac_ports / run.days, 0.5, 1.0, "l2_sessions"
    for profile in sorted(set(run.profile["ac"]) - {""}):
        n = run.ports("ac", profile)
        yield f"– {profile}", (~dc & (run.session_profile == profile)).sum() / n / run.days, None, None, f"{n} ports"
    yield "L2 plugged in, share of time", stay_h[ac].sum() / ac_ports / run.days / 24, 0.10, 0.17, "l2_use"
    public = np.isin(run.session_profile, sorted(WAYS | {"l2_workplace"}))
    yield "L2 energy, public and workplace, kWh a session", kwh[public].mean(), 8, 14, "l2_kwh"
    ways = np.isin(run.session_profile, sorted(WAYS))
    yield "L2 arrivals 00-05 h, shops and town", (run.hour[ways] < 6).mean(), 0, 0.04, "l2_night"
    work = run.session_profile == "l2_workplace"
    workdays = ((np.arange(int(run.days)) + run.weekday0) % 7) < 5
    if work.any():
        course = run.busy_by_hour(work, s["plug_in_time"], s["charge_end_time"], workdays)
        yield "Workplace ports charging at 9 h over 15 h", course[9] / course[15], 1.7, 2.4, "work"
    yield "Gini over L2 sites", gini(run.site_levels("ac")), 0.45, 0.68, "gini_l2"
    yield "Gini over DC sites", gini(run.site_levels("dc")), 0.30, 0.55, "gini_dc"
    if run.days >= 90:
        counts = run.daily(dc)
        yield "Busiest day over mean, DC network", counts.max() / counts.mean(), 1.15, 1.35, "busiest"
        site = s["site"]
        peaks = []
        for index in np.unique(site[dc]):
            own = run.daily(dc & (site == index))
            if own.mean() >= 20:
                peaks.append((own / local_mean(own)).max())
        if peaks:
            yield "Busiest day over local mean, DC site (median)", float(np.median(peaks)), 1.5, 2.6, "site_day"
        cv, lag = day_factor(counts, run.weekday0)
        yield "Day factor of the DC network, CV beyond Poisson", cv, 0.10, 0.30, "days"
        yield "– correlation with the day before", lag, 0.13, 0.36, "days"
    if run.attempts is not None:
        for name, mask, failed in (("DC", dc, run.station_dc[run.failed_first]), ("L2", ac, ~run.station_dc[run.failed_first])):
            good, bad = (run.attempts[mask] == 1).sum(), failed.sum()
            yield (f"First attempt succeeds, {name}", good / max(1, good + bad), None, None,
                   "ChargerHelp 2025: 85 % new, under 70 % in the third year")
    if run.out_of_service is not None:
        yield ("Availability of ports", 1 - run.out_of_service / run.station_ports.sum(), None, None,
               "operators report 98 to 99.9 %")
    yield ("Left with less than 80 % of what they wanted, DC", (s["energy_wh"][dc] < 0.8 * s["wanted_wh"][dc]).mean(),
           None, None, "not published")
    yield ("Left with less than 80 % of what they wanted, L2", (s["energy_wh"][ac] < 0.8 * s["wanted_wh"][ac]).mean(),
           None, None, "not published")


def shown(x):
    return f"{x:.0f}" if x == round(x) and x < 100 else f"{x:.3g}"


def main(arguments):
    files = [a for a in arguments if not a.startswith("--")]
    if len(files) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    bad = 0
    markdown = "--markdown" in arguments
    if markdown:
        print("| figure | simulated | published | within | source |\n| --- | --- | --- | --- | --- |")
    for name, value, low, high, source in rows(Run(files[0])):
        known = low is not None
        within = known and low <= value <= high
        bad += known and not within
        cells = (name, shown(value), f"{shown(low)} to {shown(high)}" if known else "–",
                 ("yes" if within else "**no**" if markdown else "NO") if known else "", SOURCES.get(source, source))
        print("| " + " | ".join(cells) + " |" if markdown else "{:<52}{:>8}  {:<14}{:<5}{}".format(*cells))
    print(f"{bad} outside" if bad else "all within", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
