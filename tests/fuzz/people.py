"""What people and models put in that is no file of ours: attachments, pictures, what is said of answers, ballots."""

from __future__ import annotations

import io
import struct
import zlib

from hypothesis import strategies as st
from PIL import Image

from prompts.core.feedback import Mark, MarkError, checked, checked_description, spelled
from prompts.votes.ballots import About, Candidate, made
from prompts.votes.votes import Ballot, VoteError
from providers.files import intake, text_files
from providers.files.bare_picture import DamagedError
from providers.files.pictures import TooManyPixelsError
from providers.files.remade import remade, why
from tests.fuzz.mutating import mutated, mutated_text
from tests.fuzz.readers import Reader
from tests.fuzz.rows import CASES
from tests.pictures import moving, of_one_colour, picture, swapped_profile
from tests.prompts.samples import NOW


def _huge() -> bytes:
    """A PNG of a few bytes that says it has two thousand million dots."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 45_000, 45_000, 8, 2, 0, 0, 0)
    chunks = (head, b"IDAT" + zlib.compress(bytes(9)), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks
    )


MAIL = (
    b"From: Ada <ada@example.org>\nSubject: =?utf-8?q?Hello?=\nDate: Sat, 28 Nov 2026 09:30:00 +0000\n"
    b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n"
    b'Content-Transfer-Encoding: quoted-printable\n\nHello=20you\n--b\nContent-Type: image/png; name="a.png"\n'
    b"Content-Disposition: attachment; filename*=utf-8''a%20b.png\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n"
)
PDF = (
    b"%PDF-1.7\n1 0 obj <</Type /Pages /Count 3>> endobj\n2 0 obj <</Type /ObjStm /N 1>> stream\nx\nendstream\n"
    b"trailer <</Root 1 0 R /Encrypt 9 0 R>>\nstartxref\n0\n%%EOF"
)
PICTURES = tuple(picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP"))
DRAWN = (
    *PICTURES, picture("JPEG", orientation=6, place=True),
    moving(4), moving(2, b"a comment"), of_one_colour("CMYK", (9, 9, 9, 9), "JPEG"), of_one_colour("I;16", 900),
    of_one_colour("P", 3, transparency=3), of_one_colour("RGB", (1, 2, 3), icc_profile=swapped_profile()),
    picture("PNG") + b"PK\x03\x04" + bytes(60), b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", _huge(),
)  # fmt: skip
SAID = mutated_text("Short, and right.", "worth keeping", "e" + "\u0301" * 400, "\u202egnp.exe", "=1+1", "x" * 6000)


def _draw(data: bytes) -> None:
    """Whatever came, a browser gets a still picture of one of three kinds, with nothing beside its pixels."""
    try:
        made_anew = remade(data)
    except (DamagedError, TooManyPixelsError) as exc:
        raise DamagedError(why(exc)) from exc
    with Image.open(io.BytesIO(made_anew.data)) as image:
        image.load()
        assert image.format in ("PNG", "JPEG", "WEBP")
        assert image.size == (made_anew.width, made_anew.height)
        assert not image.getexif()
        assert "xmp" not in image.info
        assert "comment" not in image.info


def _say(given: tuple[str, list[str]]) -> None:
    note, tags = given
    assert checked(Mark(note=note)).note == note.strip()
    assert "\n" not in checked_description(note)
    once = spelled(tags, ["Worth keeping"])
    assert spelled(once, once) == once, "what was spelled once stays so"


def _ballot(given: tuple[str, str]) -> Ballot:
    name, task = given
    answers = [Candidate("case", f"model {n}", f"openai:m{n}", str(n)) for n in range(2)]
    return made(About("b", NOW, name, task), answers)


PEOPLE = (
    Reader(
        "files, pictures and PDFs",
        mutated(*PICTURES, PDF, PDF + PICTURES[0], PICTURES[1] + PDF),
        lambda data: intake.take("../a.png", data),
        (intake.FileError,),
    ),
    Reader(
        "files, text and mail",
        st.tuples(st.sampled_from(["a.txt", "a.csv", "a.eml"]), mutated(MAIL, *CASES)),
        lambda given: text_files.read(*given).quoted,
        (intake.FileError,),
    ),
    Reader("pictures, drawn", mutated(*DRAWN, noise=False), _draw, (DamagedError,)),
    Reader("notes, descriptions and tags", st.tuples(SAID, st.lists(SAID, max_size=4)), _say, (MarkError,)),
    Reader("ballots", st.tuples(SAID, SAID), _ballot, (VoteError,)),
)
