"""What an agency's system may ask over the API: who speaks, how often, once; and each act in one file."""
