"""The story, played: four services as processes, their pages and APIs over HTTP, nothing else."""
