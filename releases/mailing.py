"""The links in letters to who keeps heads (accounts.mailing), for the public pages behind them."""

from __future__ import annotations

from accounts.mailing import confirm, invited, leave, leaving

__all__ = ["confirm", "invited", "leave", "leaving"]
