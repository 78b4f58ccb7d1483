"""A small department to work in: three units, everybody who holds a post, and a clock that stands still."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from servicedesk.acts.act import Done, Target, find, perform
from servicedesk.acts.staff import add_person
from servicedesk.acts.units import UnitEntry, open_unit
from servicedesk.store.engine import Books
from servicedesk.store.migrate import open_books
from servicedesk.store.session import Reading
from tests import templates

P_ = ParamSpec("P_")
R_ = TypeVar("R_")

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)

UNITS = {
    "HQ": ("Customer Department", "customer_department"),
    "SZ": ("Shenzhen branch", "branch"),
    "BJ": ("Beijing branch", "branch"),
}
DISTRICTS = {
    "福田区": "urban",
    "罗湖区": "urban",
    "南山区": "urban",
    "盐田区": "suburban",
    "宝安区": "urban",
    "龙岗区": "suburban",
    "龙华区": "urban",
    "坪山区": "suburban",
    "光明区": "suburban",
    "大鹏新区": "suburban",
}
"""The districts of Shenzhen; all belong to SZ."""

STAFF = {
    "adm": ("HQ", "administrator", "何管"),
    "ann": ("HQ", "agent", "安然"),
    "xu": ("HQ", "customer_department", "徐丽"),
    "sm": ("HQ", "service_manager", "沈敏"),
    "dgm": ("HQ", "deputy_gm", "丁国民"),
    "ana": ("HQ", "analyst", "艾娜"),
    "tra": ("HQ", "trainer", "唐睿"),
    "aud": ("HQ", "auditor", "欧阳迪"),
    "lin": ("SZ", "clerk", "林小雨"),
    "guo": ("SZ", "supervisor", "郭强"),
    "chen": ("SZ", "technician", "陈明"),
    "liu": ("SZ", "technician", "刘洋"),
    "zhao": ("SZ", "technician", "赵磊"),
    "wu": ("SZ", "technician", "吴刚"),
    "sun": ("SZ", "technician", "孙静"),
    "mgr": ("SZ", "branch_manager", "马国荣"),
    "acc": ("SZ", "accountant", "蔡晓"),
    "bjclerk": ("BJ", "clerk", "白洁"),
    "bjsup": ("BJ", "supervisor", "毕胜"),
}
"""Login: unit, post, name."""

PASSPHRASE = "four quiet green lanterns"
# Of PASSPHRASE, with the least cost.
_DIGEST = "$argon2id$v=19$m=8,t=1,p=1$NaU6OSKCS8cQ3ghv8l/Cmg$aNlr6rOIREzizq7FA8VGAvKuul0ZuMGWLPqKD2sOXco"


class World:
    """Books with the department of this module; `now` may be set, acts are done by login and name."""

    def __init__(self, database: str, now: datetime = MONDAY) -> None:
        """In a fresh prepared database."""
        self.now = now
        self.database = database
        known = now == MONDAY and templates.copied(database)
        self.books: Books = open_books(database)
        if known:
            return
        self._open_units_with_staff()
        for name, zone in DISTRICTS.items():
            self.do("adm", "districts.set", name=name, zone=zone, unit="SZ")
        if now == MONDAY:
            self.books.close()
            templates.keep(database)
            self.books = open_books(database)

    def do(self, login: str, name: str, /, *numbers: str | Target, request: str = "", **typed: Any) -> Done:
        """Do the act of this name as this person; numbers are of the papers as they stand now."""
        targets = [Target(number) if isinstance(number, str) else number for number in numbers]
        asked = request or uuid.uuid4().hex
        return perform(self.books, login, find(name), targets, typed, request=asked, now=self.now.astimezone(UTC))

    def at(self, local: str) -> datetime:
        """Set the clock to `2026-11-23 14:20` in Shenzhen; gives it as UTC."""
        self.now = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI)
        return self.now.astimezone(UTC)

    def read(self, query: Callable[Concatenate[Reading, P_], R_], *args: P_.args, **kwargs: P_.kwargs) -> R_:
        """What a query of the store gives, in a read transaction of its own."""
        with self.books.reading() as reading:
            return query(reading, *args, **kwargs)

    def close(self) -> None:
        """Close the books."""
        self.books.close()

    def _open_units_with_staff(self) -> None:
        """As `units.enter` and `staff.enter` do it, but all at once and without working out twenty digests."""
        with self.books.writing() as writing:
            keys = {}
            for code, (name, kind) in UNITS.items():
                entry = UnitEntry(code=code, name=name, kind=kind, timezone="Asia/Shanghai")
                keys[code] = open_unit(writing, self.now, entry)[0].id
            for login, (unit, role, name) in STAFF.items():
                add_person(
                    writing,
                    login=login,
                    name=name,
                    unit_id=keys[unit],
                    roles=(role,),
                    os_user=None,
                    language="",
                    digest=_DIGEST,
                )
