"""What a message says: composed as an alert, in the words of a language, rendered by templates."""
