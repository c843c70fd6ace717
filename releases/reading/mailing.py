"""The links in letters to who keeps heads (accounts.letters.heads), for the pages behind them."""

from __future__ import annotations

from accounts.letters.heads import confirm, invited, leave, leaving

__all__ = ["confirm", "invited", "leave", "leaving"]
