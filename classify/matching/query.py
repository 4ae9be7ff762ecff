"""What a page says about its patient, as it is compared with the patient list."""

from classify.demographics import Query

__all__ = ["Query"]
