"""The top of the declarations: importing it declares every entity there is."""

from laelia.model import group_id, notification, other, record, summary

TOP = record.Record
BESIDE = (group_id, notification, other, summary)
"""What a record does not lead to."""
