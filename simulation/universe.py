"""All employers of the city: code, name, district, trade, size. Builders of projects are a part of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from simulation import columns, identifiers, names
from simulation.profiles import Profile
from simulation.seeds import Streams
from simulation.writing import Deliveries

#: trade → (share of employers, what its firms call themselves)
TRADES: dict[str, tuple[float, str]] = {
    "批发和零售业": (0.34, "商贸"),
    "住宿和餐饮业": (0.12, "餐饮服务"),
    "制造业": (0.12, "精密制造"),
    "租赁和商务服务业": (0.12, "商务服务"),
    "居民服务业": (0.08, "生活服务"),
    "信息技术服务业": (0.06, "信息科技"),
    "交通运输和仓储业": (0.04, "物流"),
    "建筑业": (0.07, "建筑工程"),
    "房地产业": (0.03, "置业"),
    "其他": (0.02, "实业"),
}
TRADE_NAMES = list(TRADES)
BUILDING, ESTATE = TRADE_NAMES.index("建筑业"), TRADE_NAMES.index("房地产业")


@dataclass(frozen=True)
class Universe:
    """Employers by number, 0 to ``len(self) - 1``. Parts of the city refer to an employer by its number."""

    profile: Profile
    streams: Streams
    district: np.ndarray
    trade: np.ndarray
    founded: np.ndarray
    #: people working there; most employers are small, a few are large
    size: np.ndarray
    code_letters: np.ndarray

    def __len__(self) -> int:
        return len(self.district)

    @cached_property
    def codes(self) -> pa.Array:
        """Unified social credit codes."""
        return columns.fixed(self.code_letters)

    @cached_property
    def titles(self) -> pa.Array:
        """Names of the firms."""
        tails = columns.words(self.trade, [tail for _, tail in TRADES.values()])
        return names.firms(self.streams.rng("universe", "titles"), tails)

    @cached_property
    def regions(self) -> pa.Array:
        """District codes."""
        return columns.words(self.district, [district.code for district in self.profile.districts])

    def builders(self) -> dict[str, np.ndarray]:
        """Who builds: numbers of the owners, the general contractors and the subcontractors; nobody is two."""
        rng = self.streams.rng("universe", "builders")
        projects = self.profile.projects
        estate = rng.permutation(np.flatnonzero(self.trade == ESTATE))
        building = rng.permutation(np.flatnonzero(self.trade == BUILDING))
        general = min(max(2, int(projects * 0.45)), len(building) // 2)
        subs = min(max(3, int(projects * 0.8)), len(building) - general)
        return {
            "owners": estate[: max(2, int(projects * 0.6))],
            "contractors": building[:general],
            "subcontractors": building[general : general + subs],
        }


def universe(profile: Profile, streams: Streams) -> Universe:
    """The employers of the city. The same profile and seed give the same ones."""
    rng = streams.rng("universe")
    count = profile.employers
    weights = np.array([district.weight for district in profile.districts])
    district = rng.choice(len(weights), count, p=weights / weights.sum()).astype(np.int16)
    shares = np.array([share for share, _ in TRADES.values()])
    trade = rng.choice(len(shares), count, p=shares / shares.sum()).astype(np.int8)
    # Enough of the two trades that build, also in the smallest city.
    trade[: max(6, profile.projects * 2)] = BUILDING
    trade[max(6, profile.projects * 2) : max(6, profile.projects * 2) + max(3, profile.projects)] = ESTATE
    codes = np.array([int(place.code) for place in profile.districts])
    last = np.datetime64(dt.date(profile.until.year - 1, 1, 1))
    founded = last - (rng.gamma(1.6, 1500, count)).astype(np.int64).clip(30, 13000)
    size = np.exp(rng.normal(0.2, 1.6, count)).astype(np.int32).clip(1, 6000)
    everybody = Universe(
        profile,
        streams,
        district,
        trade,
        founded,
        size,
        identifiers.employer_codes(codes[district], np.arange(count)),
    )
    # Who runs a site has an office: staff of its own beside the workers of the sites.
    builders = everybody.builders()
    office = streams.rng("universe", "builders", "size")
    for role in ("contractors", "subcontractors"):
        staff = np.exp(office.normal(3.3, 0.7, len(builders[role]))).astype(np.int32)
        size[builders[role]] = np.maximum(size[builders[role]], staff.clip(5, 300))
    return everybody


def write_register(everybody: Universe, out: Deliveries, opening: dt.date) -> None:
    """The register of employers as it stood on the opening day."""
    count = len(everybody)
    out.write(
        "registry/employers",
        opening,
        pa.table(
            {
                "统一社会信用代码": everybody.codes,
                "单位名称": everybody.titles,
                "区划代码": everybody.regions,
                "行业": columns.words(everybody.trade, TRADE_NAMES),
                "成立日期": columns.day(everybody.founded),
                "登记状态": columns.same("存续", count),
                "状态日期": columns.day(everybody.founded),
            }
        ),
        sender="register",
    )
