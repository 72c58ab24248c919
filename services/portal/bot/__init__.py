"""The Telegram bot: what somebody changes from a chat, as others do on a page."""
