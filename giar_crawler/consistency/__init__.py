"""What reports contradict one another in, over the years of one publisher and between publishers, and what the walks know better.

`series_remarks` reads one publisher's years, `Ledger` keeps the little that has to be known of all reports to compare them with others.
Nothing is stored: the remarks are made anew from what is stored whenever somebody asks.
"""

from giar_crawler.consistency.absences import absence_remarks
from giar_crawler.consistency.ledger import Ledger
from giar_crawler.consistency.said import Remark, Said, Year, said
from giar_crawler.consistency.series import series_remarks

__all__ = ["Ledger", "Remark", "Said", "Year", "absence_remarks", "said", "series_remarks"]
