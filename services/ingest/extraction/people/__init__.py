"""Who is named in a text, who of them it is about, and how many they are."""
