"""Turn the pages of a PDF into pictures, with PDFium."""

from typing import Any

import numpy as np


def count(path: str) -> int:
    """Return the number of pages.

    Raises:
        ValueError: it cannot be opened; the text completes a sentence about the file.
    """
    document = _opened(path)
    try:
        return len(document)
    finally:
        document.close()


def page(path: str, number: int, longest: int) -> np.ndarray:
    """Return a page as an array (H, W, 3) of bytes.

    Scripts, forms and attachments of the document are not used.

    Args:
        path: the file.
        number: the page, counted from 0.
        longest: pixels on the longer side of the picture.
    """
    document = _opened(path)
    try:
        one = document[number]
        width, height = one.get_size()
        if not (0 < width < 1e5 and 0 < height < 1e5):
            raise ValueError("has a page of an odd size")
        bitmap = one.render(
            scale=longest / max(width, height), may_draw_forms=False, rev_byteorder=True
        )
        pixels = bitmap.to_numpy()
        if pixels.ndim == 2:
            pixels = np.repeat(pixels[:, :, None], 3, axis=2)
        return np.ascontiguousarray(pixels[:, :, :3])
    finally:
        document.close()


def _opened(path: str) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        words = str(error).lower()
        if "password" in words or "security" in words:
            raise ValueError("is encrypted") from None
        raise ValueError("cannot be read as a PDF") from None
