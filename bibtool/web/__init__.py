"""Pages of HTML and local sites: what all pages share, requests and responses without a socket, the library's pages."""
