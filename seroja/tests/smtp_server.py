"""A mail server for tests: keeps what it takes, refuses whom it is told to, and can stop in the middle."""

import asyncio
import socket
import threading
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

PATIENCE = 60  # seconds that anybody waits for anybody


class MailServer:
	"""Listens on a free port of this machine until `stop`."""

	def __init__(self):
		self.reset()
		self.port = free_port()
		self.controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=PATIENCE)
		self.controller.start()

	def reset(self) -> None:
		"""An empty mailbox that takes everything. stop_at: number of the mail at which to stop, by `stopping`."""
		self.mails, self.refusals = [], {}
		self.seen, self.stop_at, self.stopping = 0, None, self.hold
		self.reached, self.released = threading.Event(), threading.Event()

	def stop(self) -> None:
		self.released.set()
		self.controller.stop()

	def of(self, address: str) -> list:
		"""The mails that a person got."""
		return [mail for recipient, mail in self.mails if recipient == address]

	@property
	def recipients(self) -> list[str]:
		return sorted(recipient for recipient, _mail in self.mails)

	# --- at the n-th mail ---

	async def hold(self, server) -> None:
		"""Neither take nor refuse it until the test says so."""
		self.reached.set()
		await asyncio.to_thread(self.released.wait, PATIENCE)

	async def hang_up(self, server) -> None:
		server.transport.close()

	# --- what aiosmtpd calls ---

	async def handle_RCPT(self, server, session, envelope, address, options) -> str:
		if address in self.refusals:
			return self.refusals[address]
		envelope.rcpt_tos.append(address)
		return "250 OK"

	async def handle_DATA(self, server, session, envelope) -> str:
		self.seen += 1
		mail = message_from_bytes(envelope.content, policy=policy.default)
		self.mails += [(address, mail) for address in envelope.rcpt_tos]
		if self.seen == self.stop_at:
			await self.stopping(server)
		return "250 OK"


def free_port() -> int:
	"""A port on which nobody listens."""
	with socket.socket() as found:
		found.bind(("127.0.0.1", 0))
		return found.getsockname()[1]
