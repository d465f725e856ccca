"""The picker as a generator: it stands wherever a language model that writes programs would."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from model.catalog import PICKER
from model.contract import Generation, SheetLine
from model.picker.artefact import OpenPicker, open_picker
from model.program import Abstention


class PickerGenerator:
    """Writes the likeliest program on a sheet; one that is less likely than ``least`` becomes an abstention.

    The probability is that of the whole program, all its choices together.
    """

    def __init__(self, picker: OpenPicker, least: float | None = None) -> None:
        self.name = PICKER
        self._picker = picker
        self._least = float(picker.card.get("least_probability", 0.0)) if least is None else least

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that identify the weights."""
        return self._picker.fingerprint

    def write_program(self, question: str, lines: Sequence[SheetLine]) -> Generation:
        """Write a program over ``lines``; those that find no room are named in ``dropped_lines``."""
        from model.picker.actions import to_program
        from model.picker.decode import choose

        started = time.perf_counter()
        layout = self._picker.typesetter.lay_out([question], lines)
        best = choose(self._picker.network, layout, self._picker.typesetter.padding)[0]
        program = to_program(best.actions, layout.lines)
        refused = ""
        if best.probability < self._least and not isinstance(program, Abstention):
            program = Abstention("not_supported")
            refused = f"the likeliest program has a probability of {best.probability:.2f}, less than {self._least:.2f}"
        read = {line.id for line in layout.lines}
        return Generation(
            text=str(program),
            tokens=len(best.actions),
            seconds=time.perf_counter() - started,
            model=f"{self.name}@{self.fingerprint}",
            prompt_tokens=len(layout.ids) + len(layout.questions[0]),
            dropped_lines=tuple(line.id for line in lines if line.id not in read),
            refused=refused,
            probability=best.probability,
        )


def load_picker(folder: Path | None = None, *, cache: Path, least: float | None = None) -> PickerGenerator:
    """Load the picker that comes with Tieout, or one in ``folder``; raises as ``open_picker`` does.

    ``least`` overrules what the card says of the least probability of an answer.
    """
    return PickerGenerator(open_picker(folder, cache=cache), least)
