"""One module per generated page: a function of the code that returns the page's text."""
