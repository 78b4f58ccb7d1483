"""Fault, cause and resolution codes of a repair card, beside its free text (forms §3.5)."""

from __future__ import annotations

from collections.abc import Mapping

from servicedesk.domain.words import label

FAULTS: Mapping[str, str] = {
    "no_power": label("does not start"),
    "no_function": label("does not do its work"),
    "noise": label("noise or vibration"),
    "leak": label("leaks"),
    "display": label("display or control"),
    "overheats": label("overheats"),
    "damaged": label("damaged outside"),
    "intermittent": label("comes and goes"),
    "other": label("other"),
}
CAUSES: Mapping[str, str] = {
    "wear": label("wear"),
    "material": label("material or manufacture"),
    "installation": label("installation"),
    "use": label("use"),
    "power": label("power supply"),
    "earlier_repair": label("earlier repair"),
    "none_found": label("no fault found"),
    "other": label("other"),
}
RESOLUTIONS: Mapping[str, str] = {
    "part_replaced": label("part replaced"),
    "adjusted": label("adjusted"),
    "cleaned": label("cleaned"),
    "repaired_part": label("part repaired"),
    "software": label("software or reset"),
    "factory": label("repaired at the factory"),
    "none_needed": label("no repair needed"),
    "other": label("other"),
}
