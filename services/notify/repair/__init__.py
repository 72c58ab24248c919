"""What a person does when something was not sent: replay, redrive, hasten; and a store that was emptied."""
