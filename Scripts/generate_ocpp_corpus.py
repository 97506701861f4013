#!/usr/bin/env python3
"""Writes what the tests of OCPPMessages read: right and wrong JSON for every message of every version.

Usage: generate_ocpp_corpus.py [--check]
  --check  writes nothing; exits 1 and names the files when a committed one differs from what the schemas say.

It looks at the schemas of the PyPI package `ocpp` alone, not at the model that the Swift types are generated from, and
every right instance is validated against its schema by `jsonschema` (every wrong one must fail, formats excepted).

One line an instance, fields parted by tabs: version (* for both of 2.x), expected error code in the version's spelling
or "ok", expected path, action, Request or Response, JSON. In the JSON «n» stands for n times the letter x, «n*text» for
n times the text with commas between.
"""
import json
import re
import sys
from pathlib import Path

try:
    import jsonschema
    import ocpp
except ImportError as problem:
    sys.exit(f"{Path(__file__).name}: {problem}; run it with the .venv/bin/python that Scripts/python-test-env.sh makes, "
             "of Python 3.11 or later")

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "Tests" / "OCPPMessagesTests" / "Corpus"
SCHEMAS = Path(ocpp.__file__).resolve().parent
CODES = {
    "v16": {"occurrence": "OccurenceConstraintViolation", "format": "FormationViolation",
            "type": "TypeConstraintViolation", "property": "PropertyConstraintViolation"},
    "v201": {"occurrence": "OccurrenceConstraintViolation", "format": "FormatViolation",
             "type": "TypeConstraintViolation", "property": "PropertyConstraintViolation"},
}
CODES["v21"] = CODES["v201"]
# Misspelt words that are read but never written.
NOT_WRITTEN = {"Celcius"}
LONGEST_SPELT_OUT = 64


def load(version):
    folder = SCHEMAS / version / "schemas"
    return {f.stem: json.loads(f.read_text(encoding="utf-8-sig")) for f in sorted(folder.glob("*.json"))}


def dump(value):
    """Compact JSON; the markers of long texts and lists lose their quotes where they stand for a list's items."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r'"«(\d+)\*(.*?)»"', lambda m: f"«{m.group(1)}*" + json.loads(f'"{m.group(2)}"') + "»", text)


def expanded(text):
    text = re.sub(r"«(\d+)\*(.*?)»", lambda m: ",".join([m.group(2)] * int(m.group(1))), text)
    return re.sub(r"«(\d+)»", lambda m: "x" * int(m.group(1)), text)


class Maker:
    """Instances of one message's schema."""

    def __init__(self, schema):
        self.schema = schema
        self.words = 0

    def resolve(self, schema):
        while "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            schema = {**self.schema["definitions"][name], "name": name}
        return schema

    def value(self, schema, full):
        schema = self.resolve(schema)
        kind = schema.get("type")
        if schema.get("name") == "CustomDataType" and full:
            return {"vendorId": "com.example", "note": {"n": [1, -2.5, "x", None, True, {}]}, "": False}
        if kind is None:
            return {"any": [1, "two", None]} if full else "text"
        if kind == "object":
            wanted = schema.get("properties", {}) if full else schema.get("required", [])
            return {p: self.value(schema["properties"][p], full) for p in wanted}
        if kind == "array":
            count = max(schema.get("minItems", 0), min(2 if full else 0, schema.get("maxItems", 2)))
            return [self.value(schema["items"], full) for _ in range(count)]
        if "enum" in schema:
            self.words += 1
            right = [w for w in schema["enum"] if w not in NOT_WRITTEN]
            return right[self.words % len(right)] if full else right[0]
        if schema.get("format") == "date-time":
            return "2024-02-29T23:59:59.125Z" if full else "2025-01-06T17:03:09Z"
        if kind == "string":
            limit = schema.get("maxLength", 12)
            if not full:
                return "a"
            return "«%d»" % limit if limit > LONGEST_SPELT_OUT else ("é\"\\/\n😀ž" * limit)[:limit]
        if kind == "boolean":
            return full
        low, high = schema.get("minimum"), schema.get("maximum")
        if kind == "integer":
            return int(high if full and high is not None else low if low is not None else -7 if full else 0)
        # The schemas of 2.0.1 say in words that one decimal is all that is sent.
        if schema.get("multipleOf") or "at most one digit fraction" in schema.get("description", ""):
            return 16.5 if full else 0
        if full:
            return 0.1 + low if low is not None else high - 0.1 if high is not None else -1234.0625
        return low if low is not None else 0


def fresh(prefix, key):
    return key if not prefix else prefix + "." + key


class Walker:
    """Every wrong instance of one message, one fault each; types seen before in the version are passed over."""

    def __init__(self, maker, seen, newer):
        self.maker = maker
        self.seen = seen
        self.newer = newer  # the message's schema in the next version, for members that come too early
        self.out = []

    def walk_object(self, schema, path, build, name):
        """`build(value)` gives the whole instance with `value` in the place that `path` names."""
        schema = self.maker.resolve(schema)
        key = schema.get("name")
        if key:
            if key in self.seen:
                return
            self.seen.add(key)
        base = self.maker.value(schema, False)
        required = schema.get("required", [])
        if schema.get("additionalProperties") is False:
            self.out.append(("format", fresh(path, "surprise"), build({**base, "surprise": 1})))
            newer = self.newer_object(key)
            for p in newer.get("properties", {}):
                if p not in schema.get("properties", {}):
                    self.out.append(("format", fresh(path, p), build({**base, p: 1})))
        for p, child in schema.get("properties", {}).items():
            here = fresh(path, p)

            def put(value, p=p):
                return build({**base, p: value})

            if p in required:
                self.out.append(("occurrence", here, build({k: v for k, v in base.items() if k != p})))
            self.walk_value(child, here, put)

    def newer_object(self, key):
        if self.newer is None:
            return {}
        if key is None:
            return self.newer
        return self.newer.get("definitions", {}).get(key, {})

    def walk_value(self, child, path, put):
        schema = self.maker.resolve(child)
        kind = schema.get("type")
        if kind is None:
            return
        for wrong in [None, {"object": 5, "array": {}, "string": 5, "integer": "5", "number": "5", "boolean": 0}[kind]]:
            self.out.append(("type", path, put(wrong)))
        if kind == "object":
            self.walk_object(schema, path, put, schema.get("name"))
        elif kind == "array":
            if schema.get("minItems"):
                self.out.append(("occurrence", path, put([])))
            item = self.maker.value(schema["items"], False)
            if "maxItems" in schema:
                self.out.append(("occurrence", path, put(["«%d*%s»" % (schema["maxItems"] + 1, dump(item))])))
            self.walk_value(schema["items"], path + "[1]", lambda value: put([item, value]))
        elif "enum" in schema:
            name = schema.get("name")
            self.out.append(("property", path, put("NoSuchWord")))
            self.out.append(("property", path, put("")))
            if name is None or ("words", name) not in self.seen:
                self.seen.add(("words", name))
                for word in schema["enum"]:
                    self.out.append(("ok", word if word in NOT_WRITTEN else "", put(word)))
        elif schema.get("format") == "date-time":
            # 1.6 takes the forms of ISO 8601 that exist in the field.
            last = ("2025-01-06T17:03:09+", "2025-01-06T25:00:00") if self.is_lenient else (
                "2025-01-06T17:03:09", "2025-01-06T24:00:00Z")
            for wrong in ("", "yesterday", "2025-02-29T00:00:00Z", *last):
                self.out.append(("format", path, put(wrong)))
        elif kind == "string":
            if "maxLength" in schema:
                limit = schema["maxLength"] + 1
                long = "«%d»" % limit if limit > LONGEST_SPELT_OUT else ("é😀" * limit)[:limit]
                self.out.append(("property", path, put(long)))
        elif kind in ("integer", "number"):
            if kind == "integer":
                self.out.append(("type", path, put(1.5)))
            if "minimum" in schema:
                self.out.append(("property", path, put(int(schema["minimum"]) - 1)))
            if "maximum" in schema:
                self.out.append(("property", path, put(int(schema["maximum"]) + 1)))
            if "multipleOf" in schema:
                self.out.append(("property", path, put(16.05)))


def message_of(stem):
    for end in ("Request", "Response"):
        if stem.endswith(end):
            return stem[: -len(end)], end
    return stem, "Request"


def lines(version, newer):
    seen, out = set(), []
    for stem, schema in load(version).items():
        action, direction = message_of(stem)
        validator = jsonschema.validators.validator_for(schema)(schema)
        maker = Maker(schema)
        found = [("ok", "", maker.value(schema, False)), ("ok", "", maker.value(schema, True))]
        walker = Walker(maker, seen, newer.get(stem) if newer else None)
        walker.is_lenient = version == "v16"
        walker.walk_object(schema, "", lambda value: value, None)
        for code, path, instance in found + walker.out:
            text = dump(instance)
            is_right = validator.is_valid(json.loads(expanded(text)))
            if code == "ok":
                assert is_right, (version, stem, text)
            elif "date-time" not in str(schema) or code != "format":
                assert not is_right, (version, stem, code, path, text)
            out.append("\t".join([CODES[version].get(code, code), path, action, direction, text]))
    return list(dict.fromkeys(out))


def joined(per_version):
    """The lines of several versions, those that all of them have once."""
    every = list(dict.fromkeys(line for lines in per_version.values() for line in lines))
    sets = {version: set(lines) for version, lines in per_version.items()}
    out = []
    for line in every:
        owners = [version for version in per_version if line in sets[version]]
        out.append(("*" if len(owners) == 2 else owners[0]) + "\t" + line + "\n")
    return "".join(out)


def main():
    files = {
        "v16.tsv": joined({"v16": lines("v16", None)}),
        "v2.tsv": joined({"v201": lines("v201", load("v21")), "v21": lines("v21", None)}),
    }
    if "--check" in sys.argv[1:]:
        stale = [n for n, body in files.items() if not (OUT / n).exists() or (OUT / n).read_text() != body]
        for name in stale:
            print(f"{OUT.relative_to(ROOT) / name}: differs from the schemas; run Scripts/generate_ocpp_corpus.py",
                  file=sys.stderr)
        sys.exit(1 if stale else 0)
    OUT.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (OUT / name).write_text(body)
        print(f"{name}: {body.count(chr(10))} instances, {len(body) // 1024} kB")


if __name__ == "__main__":
    main()
