"""Task texts: a question with constraints and a format of named answers, cut into what each part says.

What the sentences mean is left to the other `task_` modules.
"""

import re
from dataclasses import dataclass

_ENTRY = re.compile(r"@(\w+)\s*\[([^\]\n]*)\]?")
_PARTS = re.compile(r"^\s*(question|constraints?|format|answer format)\s*:\s*", re.IGNORECASE | re.MULTILINE)
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "no": 0, "zero": 0}
_COUNTS |= {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_DECIMALS = re.compile(
    rf"(?P<count>\d|{'|'.join(_COUNTS)})[\s-]+(?:decimals?\b|digits? after)"
    r"(?:\s+(?:places?|points?|values?))?"
    r"|nearest\s+(?P<unit>tenth|hundredth|thousandth|integer|whole number)",
    re.IGNORECASE,
)
_UNITS = {"tenth": 1, "hundredth": 2, "thousandth": 3, "integer": 0, "whole number": 0}
_LISTED = re.compile(r"\blists?\b|\.\.\.|…|separated by commas", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """One named answer that the format asks for."""

    name: str
    placeholder: str
    note: str
    """What the format says about the placeholder."""
    decimals: int | None
    options: tuple[str, ...]
    """The words that the answer can be, as written."""
    boolean: bool
    listed: bool

    @property
    def is_list(self) -> bool:
        """Whether its placeholder itself lists several: `[mean_2000, ..., mean_2010]`."""
        return "," in self.placeholder and not re.search(r"rounded|string|number|value of", self.placeholder)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its name: `meanAge_class1` -> mean, age, class, 1."""
        return words_of_name(self.name)


@dataclass(frozen=True)
class Task:
    """A task's parts."""

    question: str
    constraints: str
    form: str
    asked: tuple[Asked, ...]

    @property
    def text(self) -> str:
        """Question and constraints, which say what to do."""
        return f"{self.question}\n{self.constraints}"


def words_of_name(name: str) -> tuple[str, ...]:
    """The words of an answer's name, digits by themselves."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", " ", name)
    return tuple(word.casefold() for word in re.split(r"[\W_]+", spaced) if word)


def is_task(text: str) -> bool:
    """Whether a text asks for named answers."""
    return _ENTRY.search(text) is not None


def read_task(text: str) -> Task:
    """Cut a task's text into its parts."""
    text = text.replace("\\n", "\n").replace("’", "'").replace("“", '"').replace("”", '"')
    text = re.sub(r"\b(Inc|Corp|Ltd|Co|vs|etc|approx)\.(?=[\s,)])", r"\1", text)
    pieces = _PARTS.split(text)
    parts = {"question": pieces[0]}
    for name, body in zip(pieces[1::2], pieces[2::2], strict=True):
        parts[name.casefold().removesuffix("s").removeprefix("answer ")] = body
    form = parts.get("format", "")
    if not form:  # the format stands in the question itself
        first = _ENTRY.search(text)
        cut = first.start() if first else len(text)
        parts["question"], form = text[:cut], text[cut:]
    constraints = parts.get("constraint", "")
    return Task(parts["question"].strip(), constraints.strip(), form.strip(), _asked(form, parts))


def decimals_in(text: str) -> int | None:
    """The number of decimal places that a text asks for; `None` where it names none or several."""
    found = {_places(match) for match in _DECIMALS.finditer(text)}
    return found.pop() if len(found) == 1 else None


def _places(match: re.Match[str]) -> int:
    if match["unit"]:
        return _UNITS[match["unit"].casefold()]
    count = match["count"].casefold()
    return _COUNTS[count] if count in _COUNTS else int(count)


def _asked(form: str, parts: dict[str, str]) -> tuple[Asked, ...]:
    entries: dict[str, tuple[str, int]] = {}
    for match in _ENTRY.finditer(form):
        entries.setdefault(match[1], (match[2].strip(), match.end()))
    starts = sorted(end for _, end in entries.values())
    everywhere = _general(form, parts)
    asked = []
    for name, (placeholder, end) in entries.items():
        note = _note(form, placeholder, end, starts, len(entries))
        places = decimals_in(placeholder)
        places = places if places is not None else _own_decimals(form, placeholder, note)
        asked.append(
            Asked(
                name,
                placeholder,
                note,
                places if places is not None else everywhere,
                _options(note + " " + placeholder),
                re.search(r"\bboolean\b|\bTrue\b|\bFalse\b", note + placeholder) is not None,
                _LISTED.search(note + " " + placeholder) is not None or "," in placeholder,
            )
        )
    return tuple(asked)


def _sentences(form: str) -> list[str]:
    return [part for part in re.split(r"\n|(?<=[.;])\s+|\bwhile\b|\bwhere(?:by|as)?\b", form) if part.strip()]


def _note(form: str, placeholder: str, end: int, starts: list[int], count: int) -> str:
    """The sentences of the format that name a placeholder; all of it where there is one entry only."""
    if count == 1:
        return _ENTRY.sub(" ", form)
    quoted = re.compile(
        rf"[\"'`]{re.escape(placeholder)}[\"'`]|(?<![\w@]){re.escape(placeholder)}(?!\w)(?!\])"
    )
    named = [s for s in _sentences(form) if placeholder and quoted.search(_ENTRY.sub(" ", s))]
    if named:
        return _own_part(_ENTRY.sub(" ", " ".join(named)), quoted, form)
    following = [start for start in starts if start > end]
    after = form[end : form.rfind("@", end, following[0])] if following else form[end:]
    return after.split("\n")[0] if after.lstrip().startswith(":") else ""


def _own_part(note: str, quoted: re.Pattern[str], form: str) -> str:
    """A note without what it says about other placeholders."""
    others = [
        match[2].strip() for match in _ENTRY.finditer(form) if not quoted.search(f'"{match[2].strip()}"')
    ]
    start = quoted.search(note)
    begin = start.start() if start else 0
    ends = [
        match.start()
        for other in others
        if other
        for match in re.finditer(
            rf"[\"'`]?\b{re.escape(other)}\b[\"'`]?\s+(?:is|are|should|denotes|can)", note
        )
    ]
    later = [end for end in ends if end > begin and not _together(note[begin:end])]
    return note[begin : min(later)] if later else note[begin:]


def _together(part: str) -> bool:
    """Whether two placeholders are named in one breath: `"a" and "b" are ...`."""
    return not re.search(r"\b(?:is|are|should|can|denotes|rounded)\b", part)


def _own_decimals(form: str, placeholder: str, note: str) -> int | None:
    """The places that stand after this placeholder in its sentence."""
    name = re.escape(placeholder)
    for sentence in _sentences(form):
        plain = _ENTRY.sub(" ", sentence)
        mention = re.search(rf"[\"'`]?(?<!\w){name}(?!\w)[\"'`]?", plain) if placeholder else None
        if mention is None:
            continue
        following = _DECIMALS.search(plain, mention.end())
        if following is not None:
            return _places(following)
    return decimals_in(note)


def _general(form: str, parts: dict[str, str]) -> int | None:
    """The places that are asked of all answers: `Both results should be rounded to 2 decimal places`."""
    for sentence in _sentences(_ENTRY.sub(" ", form)):
        if re.search(r"\b(?:all|both|each|results?|answers?|every|values)\b", sentence, re.IGNORECASE):
            places = decimals_in(sentence)
            if places is not None:
                return places
    for text in (form, parts.get("constraint", ""), parts["question"]):
        places = decimals_in(_ENTRY.sub(" ", text))
        if places is not None:
            return places
    return None


def _options(note: str) -> tuple[str, ...]:
    """The quoted words of a note that says which words there are."""
    slashed = re.search(r"\((yes|no|true|false)\s*/\s*(yes|no|true|false)\)", note, re.IGNORECASE)
    if slashed:
        return (slashed[1], slashed[2])
    one = r"[\"'`][^\"'`\n]{1,40}[\"'`]"
    pair = re.search(rf"(?:{one},?\s+)*({one}),?\s+or\s+({one})", note)
    plain = re.search(
        r"\b(?:is|be|either)\s+(yes|no|true|false)\s+or\s+(yes|no|true|false)\b", note, re.IGNORECASE
    )
    if pair or plain:
        found = pair or plain
        assert found is not None
        listed = re.findall(r"[\"'`]([^\"'`\n]{1,40})[\"'`]", note[found.start() :]) if pair else []
        return tuple(dict.fromkeys(listed or found.groups()))
    start = re.search(r"\beither\b|\bcan be\b|\bcan\b|\bshould be\b|\btakes? the value|\bvalue\b", note)
    if start is None or not re.search(r"string|word|takes?|either", note):
        return ()
    quoted = re.findall(r"[\"'`]([^\"'`\n]{1,40})[\"'`]", note[start.start() :])
    return tuple(dict.fromkeys(quoted)) if len(quoted) > 1 else ()
