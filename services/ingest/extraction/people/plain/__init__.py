"""The second look at whoever is named near an act: at the sentence without what it says of the people it names."""
