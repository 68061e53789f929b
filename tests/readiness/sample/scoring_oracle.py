"""The readiness score worked out from the CSV files of a pack, by the specification alone.

It shares nothing with the product, so that one can be held against the other.
"""

import itertools
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.readiness.sample.pack_files import Pack, by, day, listed

WEIGHTS = {
    "training": 18,
    "technical": 15,
    "champions": 12,
    "governance": 12,
    "continuity": 10,
    "engagement": 9,
    "leadership": 8,
    "resourcing": 6,
    "partnerships": 4,
    "goals": 3,
    "pilots": 3,
}
SHARES = {"training.completion": 3, "champions.cover": 2, "technical.access": 2}
CURVE = ((120, 20), (90, 35), (60, 55), (30, 80), (14, 92), (0, 100))
UNKNOWN, NOT_APPLICABLE = "unknown", "n/a"


def expected_at(days: int) -> Fraction:
    if days >= CURVE[0][0]:
        return Fraction(CURVE[0][1])
    for (far, low), (near, high) in itertools.pairwise(CURVE):
        if days >= near:
            return low + Fraction(far - days, far - near) * (high - low)
    return Fraction(100)


class SiteScore:
    """One deployment on one day: `score`, `raw`, `band`, `caps`, `coverage` and `indicators`."""

    def __init__(self, pack: Pack, deployment: dict[str, str], on: date) -> None:
        self.pack, self.deployment, self.on = pack, deployment, on
        self.site = deployment["site"]
        self.zone = pack.zones[self.site]
        self.go = day(deployment.get("actual_go_live")) or day(deployment.get("go_live"))
        technical = day(deployment.get("actual_technical_go_live")) or day(deployment.get("technical_go_live"))
        self.technical = technical or self.go
        self.horizon = max(on, self.go) if self.go else on
        scope = listed(deployment.get("wards"))
        self.wards = [w["code"] for w in pack["wards"] if w["site"] == self.site and (not scope or w["code"] in scope)]
        self.ward_of = self.count_staff()
        self.items = {item["code"]: self.read_item(item) for item in pack["template"]}
        self.hazards = [h for h in pack["hazards"] if h["site"] in ("", self.site) and by(h["raised_on"], on)]
        self.indicators = self.measure()
        self.judge()

    def count_staff(self) -> dict[tuple[str, str], str]:
        best = {}
        for row in self.pack.postings[(self.site,)]:
            if (
                row["ward"] in self.wards
                and day(row["from"]) <= self.on
                and not (row["to"] and day(row["to"]) < self.on)
            ):
                key = (row["organisation"], row["number"])
                best[key] = max(best.get(key, ("", "")), (row["from"], row["ward"]))
        return {key: ward for key, (_, ward) in best.items()}

    def read_item(self, item: dict[str, str]) -> dict:
        """State, whether it is done, credit and due date on the day."""
        state, assurance, done_on, due = "not_started", 0, None, None
        events = sorted(
            self.pack.events[(self.site, item["code"])], key=lambda event: self.pack.moment(event["at"], self.zone)
        )
        for event in events:
            on = self.pack.moment(event["at"], self.zone).astimezone(self.zone).date()
            if on > self.on:
                continue
            level = ("declared", "seen", "proved").index(event["assurance"] or "declared")
            if event["state"]:
                state, done_on, assurance = event["state"], on, level
            elif event["assurance"]:
                assurance = max(assurance, level)
            if event["due"]:
                due = None if event["due"] == "default" else day(event["due"])
        fresh = not item["valid_days"] or (done_on and done_on + timedelta(int(item["valid_days"])) >= self.on)
        base = self.technical if item["golive"] == "technical" else self.go
        if due is None and base and item["due_days"]:
            due = base - timedelta(int(item["due_days"]))
        credit = Fraction(4, 5) if item["evidence"] == "true" and assurance == 0 else Fraction(1)
        return {"state": state, "done": state == "done" and bool(fresh), "credit": credit, "due": due, "row": item}

    def waived(self, subject: str) -> bool:
        return any(
            row["site"] == self.site
            and row["item"] == subject
            and row["state"] in ("approved", "revoked")
            and by(row["decided_on"], self.on)
            and not by(row["revoked_on"], self.on)
            and by(row["from"], self.on)
            and day(row["until"]) >= self.on
            for row in self.pack["waivers"]
        )

    def completed(self, who: tuple[str, str], course: dict[str, str]) -> bool:
        return any(
            row["state"] == "attended"
            and day(row["date"]) <= self.on
            and (not course["valid_days"] or day(row["date"]) + timedelta(int(course["valid_days"])) >= self.horizon)
            and (course["assessed"] != "true" or row["passed"] == "true")
            for row in self.pack.attendance[(*who, course["code"])]
        )

    def share_trained(self, managers_only: bool):
        done = pairs = 0
        for course in self.pack["courses"]:
            if course["active"] == "false" or course["for_champions"] == "true":
                continue
            groups = listed(course["groups"])
            for who in self.ward_of:
                person = self.pack.staff[who]
                if (groups and person["group"] not in groups) or (managers_only and person["line_manager"] != "true"):
                    continue
                pairs += 1
                done += self.completed(who, course)
        return Fraction(done, pairs) if pairs else UNKNOWN

    def measure(self) -> dict:
        values = {
            "training.completion": self.against(self.share_trained(False), Fraction(95, 100)),
            "training.managers": self.against(self.share_trained(True), Fraction(1)),
            "champions.ratio": self.champion_ratio(),
            "champions.cover": self.champion_cover(),
            "technical.access": self.access(),
            "engagement.reach": self.reach(),
            "engagement.confidence": self.confidence(),
            "goals.targets": self.targets(),
            "partnerships.commitments": self.commitments(),
            "pilots.outcome": self.pilots(),
            "governance.hazards": self.hazard_share(),
        }
        for domain in WEIGHTS:
            counted = [
                i for i in self.items.values() if i["row"]["domain"] == domain and i["state"] != "not_applicable"
            ]
            weight = sum(int(item["row"]["weight"]) for item in counted)
            gained = sum(int(item["row"]["weight"]) * item["credit"] for item in counted if item["done"])
            values[f"checklist.{domain}"] = Fraction(gained, weight) if weight else NOT_APPLICABLE
            if not self.items:
                values[f"checklist.{domain}"] = UNKNOWN
        for code in listed(self.pack.programme.get("not_applicable")):
            values[code] = NOT_APPLICABLE
        return values

    @staticmethod
    def against(value, target: Fraction):
        return value if value == UNKNOWN else min(value / target, Fraction(1))

    def champion_ratio(self):
        courses = [c for c in self.pack["courses"] if c["for_champions"] == "true" and c["active"] != "false"]
        total, gained = 0, Fraction(0)
        for ward in self.wards:
            people = [who for who, its_ward in self.ward_of.items() if its_ward == ward]
            if not people:
                continue
            have = sum(
                any(
                    by(c["from"], self.on) and not (c["to"] and day(c["to"]) < self.on)
                    for c in self.pack.champions[who]
                )
                and all(self.completed(who, course) for course in courses)
                for who in people
            )
            total += len(people)
            gained += len(people) * min(Fraction(1), Fraction(have, max(1, -(-len(people) // 10))))
        return gained / total if total else UNKNOWN

    def champion_cover(self):
        wards = sorted(set(self.ward_of.values()))
        if not self.go or not wards or not self.pack["shift_patterns"]:
            return UNKNOWN
        filled = slots = 0
        for ward in wards:
            shifts = [
                (
                    shift["organisation"],
                    shift["number"],
                    *(self.pack.moment(shift[end], self.zone) for end in ("starts_at", "ends_at")),
                )
                for shift in self.pack.shifts[(self.site, ward)]
                if by(shift["planned_on"], self.on)
                and (shift["state"] not in ("missed", "cancelled") or not by(shift["ended_on"], self.on))
            ]
            for offset in range(14):
                for pattern in self.pack["shift_patterns"]:
                    slots += 1
                    filled += self.slot_filled(shifts, self.go + timedelta(offset), pattern)
        return Fraction(filled, slots)

    def slot_filled(self, shifts: list, on: date, pattern: dict[str, str]) -> bool:
        first, last = time.fromisoformat(pattern["starts"]), time.fromisoformat(pattern["ends"])
        utc = ZoneInfo("UTC")
        starts = datetime.combine(on, first, self.zone).astimezone(utc)
        ends = datetime.combine(on if last > first else on + timedelta(1), last, self.zone).astimezone(utc)
        present = {
            (organisation, number)
            for organisation, number, begun, ended in shifts
            if 2 * (min(ended.astimezone(utc), ends) - max(begun.astimezone(utc), starts)) >= ends - starts
        }
        return len(present) >= int(pattern["minimum"] or 1)

    def access(self):
        if not self.ward_of:
            return UNKNOWN
        passed = 0
        for who in self.ward_of:
            tests = []
            for row in self.pack.checks[who]:
                zone = self.pack.zones.get(row["site"], self.zone)
                at = self.pack.moment(row["checked_at"], zone)
                if at.astimezone(self.zone).date() <= self.on:
                    tests.append((at, row["passed"] == "true"))
            passed += bool(tests) and max(tests)[1]
        return min(Fraction(passed, len(self.ward_of)) / Fraction(98, 100), Fraction(1))

    def reach(self):
        groups = {self.pack.staff[who]["group"] for who in self.ward_of}
        named = set()
        for event in self.pack["engagement"]:
            if self.site in listed(event["sites"]) and self.on - timedelta(90) < day(event["date"]) <= self.on:
                named.update(listed(event["groups"]))
        return Fraction(len(groups & named), len(groups)) if groups else UNKNOWN

    def confidence(self):
        answers = [
            Fraction(row["confidence"])
            for row in self.pack.pulse[(self.site,)]
            if row["confidence"] and self.on - timedelta(60) < day(row["date"]) <= self.on
        ]
        return (sum(answers) / len(answers) - 1) / 4 if len(answers) >= 5 else UNKNOWN

    def targets(self):
        measures = self.pack["measures"]
        agreed = [t for t in self.pack["site_targets"] if t["site"] == self.site and by(t["agreed_on"], self.on)]
        return Fraction(len(agreed), len(measures)) if measures else UNKNOWN

    def commitments(self):
        due = [c for c in self.pack["commitments"] if c["site"] in ("", self.site) and by(c["due_on"], self.horizon)]
        return Fraction(sum(by(c["delivered_on"], self.on) for c in due), len(due)) if due else UNKNOWN

    def pilots(self):
        ended = [pilot for pilot in self.pack["pilots"] if by(pilot["ends_on"], self.on)]
        total = Fraction(0)
        for pilot in ended:
            outcome = pilot["outcome"] if by(pilot["decided_on"], self.on) else "undecided"
            value = {"scale": Fraction(1), "iterate": Fraction(1, 2)}.get(outcome, Fraction(0))
            total += value * (1 if by(pilot["secured_on"], self.on) else Fraction(1, 2))
        return total / len(ended) if ended else UNKNOWN

    def hazard_share(self):
        if not self.hazards:
            return UNKNOWN
        return Fraction(sum(self.settled(hazard) for hazard in self.hazards), len(self.hazards))

    def settled(self, hazard: dict[str, str]) -> bool:
        return by(hazard["closed_on"], self.on) or by(hazard["accepted_on"], self.on)

    def find_caps(self) -> dict[str, int]:
        caps = {}
        for code, item in self.items.items():
            if item["row"]["blocking"] == "true" and not self.waived(code):
                if not item["done"] and item["state"] != "not_applicable" and item["due"] and item["due"] < self.on:
                    caps["blocker_overdue"] = 49
                if item["state"] == "blocked":
                    caps["blocker_blocked"] = 69
        if self.indicators["governance.hazards"] == UNKNOWN:
            caps["hazard_log_missing"] = 49
        if any(int(h["likelihood"]) * int(h["severity"]) >= 15 and not self.settled(h) for h in self.hazards):
            caps["hazard_unacceptable"] = 49
        mine = {row["code"] for row in self.pack["agreements"] if row["site"] == self.site}
        open_signature = any(
            row["agreement"] in mine and not by(row["signed_on"], self.on) for row in self.pack["signatures"]
        )
        if open_signature and self.go and (self.go - self.on).days <= 30 and not self.waived("agreement_unsigned"):
            caps["agreement_unsigned"] = 69
        return caps

    def judge(self) -> None:
        total = points = known = Fraction(0)
        for domain, weight in WEIGHTS.items():
            shares = gained = seen = 0
            for code, value in self.indicators.items():
                if (code.split(".")[0] == domain or code == f"checklist.{domain}") and value != NOT_APPLICABLE:
                    share = SHARES.get(code, 1)
                    shares += share
                    seen += share * (value != UNKNOWN)
                    gained += share * (0 if value == UNKNOWN else value)
            if shares:
                total += weight
                points += weight * Fraction(gained) / shares
                known += weight * Fraction(seen, shares)
        self.raw = 100 * points / total if total else Fraction(0)
        self.coverage = known / total if total else Fraction(0)
        caps = self.find_caps()
        self.caps = sorted(caps)
        self.score = min([self.raw, *caps.values()])
        self.days = (self.go - self.on).days if self.go else None
        self.expected = None if self.days is None else expected_at(self.days)
        paused = self.deployment["stage"] in ("deferred", "stopped")
        if paused or self.pack.programme["state"] in ("paused", "stopped", "closed"):
            self.band = "paused"
        elif self.days is None:
            self.band = "unscheduled"
        elif self.score >= 90 and not caps:
            self.band = "ready"
        elif any(cap == 49 and code != "hazard_log_missing" for code, cap in caps.items()):
            self.band = "off_track"
        else:
            behind = self.expected - self.score
            self.band = "on_track" if behind <= 5 else "at_risk" if behind <= 15 else "off_track"


def score_pack(folder: Path, on: date) -> dict[str, SiteScore]:
    """Every deployment of the pack that is scored, by site."""
    pack = Pack(folder)
    return {row["site"]: SiteScore(pack, row, on) for row in pack["deployments"] if row["stage"] != "embedded"}
