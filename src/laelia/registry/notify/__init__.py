"""What is told to whom: members' notifications to a person, and callbacks to members on changes."""
