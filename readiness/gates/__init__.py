"""What a gate asks: the figures as they stand, the rule table that judges them, and both in words."""

from readiness.gates.facts import GateFacts
from readiness.gates.rules import Effect, Finding, Said, Verdict, judge_gate

__all__ = ["Effect", "Finding", "GateFacts", "Said", "Verdict", "judge_gate"]
