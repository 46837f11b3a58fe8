"""Nothing goes wrong unseen: what a browser complains about fails the test that it ran in."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

#: What a browser says when the person leaves a page that is still loading.
LEFT = "net::ERR_ABORTED"
NO_NET = "net::ERR_INTERNET_DISCONNECTED"
#: Said beside every answer of class 4xx; the answers themselves are looked at.
FAILED = "Failed to load resource"


class Watch:
    """Listens to whole contexts, frames and new tabs included.

    Collected in ``complaints``: a breach of the content security policy and every other error
    in the console, an exception in a script, a request that failed, an answer of class 4xx or
    5xx that was not expected, and every request to a foreign host.
    """

    def __init__(self, host: str) -> None:
        self.host = host
        self.hosts = {host}  # of ours, and which the test means to leave for
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.expected: set[int] = set()
        self.failures = {LEFT}

    def expect(self, *statuses: int) -> None:
        """The test means to be refused with one of these."""
        self.expected.update(statuses)

    def expect_no_net(self) -> None:
        """The test takes the net away: a request that fails for that is no complaint."""
        self.failures.add(NO_NET)

    def expect_host(self, host: str) -> None:
        """The test means to leave for this host, too."""
        self.hosts.add(host)

    def follow(self, context: BrowserContext) -> None:
        """Listen to this context from now on."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self._complain(f"exception: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def _complain(self, text: str) -> None:
        self.complaints.append(text)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(FAILED):
            where = message.page.url if message.page else "?"
            self._complain(f"console of {where}: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        self.requests.append(f"{request.method} {request.url}")
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc not in self.hosts:
            self._complain(f"foreign host: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure not in self.failures:
            self._complain(f"{request.failure}: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self._complain(f"{response.status}: {response.request.method} {response.url}")
