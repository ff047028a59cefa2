"""Between the server and the pages: bodies are received whole, in time and within limits, or refused."""
