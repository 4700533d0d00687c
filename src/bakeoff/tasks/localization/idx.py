"""Canvases of the user's own digits, in files of MNIST's format."""

from typing import Any

from bakeoff.images.idx_folder import IdxFolder
from bakeoff.tasks.localization.data import LocalizationData


class IdxData(LocalizationData):
    """Canvases of the digits in `folder`: `LocalizationData` with an `IdxFolder` as its source."""

    files = staticmethod(IdxFolder.files)

    def __init__(self, folder: str, val: float, pixels: float, **canvas: Any) -> None:
        super().__init__(source=IdxFolder(folder, val, pixels), **canvas)
