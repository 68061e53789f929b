"""A mail server of its own: it speaks SMTP over a socket, keeps what it takes, and may refuse for a while."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail on a free port of this machine. While `away` it answers every sender 451: try again later."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.away = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    """One sender, from the greeting to QUIT (RFC 5321)."""

    server: MailServer

    def handle(self) -> None:
        self.say("220 mail.example.org")
        while line := self.rfile.readline().decode("ascii").strip():
            word = line[:4].upper()
            if word == "QUIT":
                self.say("221 bye")
                return
            if word == "MAIL" and self.server.away:
                self.say("451 try again later")
            elif word == "DATA":
                self.say("354 go on")
                self.take()
                self.say("250 taken")
            else:
                if word == "RCPT":
                    self.server.recipients.append(line.partition("<")[2].partition(">")[0])
                self.say("250 fine")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))

    def say(self, words: str) -> None:
        self.wfile.write(words.encode("ascii") + b"\r\n")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that runs inside."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
