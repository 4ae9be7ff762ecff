"""Second looks: samples of verified documents, blind second keying, and what they say of a lot and of a person."""
