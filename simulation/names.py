"""Invented names. A likeness to somebody real is chance."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SURNAMES = list(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_FIRST = list("建国志永德文春秋明海玉金光兴福贵祥云成东长天立传世家正新学有水大小桂红树荣根富宝田军华")
_SECOND = list("平强军伟勇刚亮林生才发全明华兰芳英梅花国良民安清海山江涛波辉斌兵财喜旺坤凯龙虎松柏峰")
_BRAND = list("澜柏樾骁沅珩霁昱铎湛澍甯珏枫岚嵘峤洺泓涵璟瑜瑄祺祎禾稷穗蔚芃苇茗荟萱葳蓁薇")


def people(rng: np.random.Generator, count: int, surname: np.ndarray | None = None) -> pa.Array:
    """Names of people; ``surname`` numbers give relatives the same one."""
    first = rng.integers(0, len(SURNAMES), count) if surname is None else surname % len(SURNAMES)
    middle = np.where(rng.random(count) < 0.85, rng.integers(0, len(_FIRST), count), len(_FIRST))
    parts = [
        pa.array(SURNAMES).take(pa.array(first)),
        pa.array([*_FIRST, ""]).take(pa.array(middle)),
        pa.array(_SECOND).take(pa.array(rng.integers(0, len(_SECOND), count))),
    ]
    return pc.binary_join_element_wise(*parts, "")


def brands(rng: np.random.Generator, count: int) -> pa.Array:
    """Three rare characters, for firms and estates."""
    drawn = [pa.array(_BRAND).take(pa.array(rng.integers(0, len(_BRAND), count))) for _ in range(3)]
    return pc.binary_join_element_wise(*drawn, "")


def firms(rng: np.random.Generator, tails: pa.Array) -> pa.Array:
    """Names of firms: a brand and what the firm does."""
    return pc.binary_join_element_wise(brands(rng, len(tails)), tails, "有限公司", "")
