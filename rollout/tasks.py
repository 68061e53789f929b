"""Celery tasks of the base package: thin, and safe to lose, to double and to run late."""

import logging

from celery import shared_task

from rollout.services.once import forget_old_submissions
from rollout.services.sealing import newest_digest, seal_trail
from rollout.services.sign_in import forget_old_sign_ins

logger = logging.getLogger(__name__)


@shared_task(name="rollout.tasks.tidy")
def tidy() -> None:
    """Forget what no rule reads any more: old log-ins, forms sent long ago."""
    logger.info("tidied %s rows of old log-ins", forget_old_sign_ins())
    logger.info("tidied %s forms sent long ago", forget_old_submissions())


@shared_task(name="rollout.tasks.seal_audit")
def seal_audit() -> None:
    """Seal what can no longer change of the audit trail. The log holds the newest, out of the database's reach."""
    if entries := seal_trail():
        logger.info("sealed %s audit entries: %s", entries, newest_digest())
