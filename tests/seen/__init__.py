"""What a test run lets out: addresses, titles, error pages, mails and logs, kept and searched for people."""
