"""Turn a picture into pixels, with Pillow."""

import numpy as np

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
MOST_PIXELS = 100_000_000


def picture(path: str, longest: int) -> np.ndarray:
    """Return a picture as an array (H, W, 3) of bytes, upright; of several frames the first.

    Args:
        path: the file.
        longest: the most pixels on the longer side.

    Raises:
        ValueError: it cannot be shown; the text completes a sentence about the file.
    """
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the size that the file states is checked here
    try:
        with Image.open(path, formats=FORMATS) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise ValueError(
                    f"has {width:,} × {height:,} pixels, and {MOST_PIXELS // 1_000_000} million "
                    "are shown; save it smaller"
                )
            image.draft("RGB", (longest, longest))
            image.thumbnail((longest, longest))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
            white = Image.new("RGBA", upright.size, "white")
            return np.asarray(Image.alpha_composite(white, upright).convert("RGB"))
    except ValueError:
        raise
    except (OSError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError):
        raise ValueError("cannot be read as a picture") from None
