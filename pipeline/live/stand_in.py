"""A device profile in place of this machine: what the tiers of the live stages would cost and draw there.

In: a profile and the tiers of reading. Out: a cost table, the power behind each entry, and a sentence for each network
that the NPU would not take. Pure; knows nothing of clocks.

A reading of `n` lines in a picture of `p` pixels takes `detect.ms * p / detect.pixels + n * recognise.ms`: p50 with
half of the lines that the tier may read, p95 with all of them and the profile's spread. A glance takes the same with a
quarter of the pixels and an eighth of the lines, p95 with half of both. A translation takes
`translate.ms + k * translate.step_ms` for `k` pieces of text: p50 one sign, p95 a sentence. Drawing has no published
figure: it is left at the speed of this machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from devices.profile import JOBS, PRECISIONS, Network, Profile
from pipeline.live.costs import Cost, CostTable
from pipeline.live.reading import Effort
from pipeline.live.session import EFFORTS, GLANCE_STAGE, READING_STAGE, TRANSLATING_STAGE

Key = tuple[str, str]
"""Stage and tier."""

WANTED: Mapping[str, str] = MappingProxyType({"detect": "int8", "recognise": "float16", "translate": "int8"})
"""The coarsest precision in which each job is still done well: quantised recognisers lose letters, and vendors' tools
push them off the NPU. A finer one will do as well."""

SIGN_PIECES, SENTENCE_PIECES = 8, 24
_PICTURE = (1280, 720)


@dataclass(frozen=True, slots=True)
class Load:
    """One entry of the table: how long it takes, and what the units draw on the average meanwhile."""

    cost: Cost
    power_w: float


@dataclass(frozen=True, slots=True)
class _Extent:
    """How much of a tier's pixels and lines a reading takes, half of the time and 95 times of 100."""

    pixels: tuple[float, float]
    lines: tuple[float, float]


_WHOLE = _Extent((1.0, 1.0), (0.5, 1.0))
_GLANCE = _Extent((0.25, 0.5), (0.125, 0.5))


def place(profile: Profile, job: str, wanted: str | None = None) -> Network:
    """The network that does a job there: on the NPU where it takes the precision or a finer one, else on another unit.

    Raises ValueError where the profile has none, which `load_profile` rules out for `wanted` up to the finest.
    """
    coarsest = PRECISIONS.index(wanted or WANTED[job])
    fitting = [one for one in profile.networks if one.job == job and PRECISIONS.index(one.precision) >= coarsest]
    if not fitting:
        raise ValueError(f"{profile.name}: expected a network for {job} in {wanted or WANTED[job]} or finer, got none")
    return min(fitting, key=lambda one: (one.unit != "npu", one.ms.value))


def falls_off(profile: Profile, job: str, precision: str | None = None) -> str:
    """Why a job in exactly this precision (that of `place` by default) is not done by the NPU; empty: it is.

    A sentence for people, with what it takes instead. Empty too where the chip has no NPU.
    """
    network = place(profile, job) if precision is None else profile.network(job, precision)
    if not profile.has_npu() or (network is not None and network.unit == "npu"):
        return ""
    takes = ", ".join(sorted(one.precision for one in profile.networks if one.job == job and one.unit == "npu"))
    takes = f"takes it in {takes} only" if takes else "does not take it"
    wanted = precision or WANTED[job]
    if network is None:
        return f"{job} in {wanted}: the NPU of {profile.name} {takes}, and nothing is published for another unit"
    ms = f"{network.ms.value + (network.step_ms.value if network.step_ms else 0):.0f} ms"
    return f"{job} in {wanted}: the NPU of {profile.name} {takes}; on the {network.unit.upper()} it takes {ms}"


def flags(profile: Profile) -> tuple[str, ...]:
    """A sentence for each of our networks that falls off the NPU there."""
    return tuple(filter(None, (falls_off(profile, job) for job in JOBS)))


def loads(profile: Profile, efforts: Mapping[str, Effort] = EFFORTS) -> dict[Key, Load]:
    """Every tier of the live stages that the profile has figures for."""
    table = {(READING_STAGE, tier): _reading(profile, effort, _WHOLE) for tier, effort in efforts.items()}
    table |= {(GLANCE_STAGE, tier): _reading(profile, effort, _GLANCE) for tier, effort in efforts.items()}
    return table | {(TRANSLATING_STAGE, ""): _translating(profile)}


def costs(profile: Profile, efforts: Mapping[str, Effort] = EFFORTS) -> CostTable:
    """The same as a cost table for a session."""
    return {key: load.cost for key, load in loads(profile, efforts).items()}


def _reading(profile: Profile, effort: Effort, extent: _Extent) -> Load:
    detect, recognise = place(profile, "detect"), place(profile, "recognise")
    wide, high = _PICTURE
    pixels = effort.short_side_px**2 * wide / high
    find_ms, most_find_ms = (share * detect.ms.value * pixels / detect.pixels for share in extent.pixels)
    read_ms, most_read_ms = (share * effort.most_lines * recognise.ms.value for share in extent.lines)
    joules = find_ms * _power_w(profile, detect) + read_ms * _power_w(profile, recognise)
    cost = Cost(find_ms + read_ms, (most_find_ms + most_read_ms) * profile.spread.value)
    return Load(cost, joules / cost.p50_ms)


def _translating(profile: Profile) -> Load:
    network = place(profile, "translate")
    step_ms = network.step_ms.value if network.step_ms else 0.0
    sign_ms, sentence_ms = (network.ms.value + pieces * step_ms for pieces in (SIGN_PIECES, SENTENCE_PIECES))
    return Load(Cost(sign_ms, sentence_ms * profile.spread.value), _power_w(profile, network))


def _power_w(profile: Profile, network: Network) -> float:
    return profile.units[network.unit].power_w.value
