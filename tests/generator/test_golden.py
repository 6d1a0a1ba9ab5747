"""Golden records: what the generator makes of a small document, and what it says of each bad one.

After a wanted change, `RECORD=1 pytest tests/generator/test_golden.py` writes the records anew; read their diff.
"""

from __future__ import annotations

import os
import subprocess
import sys
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from generator import generate, stamp
from generator.problems import Refused

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
BAD = sorted((HERE / "bad").glob("*.yaml"))
RECORDING = bool(os.environ.get("RECORD"))


def recorded(folder: Path) -> dict[str, str]:
    """The code that the document shapes: the runtime and the licence are copies, and the stamp names versions."""
    copies = ("runtime/", "LICENSE", "README.md", stamp.NAME)
    files = stamp.files_in(folder)
    return {name: path.read_text("utf-8") for name, path in files.items() if not any(c in name for c in copies)}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client of the golden document."""
    folder = tmp_path_factory.mktemp("golden") / "client"
    with generate.generated(GOLDEN / "openapi.yaml", "golden") as fresh:
        fresh.rename(folder)
    return folder


def test_the_output_is_the_golden_record(client: Path) -> None:
    """Each file that the generator makes of the golden document is the committed one, byte by byte."""
    found = recorded(client)
    if RECORDING:
        for name, text in found.items():
            path = GOLDEN / "client" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    assert recorded(GOLDEN / "client") == found


def test_the_golden_client_type_checks(client: Path) -> None:
    """What comes of every construct together passes `mypy --strict`."""
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(client.parent / "cache"), "-p", "golden"]
    done = subprocess.run(command, cwd=client, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr), done.stdout


_UPLOADS = """
import io, sys
from golden import Client, File, Upload, UploadAbout, errors
with Client(sys.argv[1]) as client:
    about = UploadAbout(name="Größe")
    file, pages = b"--\\r\\n\\x00\\xff", [b"1", File(b"2", "second page.png")]
    client.upload(Upload(about=about, file=file, pages=pages, words=["a", "b"], count=1, hidden=True))
    client.upload(Upload(about=about, file=bytearray(b"")))
    named = File(file, 'my "1"\\r\\n.txt', "text/plain; charset=utf-8")
    client.upload(Upload(about=about, file=named, logo=b"P", pages=[File(b"", media_type="image/gif")]))
    for wrong in (
        lambda: Upload(about=about, file=file, pages=[b""] * 3),
        lambda: Upload(about=about, file="text"),
        lambda: Upload(about=about, file=io.BytesIO(b"")),
        lambda: File("text"),
        lambda: File(b"", " "),
        lambda: File(b"", "a", "image/png\\r\\nX-More: 1"),
    ):
        try:
            client.upload(wrong())
        except errors.InvalidRequest as error:
            print(error)
    print(File(bytes(2000), "a"))
"""

_REFUSED = """\
pages is [b'', b'', b'']; it must be a list of at most 2 items
file is 'text'; it must be bytes or a File
the request body cannot be sent: Encoding objects of type _io.BytesIO is unsupported; a file is sent as bytes or a File
a file's content is a str; it must be bytes, as in File(path.read_bytes())
a file's name is ' '; it must be text such as logo.png
a file's media type is 'image/png\\r\\nX-More: 1'; it must be text such as image/png
File(2,000 bytes, name='a', media_type=None)
"""


def test_a_multipart_body_arrives_in_its_parts(client: Path) -> None:
    """A server that reads parts as mail does finds each under its name, in order; a bound is held before sending."""
    asked: list[list[tuple[str | None, str | None, str, bytes]]] = []

    class Answers(_Silent):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            mail = message_from_bytes(f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode() + raw)
            asked.append([_part(part) for part in mail.get_payload()])  # type: ignore[arg-type]
            self.send_response(204)
            self.end_headers()

    done = _run_against(Answers, client, _UPLOADS)
    octets = "application/octet-stream"
    about = ("about", None, "application/json", '{"name":"Größe"}'.encode())
    assert [
        about,
        ("file", "file", octets, b"--\r\n\x00\xff"),
        ("pages", "pages", octets, b"1"),
        ("pages", "second page.png", octets, b"2"),
        ("words", None, "text/plain", b"a"),
        ("words", None, "text/plain", b"b"),
        ("count", None, "text/plain", b"1"),
        ("hidden", None, "text/plain", b"true"),
    ] == asked[0]
    assert [about, ("file", "file", octets, b"")] == asked[1]
    assert [
        about,
        ("file", "my %221%22%0D%0A.txt", "text/plain", b"--\r\n\x00\xff"),
        ("pages", "pages", "image/gif", b""),
        ("logo", "logo", "image/png", b"P"),
    ] == asked[2]
    assert ("", _REFUSED) == (done.stderr, done.stdout)
    assert 3 == len(asked)


_RIGHTS = """
import sys
from datetime import datetime, timezone
from golden import Client, errors
with Client(sys.argv[1]) as client:
    for since in (1, 2):
        try:
            thing = client.get_parts("a", [1], since=datetime(since, 1, 1, tzinfo=timezone.utc))
            print(thing.rights, thing.sides[0].side, thing.sides[0].name, thing.loose, thing.anything)
        except errors.Error as error:
            print(type(error).__name__)
"""


def test_a_map_with_known_keys_holds_the_others_too(client: Path) -> None:
    """What the document names of a map, and what it does not, comes back under its key; a wrong type is told."""

    class Answers(_Silent):
        def do_GET(self) -> None:
            other = b"1" if "since=0002" in self.path else b'"o"'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            more = b'"sides": [{"side": 1, "name": "n"}], "loose": [3], "anything": {"a": null}'
            self.wfile.write(
                b'{"id": "a", "kind": "big", "votes": {}, "rights": {"read": "r", "x": %s}, %s}' % (other, more)
            )

    done = _run_against(Answers, client, _RIGHTS)
    right = "{'read': 'r', 'x': 'o'} 1.0 n [3] {'a': None}"
    assert ("", [right, "WrongShape"]) == (done.stderr, done.stdout.splitlines())


class _Silent(BaseHTTPRequestHandler):
    """A server that says nothing of what it answers."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _run_against(answers: type[BaseHTTPRequestHandler], client: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code that uses the client, in a process of its own, against a server of these answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        words = [sys.executable, "-c", code, f"http://127.0.0.1:{server.server_port}"]
        done = subprocess.run(words, cwd=client, capture_output=True, text=True, check=False)
        server.shutdown()
    return done


def _part(part: Message) -> tuple[str | None, str | None, str, bytes]:
    """Name, file name, media type and bytes of a part."""
    name = part.get_param("name", header="content-disposition")
    return str(name), part.get_filename(), part.get_content_type(), part.get_payload(decode=True)  # type: ignore[return-value]


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_a_bad_document_is_refused_as_recorded(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each bad document is refused with the place, what is wrong there and what would be right; nothing is written."""
    monkeypatch.chdir(path.parent)
    with pytest.raises(Refused) as refusal, generate.generated(Path(path.name), "bad"):
        pass
    snapshot = path.with_suffix(".txt")
    if RECORDING:
        snapshot.write_text(f"{refusal.value}\n", encoding="utf-8")
    assert snapshot.read_text(encoding="utf-8") == f"{refusal.value}\n"
    assert "Traceback" not in str(refusal.value)
