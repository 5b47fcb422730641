"""How long something takes on an old telephone network and by a person's hand: counted, not waited for.

A busy machine makes a clock lie. What a page costs is its bytes and its requests; what a form costs is its touches and
its characters. Both are the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, Request


@dataclass(frozen=True)
class Line:
    """Bits a second down and up, and seconds to and fro."""

    down: int
    up: int
    latency: float

    @property
    def throttle(self) -> dict[str, float | bool]:
        """The same for ``Network.emulateNetworkConditions``, which takes bytes a second and milliseconds."""
        return {
            "offline": False,
            "latency": self.latency * 1000,
            "downloadThroughput": self.down / 8,
            "uploadThroughput": self.up / 8,
        }

    def seconds(self, came: int, went: int, requests: int) -> float:
        """For so many bytes, as if each request waited for the one before: longer than any browser takes."""
        return came * 8 / self.down + went * 8 / self.up + requests * self.latency


#: "Regular 2G" as Chromium's own tools imitated it: GPRS and EDGE as they are at the edge of a town, where they still
#: are; 3G is switched off in China, so that whoever loses 4G falls to this
SECOND_GENERATION = Line(down=250_000, up=50_000, latency=0.3)
#: to and fro before the first byte of a page: the name, the connection, and twice for its encryption
CONNECTING = 4


@dataclass
class Traffic:
    """What went over the line since the last :meth:`since`, as Chromium counts it, headers and all."""

    page: Page
    seen: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("requestfinished", lambda request: self.seen.append(request))

    def since(self) -> tuple[int, int, int]:
        """Bytes that came, bytes that went, requests; and the count begins anew."""
        sizes = [request.sizes() for request in self.seen if not request.url.startswith(("data:", "blob:"))]
        self.seen.clear()
        came = sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)
        went = sum(one["requestBodySize"] + one["requestHeadersSize"] for one in sizes)
        return came, went, len(sizes)


@dataclass
class Hand:
    """Somebody who seldom types: every touch and every character is counted while the page is really used."""

    #: to read the next question and find the place with a thumb
    touch: float = 3.0
    #: by pinyin, with the choice among the characters that are offered: fifty a minute
    character: float = 1.2
    touches: int = 0
    characters: int = 0

    def tap(self, place: Locator) -> None:
        self.touches += 1
        place.tap()

    def type(self, place: Locator, words: str) -> None:
        """Touch a field and write."""
        self.tap(place)
        self.characters += len(words)
        place.fill(words)

    @property
    def seconds(self) -> float:
        return self.touches * self.touch + self.characters * self.character
