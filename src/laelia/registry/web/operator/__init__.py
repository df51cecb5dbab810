"""The pages of those who operate the registry. None of them shows a secret."""
