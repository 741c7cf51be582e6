"""Mutations on top of each other: real pages have more than one fault."""

from __future__ import annotations

from tests.evaluation.mutation.pages import MUTATIONS, HtmlPage, mutation

# Together with others these leave nothing by which anybody could tell: columns exchanged under no header, one cell lost and one too many.
ALONE = frozenset({"table: drop header", "table: split table", "table: stray cell", "table: several at once"})
# These write the page as text: whatever comes behind would be lost.
LAST = tuple(name for name in MUTATIONS if name.startswith("table: flattened"))


@mutation("table")
def several_at_once(page: HtmlPage) -> bool:
    """Three other mutations, and once in four times the page is flattened at last."""
    names = [name for name, one in MUTATIONS.items() if one.kind == "table" and name not in ALONE and name not in LAST]
    names.remove("table: tags left open")
    chosen = page.random.sample(names, 3)
    changed = [name for name in chosen if MUTATIONS[name].change(page)]
    # Without spans nobody can tell how many columns one empty cell stood for.
    if page.random.random() < 0.25 and "table: merge blanks" not in changed:
        MUTATIONS[page.random.choice(LAST)].change(page)
    return len(changed) > 1
