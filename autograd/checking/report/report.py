"""The report of a check: a verdict to act on, the numbers, and the likely reason."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograd.checking.compare.verdict import InputResult, Verdict, json_number
from autograd.checking.report.headline import (
    breach_line,
    digits_of,
    digits_text,
    elsewhere_line,
    undecided_line,
    wrong_line,
)
from autograd.checking.report.picture import errors_svg, text_svg

SUFFIXES = (".svg", ".html", ".json", ".txt")


@dataclass
class Report:
    """What `gradcheck` found.

    Truthy for PASS, and for KINK where the returned value lies between the one-sided slopes.
    `resolution` is the largest relative error that could have gone unseen (2e-11 means: verified
    to eleven digits); `inputs` holds one `InputResult` for each checked array. `source` is where
    the checked function is written, `rule` where the derivative is that is at fault. `elsewhere`
    says where a gradient that is right at the input is wrong.

    >>> import numpy as np
    >>> from autograd.checking import gradcheck
    >>> report = gradcheck(np.tanh, np.array([0.5, -1.0]))
    >>> report.verdict == "PASS", bool(report), report.resolution < 1e-8
    (True, True, True)
    """

    name: str
    verdict: Verdict
    resolution: float = float("inf")
    valid: bool = True
    inputs: list[InputResult] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    message: str = ""
    elsewhere: str = ""
    point: Any = field(default=None, repr=False)
    source: str = ""
    rule: str = ""
    taylor: str = ""
    culprit: str = ""
    smallest: str = ""
    reproduce: str = ""
    method: str = ""
    tension: float = float("-inf")
    evaluations: int = 0
    slow: bool = False
    seconds: float = 0.0
    graph: Any = field(default=None, repr=False)
    marks: dict[Any, str] = field(default_factory=dict, repr=False)
    names: dict[str, Any] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return self.verdict is Verdict.PASS or (self.verdict is Verdict.KINK and self.valid)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def __repr__(self) -> str:
        return f"<Report {self.headline()}>"

    def headline(self) -> str:
        """The first line: verdict, function, and the decisive fact."""
        start = f"{self.verdict.value}  {self.name}: "
        if self.message:
            return start + self.message
        bad = [r for r in self.inputs if r.verdict is self.verdict]
        if self.verdict is Verdict.PASS:
            digits = digits_text(digits_of(self.resolution))
            return f"{start}gradient verified to {self.resolution:.0e}: {digits} ({self.method})"
        if self.verdict is Verdict.KINK:
            state = "valid" if self.notes else "a valid subgradient"
            state = state if self.valid else "NOT between the one-sided slopes"
            where = f"input {bad[0].position} ({bad[0].name})" if bad else "the input"
            return f"{start}kink in {where}, the returned value is {state}"
        if self.verdict is Verdict.FAIL and self.elsewhere:
            return start + elsewhere_line(self.elsewhere, bad)
        if not bad:
            found = self.findings[0] if self.findings else "see below"
            return start + breach_line(found, self.inputs)
        line = wrong_line if self.verdict is Verdict.FAIL else undecided_line
        return start + line(bad)

    def lines(self) -> list[str]:
        """The text of the report, about twelve lines."""
        rows = [self.headline()]
        if self.source:
            rows.append(f"  source   {self.source}")
        if self.rule and not self:
            rows.append(f"  rule     {self.rule}")
        if self.culprit:
            rows.append(f"  first wrong operation    {self.culprit}")
        for result in self.inputs:
            tag = f"  [{result.name}] " if len(self.inputs) > 1 else "  "
            if result.verdict is Verdict.PASS:
                rows += [f"{tag}{text}" for text in result.notes]
                continue
            if result.worst is not None:
                rows.append(f"{tag}worst    {result.worst.line()}")
            told = [text for text in result.findings + result.notes if text not in rows[0]]
            rows += [f"{tag}{text}" for text in told]
        headline = rows[0]
        rows += [f"  {text}" for text in self.findings + self.notes if text not in headline]
        if self.smallest and not self:
            rows.append(f"  smallest failing input    {self.smallest}")
        rows.append(f"  {self.fact_line()}")
        if self.reproduce and not self:
            rows.append(f"  reproduce    {self.reproduce}")
        return [row.rstrip() for row in rows if row.strip()]

    def fact_line(self) -> str:
        """The contract checks and the Taylor rate on one line."""
        facts = [
            f"{name}: {answer}" for name, answer in self.facts.items() if answer != "not asked"
        ]
        taylor = self.taylor
        if self.verdict is Verdict.KINK:
            taylor = taylor.replace("2.0 expected", "1 is the rate at a kink")
        shown = [f"Taylor rate {taylor}"] if taylor else []
        return "    ".join(shown + facts)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON."""
        return {
            "name": self.name,
            "verdict": self.verdict.value,
            "ok": bool(self),
            "resolution": json_number(self.resolution),
            "inputs": [result.to_dict() for result in self.inputs],
            "facts": dict(self.facts),
            "findings": list(self.findings),
            "notes": list(self.notes),
            "kinds": list(self.kinds),
            "message": self.message,
            "source": self.source,
            "rule": self.rule,
            "taylor": self.taylor,
            "culprit": self.culprit,
            "smallest": self.smallest,
            "reproduce": self.reproduce,
            "method": self.method,
            "evaluations": self.evaluations,
            "seconds": self.seconds,
        }

    def to_json(self) -> str:
        """`to_dict` as JSON text."""
        return json.dumps(self.to_dict(), indent=2)

    def _repr_html_(self) -> str:
        """What a notebook shows: the text in the colour of the verdict, and the errors."""
        colour = (
            "#1a7f37" if self else "#b35900" if self.verdict is Verdict.INCONCLUSIVE else "#b42318"
        )
        first, *rest = self.lines()
        body = html.escape("\n".join(rest))
        head = f'<b style="color:{colour}">{html.escape(first)}</b>'
        drawing = "" if self else errors_svg(self.inputs)
        style = "line-height:1.35;white-space:pre-wrap;overflow-wrap:anywhere"
        return f'<div><pre style="{style}">{head}\n{body}</pre>{drawing}</div>'

    def show(self) -> None:
        """The picture in a notebook, the text elsewhere."""
        try:
            from IPython import get_ipython
            from IPython.display import HTML, display
        except ImportError:
            print(self)
            return
        if get_ipython() is None:
            print(self)
            return
        display(HTML(self._repr_html_()))
        if self.graph is not None:
            display(self.drawing())

    def drawing(self) -> Any:
        """The graph with the wrong operation marked; None where there is no graph."""
        if self.graph is None:
            return None
        title = f"gradient check of {self.name}"
        return self.graph.graph(names=self.names, mark=self.marks, title=title)

    def drawing_html(self) -> str:
        """The drawing as it would show in a notebook, or nothing."""
        drawing = self.drawing()
        if drawing is None:
            return ""
        for method in ("_repr_html_", "_repr_svg_"):
            render = getattr(drawing, method, None)
            if render is not None:
                return str(render() or "")
        return f"<pre>{html.escape(str(drawing))}</pre>"

    def save(self, path: str | Path) -> Path:
        """Write the report: `.svg` or `.html` with the picture, `.json`, or `.txt`.

        Raises ValueError for another suffix.
        """
        path = Path(path)
        if path.suffix == ".json":
            text = self.to_json()
        elif path.suffix == ".txt":
            text = str(self) + "\n"
        elif path.suffix == ".svg":
            text = text_svg(self.lines(), self.inputs)
        elif path.suffix == ".html":
            title = html.escape(self.headline())
            text = f"<!doctype html><meta charset='utf-8'><title>{title}</title>"
            text += self._repr_html_() + self.drawing_html()
        else:
            suffixes = ", ".join(SUFFIXES)
            raise ValueError(f"a report is saved as one of {suffixes}, not {path.suffix!r}")
        path.write_text(text, encoding="utf-8")
        return path
