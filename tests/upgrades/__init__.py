"""Registers of released versions, as they were: the present has to take each of them over.

`1.0.0.dump` is what `manage.py backup` wrote, `1.0.0.zip` its evidence files, and `1.0.0.json` what
its cited pages and its checks said. They are made once for a release (`keep.py`) and never again.
"""
