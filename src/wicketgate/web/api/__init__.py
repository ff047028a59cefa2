"""The agencies' API: typed operations over `flow.api` and `flow.agency`; OpenAPI 3.1 is made from them."""
