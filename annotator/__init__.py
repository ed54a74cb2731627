"""Tag each sentence of news by how it is offered to the reader.

>>> from annotator import Annotator
>>> annotator = Annotator()
>>> tagged = annotator.tag("The ministry said nine people were killed in the attack.")
>>> [label.label for label in tagged.labels.values()]
['attributed_claim']
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.engines.run import Scored
    from annotator.records import ScoredArticle
    from annotator.tag.tagger import Tagger

__all__ = ["DEFAULT_MODEL", "Annotator"]

DEFAULT_MODEL = "compact"


class Annotator:
    """A loaded model that scores folders and tags text.

    Parameters
    ----------
    model
        Name of a shipped model, or a model folder. Loaded on first use.
    device
        "cpu", "cuda" or "mps"; picked if None.
    """

    def __init__(
        self, model: str | Path = DEFAULT_MODEL, device: str | None = None
    ) -> None:
        self._model = model
        self._device = device
        self._tagger: Tagger | None = None

    @property
    def tagger(self) -> Tagger:
        """The model.

        Raises
        ------
        BadModel
            If it is missing, altered or too new.
        """
        if self._tagger is None:
            from annotator.tag.tagger import Tagger

            self._tagger = Tagger(self._model, self._device)
        return self._tagger

    def tag(self, text: str, title: str | None = None) -> ScoredArticle:
        """Tag a text, paragraphs separated by a newline; nothing is cleaned away.

        Returns
        -------
        ScoredArticle
            With `sentences`, `labels` (by sentence id), `attributions` and
            `loaded_terms`, whose spans point into `text`.

        Examples
        --------
        >>> tagged = Annotator().tag("Police closed the bridge. Reports say it fell.")
        >>> for sentence in tagged.sentences:
        ...     label = tagged.labels[sentence.sentence_id]
        ...     print(tagged.article.text[sentence.start : sentence.end], label.label)
        Police closed the bridge. reported_fact
        Reports say it fell. unverifiable_allegation
        """
        from annotator.pipeline import score_article
        from annotator.records import Article

        article = Article("text", "", text, title=title)
        return score_article(article, self.tagger)

    def score(
        self,
        *paths: str | Path,
        out: str | Path = "results",
        manifest: str | Path | None = None,
        outlet_from_folder: bool = False,
        aliases: str | Path | None = None,
        target_error: float | None = None,
    ) -> Scored:
        """Score files and folders into a results folder with its report.

        `target_error` flags whatever must be looked at for at most that share of the
        other labels to be wrong.

        Returns
        -------
        Scored
            `path` of the results folder, `progress` with counts, `profiles`.
            `annotator.store.read_results(path)` reads the rest back.

        Raises
        ------
        BadManifest
            If the manifest or alias table breaks its format.
        BadResults
            If `out` holds anything but results, or is being written.

        Examples
        --------
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     story = Path(folder, "story.txt")
        ...     _ = story.write_text("The bridge was closed on Monday morning.")
        ...     scored = Annotator().score(story, out=Path(folder, "results"))
        >>> scored.progress.articles, scored.progress.sentences
        (1, 1)
        """
        from annotator.engines.local import InProcess
        from annotator.engines.run import Job, score_paths
        from annotator.ingest import Options

        options = Options(
            manifest=Path(manifest) if manifest else None,
            outlet_from_folder=outlet_from_folder,
            aliases=Path(aliases) if aliases else None,
        )
        job = Job(paths, Path(out), options, target_error)
        with closing(InProcess(self.tagger)) as engine:
            return score_paths(job, engine)
