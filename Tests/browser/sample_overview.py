"""An hour of a busy host, as `/overview.json` tells it."""

import math
import time
from typing import Any

SURFACES = [("telegram", "telegram"), ("matrix", "matrix"), ("max", "max")]


def settings(**more: Any) -> dict[str, Any]:
    return {
        "access": "pairing",
        "users": 0,
        "groups": "mention",
        "streaming": "auto",
        "editIntervalSeconds": None,
        "receive": "polling",
        "proxy": False,
        **more,
    }


def surface(name: str, now: int, state: str, reason: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "kind": name,
        "enabled": state != "disabled",
        "state": state,
        "reason": reason,
        "since": now - 3 * 3600_000,
        "lastReceivedAt": now - 8_000 if state == "receiving" else None,
        "settings": settings(),
        "inbox": 0,
        "outbox": 0,
        "messages": 0,
        "delivered": 0,
        "undelivered": 0,
        "strangers": 0,
        "rateLimits": 0,
        **more,
    }


def latencies(half: float, most: float) -> dict[str, Any]:
    return {"count": 20, "p50": round(half, 4), "p95": round(most, 4)}


def minute(end: int, number: int) -> dict[str, Any]:
    wave = 1 + math.sin(number / 7) + 0.4 * math.sin(number * 2.1)
    counts = [round(9 * wave), round(5 * abs(math.cos(number / 9))), round(2 + number % 3)]
    quiet = number in (22, 23, 24)
    total = 0 if quiet else sum(counts)
    lost = 3 if 38 <= number < 42 else 0
    return {
        "end": end,
        "seconds": 60,
        "messages": {} if quiet else {name: count for (name, _), count in zip(SURFACES, counts, strict=True) if count},
        "answered": max(0, total - lost),
        "unanswered": lost,
        "delivered": total,
        "added": None if quiet else latencies(0.006 + 0.002 * wave, 0.018 + 0.012 * abs(wave)),
        "firstText": None if quiet else latencies(0.9 + 0.3 * wave, 2.4 + 1.1 * abs(wave)),
        "delivery": None if quiet else latencies(0.05 + 0.02 * wave, 0.3 + (2.5 if lost else 0.1 * abs(wave))),
    }


def overview() -> dict[str, Any]:
    now = int(time.time() * 1000)
    minutes = [minute(now - (59 - number) * 60_000 - 20_000, number) for number in range(60)]
    return {
        "version": "0.1.0",
        "now": now,
        "uptimeSeconds": 3 * 86400 + 7 * 3600,
        "agent": {"state": "ok", "reason": None},
        "surfaces": [
            surface("telegram", now, "receiving", messages=14_203, delivered=14_511, rateLimits=3, strangers=12),
            surface(
                "matrix",
                now,
                "retrying",
                "matrix.example.org: the connection was refused",
                messages=5_120,
                delivered=5_204,
                outbox=4,
                inbox=1,
                undelivered=2,
                settings=settings(access="allowlist", users=14, groups="always", editIntervalSeconds=1.5),
            ),
            surface("max", now, "disabled", settings=settings(receive="webhook", streaming="off", proxy=True)),
        ],
        "inbox": 1,
        "outbox": 4,
        "running": 3,
        "pairings": [
            {
                "code": "K7RMW2QD",
                "surface": "telegram",
                "user": "80172265",
                "name": "Ann Example",
                "askedAt": now - 125_000,
                "lastsSeconds": 3600,
            },
            {
                "code": "HX3PVT9B",
                "surface": "telegram",
                "user": "5512093311",
                "name": "<b>Ben</b>",
                "askedAt": now - 1_900_000,
                "lastsSeconds": 3600,
            },
        ],
        "troubles": [
            {
                "at": now - 31_000,
                "level": "warning",
                "phrase": "Surface lost its connection",
                "fields": [
                    ["surface", "matrix"],
                    ["kind", "matrix"],
                    ["state", "retrying"],
                    ["reason", "matrix.example.org: the connection was refused"],
                ],
                "count": 14,
            },
            {
                "at": now - 1_260_000,
                "level": "error",
                "phrase": "The agent refused the request",
                "fields": [["surface", "telegram"], ["context", "1764321000123"], ["reason", "HTTP 500"]],
                "count": 1,
            },
            {
                "at": now - 4_400_000,
                "level": "warning",
                "phrase": "A message could not be delivered yet",
                "fields": [["surface", "telegram"], ["post", "1764000000017"], ["retry", "21.0 seconds"]],
                "count": 3,
            },
        ],
        "minutes": [*minutes, {**minute(now, 60), "seconds": 20}],
    }
