"""Pages for officers, agencies, overseers and the public: parse, call a flow, render."""
