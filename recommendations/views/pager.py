"""The links between the pages of a long list."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator


@dataclass(frozen=True)
class Pager:
    """A page with the addresses of the others, made by `address` from their numbers."""

    page: Page
    address: Callable[[int], str]

    @property
    def url(self) -> str:
        """The address of the page itself."""
        return self.address(self.page.number)

    @property
    def previous(self) -> str:
        """The address of the page before, or ""."""
        return self.address(self.page.number - 1) if self.page.has_previous() else ""

    @property
    def next(self) -> str:
        """The address of the page after, or ""."""
        return self.address(self.page.number + 1) if self.page.has_next() else ""

    @property
    def links(self) -> list[tuple[int | str, str]]:
        """Number and address of each page to show; an ellipsis and "" for those left out."""
        paginator: Paginator = self.page.paginator
        numbers = paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        return [(each, self.address(each) if isinstance(each, int) else "") for each in numbers]
