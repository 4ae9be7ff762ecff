"""Who is signed in, and the end of a session: by a button, or because nobody is here."""
