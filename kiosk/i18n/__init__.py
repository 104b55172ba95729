"""Words: the catalogue and how money, dates and lists read in each language."""

from kiosk.i18n.catalogue import Catalogue, CatalogueError

__all__ = ["Catalogue", "CatalogueError"]
