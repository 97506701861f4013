#!/usr/bin/env python3
"""Writes the man pages from what the program says of itself.

usage: manual.py PROGRAM DIRECTORY

evtwin.1 is the overview, evtwin-COMMAND.1 the page of each command. The descriptions of options are those of `--help`.
"""

import json
import subprocess
import sys
from pathlib import Path

EXIT_CODES = "0 for success, 1 when the command failed, 2 when what it was given is wrong."
FILES = [
    ("/usr/share/evtwin/worlds", "Shipped worlds; evtwin worlds lists them, evtwin run NAME runs one."),
    ("/usr/share/evtwin/reference", "Reference data and validation vectors, with their sources and licences."),
    ("/usr/share/doc/evtwin", "Manuals: world format, telemetry, models, serve, connect."),
    ("out/NAME/telemetry.h5", "What a run recorded."),
    ("out/NAME/report.html", "Its report."),
]


def roff(text):
    """Text as troff shows it unchanged."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...").replace("×", "x")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.splitlines())


def visible(command):
    return [a for a in command.get("arguments", []) if a.get("shouldDisplay", True)]


def spelled(name):
    return ("-" if name["kind"] == "short" else "--") + name["name"]


def value(argument):
    return "<" + argument.get("valueName", "value") + ">"


def synopsis(path, command):
    words = []
    for argument in visible(command):
        if argument["kind"] == "positional":
            word = f"\\fI{roff(value(argument))}\\fR" + ("..." if argument["isRepeating"] else "")
        else:
            word = f"\\fB{roff(spelled(argument['preferredName']))}\\fR"
            if argument["kind"] == "option":
                word += f" \\fI{roff(value(argument))}\\fR"
        words.append(f"[{word}]" if argument["isOptional"] else word)
    if command.get("subcommands"):
        words.append("\\fIcommand\\fR ...")
    return f"\\fB{roff(path)}\\fR " + " ".join(words)


def described(arguments):
    text = ""
    for argument in arguments:
        if argument["kind"] == "positional":
            head = f"\\fI{roff(value(argument))}\\fR"
        else:
            names = sorted(argument["names"], key=lambda name: len(name["name"]))
            head = ", ".join(f"\\fB{roff(spelled(name))}\\fR" for name in names)
            if argument["kind"] == "option":
                head += f" \\fI{roff(value(argument))}\\fR"
        text += f".TP\n{head}\n{roff(argument.get('abstract', ''))}\n"
        if argument.get("discussion"):
            text += f"{roff(argument['discussion'])}\n"
        if argument.get("defaultValue"):
            text += f"Default: {roff(argument['defaultValue'])}.\n"
    return text


def prose(text):
    """Paragraphs; indented or example lines keep their form."""
    out = ""
    for line in text.splitlines():
        if not line.strip():
            out += ".PP\n"
        elif line.startswith(" "):
            out += f".nf\n{roff(line)}\n.fi\n"
        else:
            out += f"{roff(line)}\n"
    return out


def page(path, command, version, others):
    name = path.replace(" ", "-")
    text = f'.TH "{name.upper()}" 1 "" "evtwin {version}" "evtwin manual"\n'
    text += f".SH NAME\n{roff(name)} \\- {roff(command.get('abstract', '')).rstrip('.')}\n"
    text += f".SH SYNOPSIS\n{synopsis(path, command)}\n"
    if command.get("discussion"):
        text += f".SH DESCRIPTION\n{prose(command['discussion'])}"
    positional = [a for a in visible(command) if a["kind"] == "positional"]
    options = [a for a in visible(command) if a["kind"] != "positional"]
    if positional:
        text += f".SH ARGUMENTS\n{described(positional)}"
    if options:
        text += f".SH OPTIONS\n{described(options)}"
    if command.get("subcommands"):
        text += ".SH COMMANDS\n"
        for sub in command["subcommands"]:
            if sub["commandName"] != "help":
                text += f".TP\n\\fB{roff(path + ' ' + sub['commandName'])}\\fR\n{roff(sub.get('abstract', ''))}\n"
    text += f".SH EXIT STATUS\n{EXIT_CODES}\n"
    if path == "evtwin":
        text += ".SH FILES\n" + "".join(f".TP\n\\fI{roff(file)}\\fR\n{roff(what)}\n" for file, what in FILES)
    text += ".SH SEE ALSO\n" + ", ".join(f"\\fB{roff(other)}\\fR(1)" for other in others if other != name) + "\n"
    return name, text


def main(program, directory):
    dump = subprocess.run([program, "--experimental-dump-help"], capture_output=True, text=True, check=True)
    root = json.loads(dump.stdout)["command"]
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    commands = [sub for sub in root["subcommands"] if sub["commandName"] != "help" and sub.get("shouldDisplay", True)]
    others = ["evtwin"] + [f"evtwin-{sub['commandName']}" for sub in commands]
    pages = [page("evtwin", root, version, others)]
    pages += [page(f"evtwin {sub['commandName']}", sub, version, others) for sub in commands]
    target = Path(directory)
    target.mkdir(parents=True, exist_ok=True)
    for name, text in pages:
        (target / f"{name}.1").write_text(text)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    main(*sys.argv[1:])
