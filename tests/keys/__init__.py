"""The key process: what it gives, to whom, and against which proof."""
