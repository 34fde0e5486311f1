"""A PDF with metadata of its own, and the same bytes for the same chart or page."""

from __future__ import annotations

import io
from collections.abc import Mapping


def labelled(pdf: bytes, information: Mapping[str, str], xmp: bytes) -> bytes:
    """Write a PDF of vl-convert's or Chromium's anew, with this information and metadata in place of its own.

    vl-convert numbers objects in an order that changes from one run to the next; qpdf numbers them as it reaches
    them, and sorts names. The packet of metadata (ISO 16684-1) stays readable for programs that know no PDF. A file
    that can't be read stays as it was.
    """
    import pikepdf
    from pikepdf import Dictionary, Name

    written = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            if "/Info" in document.trailer:
                del document.trailer["/Info"]
            # As UTF-16, so that no title looks like a packet of metadata.
            for name, text in information.items():
                if text:
                    document.docinfo[f"/{name}"] = pikepdf.String(
                        b"\xfe\xff" + text.encode("utf-16-be", "replace")
                    )
            document.Root.Metadata = document.make_stream(xmp, Type=Name.Metadata, Subtype=Name.XML)
            document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
            document.save(written, deterministic_id=True, fix_metadata_version=False)
    except pikepdf.PdfError:
        return pdf
    return written.getvalue()
