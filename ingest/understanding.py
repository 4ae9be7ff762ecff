"""What the machine makes of pages, with the trained document-type model that is in use."""

import logging

from sqlmodel import Session

from classify.guess import DocumentGuess
from classify.index import index_pages
from classify.profile import Profile
from classify.wordmodel import ModelUnusable, WordModel
from ocr.page import OcrPage
from storage.foundation.home import Home
from storage.learning import models
from storage.roster.lookup import StoredRoster

log = logging.getLogger("chartroom.understanding")


class Understanding:
    """The profile of a site and the model in use, opened once a version."""

    def __init__(self, home: Home, profile: Profile) -> None:
        self._home, self._profile = home, profile
        self._model: tuple[int | None, WordModel | None] = (None, None)

    def model(self, session: Session) -> tuple[int | None, WordModel | None]:
        """The trained document-type model that is used now, and its number; None for both while the rules are used alone."""
        model_id = models.current_id(session)
        if model_id != self._model[0]:
            try:
                self._model = models.current(session, self._home.vault)
            except ModelUnusable:
                log.warning(
                    "type model %s cannot be used; run 'chartroom train'. Only the built-in rules are used.", model_id
                )
                self._model = (model_id, None)
        return self._model

    def index(self, session: Session, pages: list[OcrPage]) -> DocumentGuess:
        """What the machine makes of pages that are known to be one document."""
        return index_pages(pages, StoredRoster(session), self._profile, self.model(session)[1])
