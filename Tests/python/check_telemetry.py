#!/usr/bin/env python3
"""Opens telemetry files with h5py and xarray, plainly as a user would, and checks what must hold in every one of them.

usage: check_telemetry.py FILE...

Prints one line a file. Exit status 1 if any file breaks a rule, 2 on wrong usage.
A run that was killed leaves `complete` = 0 in /meta; then the columns of a table may differ by chunks in flight.
"""

import re
import sys

import h5py
import numpy
import xarray

NO_VARIABLE = b"This is a netCDF dimension but not a netCDF variable."
SESSION_TIMES = ["arrival_time", "plug_in_time", "charge_end_time", "unplug_time"]


class Checker:
    def __init__(self, path):
        self.path = path
        self.findings = []

    def expect(self, holds, finding):
        if not holds:
            self.findings.append(finding)

    def run(self):
        with h5py.File(self.path, "r") as file:
            self.complete = int(file["meta"].attrs.get("complete", 0)) == 1
            self.expect(file.attrs.get("Conventions") == "CF-1.8", "the root does not say Conventions = CF-1.8")
            self.expect(int(file["meta"].attrs.get("format_version", 0)) >= 1, "/meta does not say its format_version")
            groups = list(file)
            for name in groups:
                self.check_group(file[name])
            self.check_indices(file)
        xarray.open_dataset(self.path, engine="h5netcdf").close()
        summary = [self.check_with_xarray(name) for name in groups]
        return ", ".join(text for text in summary if text)

    # What h5py sees.

    def check_group(self, group):
        lengths = {}
        for name, dataset in group.items():
            where = f"{group.name}/{name}"
            self.check_scales(where, dataset)
            values = dataset[()]  # every chunk must unpack
            if dataset.chunks and not is_scale_only(dataset):
                lengths[name] = dataset.shape[0]
            if "flag_values" in dataset.attrs:
                self.check_flags(where, dataset, values)
            else:
                self.expect(dataset.dtype != numpy.uint8, f"{where}: codes without flag_values")
        if not lengths:
            return
        chunk = max(dataset.chunks[0] for dataset in group.values() if dataset.chunks)
        apart = max(lengths.values()) - min(lengths.values())
        self.expect(apart == 0 or not self.complete, f"{group.name}: complete, but columns differ in length: {lengths}")
        self.expect(apart <= chunk, f"{group.name}: columns differ by more than a chunk: {lengths}")

    def check_scales(self, where, dataset):
        if dataset.is_scale:
            return
        for axis, dimension in enumerate(dataset.dims):
            self.expect(len(dimension) == 1, f"{where}: axis {axis} has {len(dimension)} dimension scales, not one")
        self.expect("long_name" in dataset.attrs, f"{where}: no long_name")
        if dataset.dtype.kind == "f":
            fill = dataset.attrs.get("_FillValue")
            self.expect(fill is not None and numpy.isnan(fill), f"{where}: _FillValue is {fill}, not NaN")
            self.expect("units" in dataset.attrs, f"{where}: no units")

    def check_flags(self, where, dataset, values):
        codes = dataset.attrs["flag_values"]
        words = dataset.attrs["flag_meanings"].split()
        self.expect(len(words) == len(codes), f"{where}: {len(codes)} flag_values but {len(words)} flag_meanings")
        self.expect(len(set(words)) == len(words), f"{where}: a word for two codes")
        odd = [word for word in words if not re.fullmatch(r"[A-Za-z0-9_.+@-]+", word)]
        self.expect(not odd, f"{where}: {odd} are no words of CF")
        self.expect(codes.dtype == dataset.dtype, f"{where}: flag_values are {codes.dtype}, data {dataset.dtype}")
        unknown = numpy.setdiff1d(values, codes)
        self.expect(unknown.size == 0, f"{where}: codes without meaning: {unknown[:5]}")

    def check_indices(self, file):
        """Columns `site` and `station` of other tables are row numbers of /sites and /stations."""
        for target in ["site", "station"]:
            if target + "s" not in file:
                continue
            count = file[target + "s"][target].shape[0]
            for group in file.values():
                column = group.get(target)
                if column is None or column.is_scale or column.dtype.kind != "i" or column.size == 0:
                    continue
                low, high = int(column[()].min()), int(column[()].max())
                self.expect(-1 <= low and high < count, f"{column.name}: {low} ... {high}, but there are {count}")

    # What xarray sees.

    def check_with_xarray(self, group):
        with xarray.open_dataset(self.path, engine="h5netcdf", group=group) as data:
            data.load()
            if "time" in data.coords:
                return self.check_series(group, data)
            if group == "sessions":
                self.check_sessions(data)
            if group in ("sites", "sessions"):
                return f"{max(data.sizes.values(), default=0)} {group}"
        return ""

    def check_series(self, group, data):
        times = data["time"].values
        self.expect(times.dtype.kind == "M", f"{group}: time is {times.dtype}, not a date")
        interval = numpy.timedelta64(int(data["time"].attrs.get("interval_s", 0)), "s")
        known = times[~numpy.isnat(times)]
        self.expect(bool((numpy.diff(known) == interval).all()), f"{group}: samples are not {interval} apart")
        for name, variable in data.data_vars.items():
            self.expect(variable.dtype == numpy.float32, f"{group}/{name}: {variable.dtype}, not float32")
            self.expect(variable.dims[0] == "time", f"{group}/{name}: dimensions {variable.dims}")
            self.expect(not bool(numpy.isinf(variable.values).any()), f"{group}/{name}: infinite values")
        return f"{len(times)} samples of {group}"

    def check_sessions(self, data):
        names = [name for name in SESSION_TIMES if name in data]
        if self.complete:
            for earlier, later in zip(names, names[1:]):
                wrong = int((data[earlier].values > data[later].values).sum())
                self.expect(wrong == 0, f"sessions: {earlier} is after {later} in {wrong} rows")
        for name in ["energy_wh", "grid_energy_wh", "wait_s", "power_max_w"]:
            if name in data:
                self.expect(not bool((data[name].values < 0).any()), f"sessions/{name}: negative values")
        for name in ["soc_start", "soc_end"]:
            if name in data:
                values = data[name].values
                wrong = int(((values < 0) | (values > 1)).sum())
                self.expect(wrong == 0, f"sessions/{name}: {wrong} values outside 0 ... 1")


def is_scale_only(dataset):
    """A dimension without a variable has a length but no values."""
    return dataset.is_scale and dataset.attrs.get("NAME", b"").startswith(NO_VARIABLE)


def main(paths):
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    status = 0
    for path in paths:
        checker = Checker(path)
        try:
            summary = checker.run()
        except Exception as error:  # whatever a reader throws at a broken file is a finding
            checker.findings.append(f"{type(error).__name__}: {error}")
        if checker.findings:
            status = 1
            for finding in checker.findings:
                print(f"{path}: {finding}")
        else:
            print(f"{path}: ok ({'complete' if checker.complete else 'not complete'}; {summary})")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
